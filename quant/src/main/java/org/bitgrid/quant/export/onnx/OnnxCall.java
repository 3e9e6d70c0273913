package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * One operator while it is being written as ONNX steps: names of its inputs, shapes with two batch sizes, and means to
 * add steps. Sizes that differ between the two runs depend on the batch size.
 */
final class OnnxCall {
    /** Finds a step's sizes in the sizes of tensors that are there already. */
    interface SizeFinder {
        /** Name of a one-element INT64 tensor that is {@code first} in the one run and {@code second} in the other. */
        String find(String scope, long first, long second);
    }

    private final OnnxGraphBuilder builder;
    private final String scope;
    private final List<String> inputs;
    private final OnnxRecording.Step step;
    private final OnnxRecording.Step other;
    private final SizeFinder sizes;

    OnnxCall(OnnxGraphBuilder builder, String scope, List<String> inputs, OnnxRecording.Step step,
             OnnxRecording.Step other, SizeFinder sizes) {
        this.builder = builder;
        this.scope = scope;
        this.inputs = inputs;
        this.step = step;
        this.other = other;
        this.sizes = sizes;
    }

    int inputCount() {
        return inputs.size();
    }

    String input(int index) {
        return inputs.get(index);
    }

    List<String> inputs() {
        return inputs;
    }

    TensorSpec spec(int input) {
        return step.inputs().get(input).spec();
    }

    Shape shape(int input) {
        return spec(input).shape();
    }

    int rank(int input) {
        return shape(input).rank();
    }

    TensorSpec outputSpec() {
        return step.outputs().get(0).spec();
    }

    /** The operator as the run with the other batch size had it. */
    Object otherOp() {
        return other.op();
    }

    /** {@code axis} counted from the start. */
    long axis(int input, int axis) {
        return shape(input).checkedAxis(step.op().name(), axis);
    }

    /** All dimensions where none are named, else each counted from the start. */
    List<Long> axes(int input, List<Integer> axes) {
        List<Long> all = new ArrayList<>();
        if (axes.isEmpty()) {
            for (long i = 0; i < rank(input); i++) {
                all.add(i);
            }
        } else {
            axes.forEach(axis -> all.add(axis(input, axis)));
        }
        return all;
    }

    /** A step with one output. Attributes are names and values in turn. */
    String add(String type, List<String> from, Object... attributes) {
        return builder.add(scope, type, from, attributes);
    }

    /** A step with several outputs. */
    List<String> addMany(String type, int outputs, List<String> from, Object... attributes) {
        return builder.addMany(scope, type, outputs, from, attributes);
    }

    /** A step of one tensor. */
    String add(String type, String from, Object... attributes) {
        return add(type, List.of(from), attributes);
    }

    String constant(Tensor value) {
        return builder.constant(scope, value);
    }

    /** A number without dimensions. */
    String scalar(double value, DType type) {
        return constant(Tensors.full(Shape.SCALAR, value, type));
    }

    /** INT64 numbers in one dimension. */
    String integers(List<Long> values) {
        return constant(Tensors.of(values.stream().mapToLong(Long::longValue).toArray(), values.size()));
    }

    String integers(long... values) {
        return integers(Arrays.stream(values).boxed().toList());
    }

    /** The tensor as elements of this type. */
    String cast(String tensor, DType from, DType to) {
        return from == to ? tensor : add("Cast", tensor, "to", (long) OnnxType.of(to).number());
    }

    /** Input as elements of this type. */
    String castInput(int input, DType to) {
        return cast(inputs.get(input), spec(input).dtype(), to);
    }

    /** Whether size {@code axis} of the output depends on the batch size. */
    boolean outputVaries(int axis) {
        return outputSpec().shape().dim(axis) != other.outputs().get(0).spec().shape().dim(axis);
    }

    /** Whether size {@code axis} of an input depends on the batch size. */
    boolean inputVaries(int input, int axis) {
        return shape(input).dim(axis) != other.inputs().get(input).spec().shape().dim(axis);
    }

    /** A one-element INT64 tensor that is a size in both runs. */
    String size(long first, long second) {
        return sizes.find(scope, first, second);
    }

    /** The output's shape as an INT64 tensor, for Reshape: -1 stands for a single size that varies. */
    String outputShapeForReshape() {
        return targetShape(outputSpec().shape(), other.outputs().get(0).spec().shape(), true);
    }

    /** The output's shape as an INT64 tensor. */
    String outputShape() {
        return targetShape(outputSpec().shape(), other.outputs().get(0).spec().shape(), false);
    }

    /** A shape that may depend on the batch size as an INT64 tensor. */
    String targetShape(Shape first, Shape second, boolean mayInfer) {
        return targetShape(first, second, mayInfer, builder, scope, sizes);
    }

    static String targetShape(Shape first, Shape second, boolean mayInfer, OnnxGraphBuilder builder, String scope,
                              SizeFinder sizes) {
        List<Long> fixed = new ArrayList<>();
        List<Integer> varying = new ArrayList<>();
        for (int i = 0; i < first.rank(); i++) {
            fixed.add((long) first.dim(i));
            if (first.dim(i) != second.dim(i)) {
                varying.add(i);
            }
        }
        if (varying.size() == 1 && mayInfer && fixed.stream().noneMatch(size -> size == 0)) {
            fixed.set(varying.get(0), -1L);
            varying.clear();
        }
        if (varying.isEmpty()) {
            return builder.constant(scope, Tensors.of(fixed.stream().mapToLong(Long::longValue).toArray(),
                    fixed.size()));
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < first.rank(); i++) {
            parts.add(varying.contains(i) ? sizes.find(scope, first.dim(i), second.dim(i))
                    : builder.constant(scope, Tensors.of(new long[] {first.dim(i)}, 1)));
        }
        return parts.size() == 1 ? parts.get(0) : builder.add(scope, "Concat", parts, "axis", 0L);
    }
}

package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.graph.GraphException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Rebindable;
import org.bitgrid.tensor.op.Repeat;

/** Turns two recordings of one module, with different batch sizes, into one graph. */
final class OnnxTranslation implements OnnxCall.SizeFinder {
    private final OnnxRecording first;
    private final OnnxRecording second;
    private final Map<String, Tensor> replaced;
    private final OnnxGraphBuilder builder = new OnnxGraphBuilder();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, TensorSpec> otherSpecs = new HashMap<>();
    private final Map<List<Object>, String> sizes = new HashMap<>();
    private final List<OnnxRecording.Value> known = new ArrayList<>();

    OnnxTranslation(OnnxRecording first, OnnxRecording second, Map<String, Tensor> replaced) {
        this.first = first;
        this.second = second;
        this.replaced = replaced;
    }

    /** The whole graph. */
    OnnxGraph graph(String name) {
        if (first.steps().size() != second.steps().size()) {
            throw new GraphException("onnx export: the model does other steps for another batch size; got "
                    + first.steps().size() + " and " + second.steps().size() + " steps; do the same for every one");
        }
        List<OnnxValue> inputs = new ArrayList<>();
        for (int i = 0; i < first.inputs().size(); i++) {
            OnnxRecording.Value input = first.inputs().get(i);
            String inputName = OnnxWriter.numbered("input", i, first.inputs().size());
            define(input, second.inputs().get(i), inputName);
            inputs.add(value(inputName, input.spec(), second.inputs().get(i).spec()));
        }
        for (int i = 0; i < first.steps().size(); i++) {
            step(first.steps().get(i), second.steps().get(i));
        }
        List<OnnxValue> outputs = outputs();
        return builder.build(name, inputs, outputs);
    }

    private void step(OnnxRecording.Step step, OnnxRecording.Step other) {
        String scope = OnnxGraphBuilder.scope(step.scope());
        checkSame(step, other);
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < step.inputs().size(); i++) {
            inputs.add(name(step.inputs().get(i), other.inputs().get(i), scope));
        }
        List<String> outputs = OnnxOps.write(step.op(), new OnnxCall(builder, scope, inputs, step, other, this));
        for (int i = 0; i < outputs.size(); i++) {
            define(step.outputs().get(i), other.outputs().get(i), outputs.get(i));
        }
    }

    private static void checkSame(OnnxRecording.Step step, OnnxRecording.Step other) {
        Op a = step.op();
        Op b = other.op();
        boolean same = a.equals(b) || a.getClass() == b.getClass() && (a instanceof Rebindable || a instanceof Fill
                || a instanceof Repeat);
        if (!same) {
            throw new GraphException("onnx export: operator " + a.name() + " depends on the batch size in a way that"
                    + " ONNX cannot express; got " + a + " and " + b + " for two batch sizes"
                    + (step.scope().isEmpty() ? "" : " in module " + step.scope()));
        }
    }

    private void define(OnnxRecording.Value value, OnnxRecording.Value other, String name) {
        names.put(value.id(), name);
        otherSpecs.put(value.id(), other.spec());
        known.add(value);
    }

    /** What a tensor is called; parameters and constants become part of the graph at their first use. */
    private String name(OnnxRecording.Value value, OnnxRecording.Value other, String scope) {
        String name = names.get(value.id());
        if (name == null) {
            if (value.source() == OnnxRecording.Source.PARAMETER) {
                name = builder.initializer(value.path(), replaced.getOrDefault(value.path(), value.tensor()));
            } else if (value.source() == OnnxRecording.Source.CONSTANT) {
                name = constant(value.tensor(), other.tensor(), scope);
            } else {
                throw new GraphException("onnx export: an operator's second result is used that ONNX does not give; got"
                        + " shape " + value.spec().shape() + " in " + (scope.isEmpty() ? "the model" : scope));
            }
            names.put(value.id(), name);
        }
        return name;
    }

    private String constant(Tensor value, Tensor other, String scope) {
        if (value.spec().shape().equals(other.spec().shape())) {
            if (!Arrays.equals(value.toDoubleArray(), other.toDoubleArray())) {
                throw new GraphException("onnx export: a constant depends on the batch size or on chance; got "
                        + value.spec().shape() + " in " + (scope.isEmpty() ? "the model" : scope));
            }
            return builder.constant(scope, value);
        }
        Tensor slice = slice(value, other);
        if (slice == null) {
            throw new GraphException("onnx export: the size of a constant depends on the batch size; got "
                    + value.spec().shape() + " and " + other.spec().shape() + " in "
                    + (scope.isEmpty() ? "the model" : scope) + "; compute it from the input instead");
        }
        String element = builder.constant(scope, slice);
        String shape = OnnxCall.targetShape(value.spec().shape(), other.spec().shape(), false, builder, scope, this);
        return builder.add(scope, "Expand", List.of(element, shape));
    }

    /** What both tensors repeat along the dimensions in which they differ, with 1 for these; null when they do not. */
    private static Tensor slice(Tensor value, Tensor other) {
        Shape shape = value.spec().shape();
        if (shape.rank() != other.spec().shape().rank() || value.numel() == 0 || other.numel() == 0) {
            return null;
        }
        Tensor slice = value;
        for (int i = 0; i < shape.rank(); i++) {
            if (shape.dim(i) != other.spec().shape().dim(i)) {
                slice = slice.slice(i, 0, 1);
            }
        }
        boolean repeats = Arrays.equals(slice.expand(shape.toArray()).toDoubleArray(), value.toDoubleArray())
                && Arrays.equals(slice.expand(other.spec().shape().toArray()).toDoubleArray(), other.toDoubleArray());
        return repeats ? slice : null;
    }

    @Override
    public String find(String scope, long a, long b) {
        for (OnnxRecording.Value value : known) {
            Shape shape = value.spec().shape();
            Shape other = otherSpecs.get(value.id()).shape();
            for (int axis = 0; axis < shape.rank(); axis++) {
                long left = shape.dim(axis);
                long right = other.dim(axis);
                if (left != right && left != 0 && a % left == 0 && a / left * right == b) {
                    return size(value, axis, a / left, scope);
                }
            }
        }
        throw new GraphException("onnx export: a size depends on the batch size in a way that cannot be written; got "
                + a + " and " + b + " for two batch sizes in " + (scope.isEmpty() ? "the model" : scope)
                + "; compute it from size(i) of a tensor");
    }

    private String size(OnnxRecording.Value value, int axis, long factor, String scope) {
        List<Object> key = List.of(value.id(), axis, factor);
        String name = sizes.get(key);
        if (name == null) {
            name = builder.add(scope, "Shape", List.of(names.get(value.id())), "start", (long) axis, "end", axis + 1L);
            if (factor != 1) {
                String number = builder.constant(scope, Tensors.of(new long[] {factor}, 1));
                name = builder.add(scope, "Mul", List.of(name, number));
            }
            sizes.put(key, name);
        }
        return name;
    }

    /** Calls the outputs by their names; one that is an input, a weight or another output gets a step of its own. */
    private List<OnnxValue> outputs() {
        List<OnnxValue> outputs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        first.inputs().forEach(input -> taken.add(names.get(input.id())));
        for (int i = 0; i < first.outputs().size(); i++) {
            OnnxRecording.Value value = first.outputs().get(i);
            OnnxRecording.Value other = second.outputs().get(i);
            String name = name(value, other, "");
            if (!taken.add(name) || builder.isInitializer(name)) {
                name = builder.add("", "Identity", List.of(name));
            }
            String outputName = OnnxWriter.numbered("output", i, first.outputs().size());
            builder.rename(name, outputName);
            outputs.add(value(outputName, value.spec(), other.spec()));
        }
        return outputs;
    }

    private static OnnxValue value(String name, TensorSpec spec, TensorSpec other) {
        List<Object> dims = new ArrayList<>();
        DType type = spec.dtype();
        for (int i = 0; i < spec.shape().rank(); i++) {
            long size = spec.shape().dim(i);
            if (size == other.shape().dim(i)) {
                dims.add(size);
            } else {
                dims.add(i == 0 ? "batch" : name + "_dim" + i);
            }
        }
        return new OnnxValue(name, OnnxType.of(type), dims);
    }

    /** What goes in and out of the modules, by final names. */
    List<OnnxExport.ModuleTensors> moduleTensors() {
        List<OnnxExport.ModuleTensors> all = new ArrayList<>();
        for (OnnxRecording.Call call : first.calls()) {
            all.add(new OnnxExport.ModuleTensors(call.path(),
                    call.arguments().stream().map(this::finalName).toList(),
                    call.outputs().stream().map(this::finalName).toList(), call.endStep() > call.firstStep()));
        }
        return all;
    }

    private String finalName(OnnxRecording.Value value) {
        return value == null ? "" : builder.finalName(names.getOrDefault(value.id(), ""));
    }
}

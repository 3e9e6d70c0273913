package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * Folds dimensions into one number each.
 *
 * @param axes    dimensions to fold, negative ones count from the end; empty means all
 * @param keepDim whether folded dimensions stay, with size 1
 */
public record Reduce(Kind kind, List<Integer> axes, boolean keepDim) implements Op {
    /** How numbers are folded. */
    public enum Kind {
        SUM("sum"), MEAN("mean"), AMAX("amax"), AMIN("amin");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    public Reduce {
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return kind.label;
    }

    /** Whether dimension i is folded, for every i. */
    public boolean[] folded(Shape shape) {
        boolean[] folded = new boolean[shape.rank()];
        for (int axis : axes) {
            int index = shape.checkedAxis(kind.label, axis);
            if (shape.rank() == 0) {
                continue;
            }
            if (folded[index]) {
                throw new ShapeException(kind.label, "dimension " + index + " is named twice; got " + axes);
            }
            folded[index] = true;
        }
        if (axes.isEmpty()) {
            Arrays.fill(folded, true);
        }
        return folded;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(0);
        Shape shape = x.shape();
        boolean[] folded = folded(shape);
        List<Integer> kept = new ArrayList<>();
        long count = 1;
        for (int i = 0; i < folded.length; i++) {
            if (folded[i]) {
                count *= shape.dim(i);
            }
            if (!folded[i] || keepDim) {
                kept.add(folded[i] ? 1 : shape.dim(i));
            }
        }
        if (count == 0 && (kind == Kind.AMAX || kind == Kind.AMIN)) {
            throw new ShapeException(kind.label, "nothing to compare: the folded dimensions hold no elements; got "
                    + shape);
        }
        DType type = x.dtype();
        if (kind == Kind.MEAN && !type.isFloating()) {
            throw new DTypeException("mean", "elements must be floating point; got " + type
                    + "; cast them with .to(DType.FLOAT32)");
        }
        if (kind == Kind.SUM && !type.isFloating()) {
            type = DType.INT64;
        }
        int[] dims = kept.stream().mapToInt(Integer::intValue).toArray();
        return List.of(new TensorSpec(Shape.of(dims), type, x.device()));
    }

    @Override
    public Reads reads() {
        return kind == Kind.AMAX || kind == Kind.AMIN ? Reads.inputs(0).andOutputs(0) : Reads.NOTHING;
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        Tensor grad = unfold(context.gradOutput(), shape);
        return new Tensor[] {switch (kind) {
            case SUM -> grad.expand(shape.toArray());
            case MEAN -> grad.div((double) reductionLength(List.of(context.inputSpec(0)))).expand(shape.toArray());
            case AMAX, AMIN -> {
                // Equal extremes share the gradient evenly, as torch.amax does.
                Tensor ties = context.input(0).eq(unfold(context.output(0), shape)).to(grad.dtype());
                List<Integer> all = foldedAxes(shape);
                yield ties.mul(grad).div(all.isEmpty() ? ties : ties.sum(all, true));
            }
        }};
    }

    private List<Integer> foldedAxes(Shape shape) {
        boolean[] folded = folded(shape);
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < folded.length; i++) {
            if (folded[i]) {
                all.add(i);
            }
        }
        return all;
    }

    /** Gives the folded dimensions back, with size 1. */
    private Tensor unfold(Tensor folded, Shape shape) {
        int[] dims = shape.toArray();
        boolean[] gone = folded(shape);
        for (int i = 0; i < dims.length; i++) {
            dims[i] = gone[i] ? 1 : dims[i];
        }
        return folded.reshape(dims);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape shape = inputs.get(0).shape();
        boolean[] folded = folded(shape);
        long length = 1;
        for (int i = 0; i < folded.length; i++) {
            length *= folded[i] ? shape.dim(i) : 1;
        }
        return length;
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch." + kind.label);
        if (!axes.isEmpty()) {
            call = call.with(axes.size() == 1 ? axes.get(0) : (Object) axes);
        }
        return keepDim ? call.keyword("keepdim", true) : call;
    }
}

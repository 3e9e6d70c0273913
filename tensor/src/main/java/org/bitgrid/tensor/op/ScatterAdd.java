package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x, index (INT64 or INT32), source of the same rank -> x with each source element that has an index added at its own
 * place, the coordinate along {@code axis} replaced by the index. Equal indices add up, in row-major order.
 */
public record ScatterAdd(int axis) implements Op {
    @Override
    public String name() {
        return "scatter_add";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return infer(name(), axis, inputs);
    }

    static List<TensorSpec> infer(String operation, int axis, List<TensorSpec> inputs) {
        Check.count(operation, inputs, 3, 3);
        TensorSpec x = inputs.get(0);
        TensorSpec index = inputs.get(1);
        TensorSpec source = inputs.get(2);
        Check.sameType(operation, "tensor", x, "source", source);
        Gather.checkIndex(operation, axis, x.shape(), index);
        Shape shape = source.shape();
        boolean fits = shape.rank() == index.shape().rank();
        for (int i = 0; fits && i < shape.rank(); i++) {
            fits = index.shape().dim(i) <= shape.dim(i);
        }
        if (!fits) {
            throw new ShapeException(operation, "index must not be larger than the source; got index " + index.shape()
                    + " for source " + shape);
        }
        return List.of(x);
    }

    @Override
    public Reads reads() {
        return Reads.inputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        return new Tensor[] {context.needs(0) ? grad : null, null,
            context.needs(2) ? sourceGrad(axis, grad, context.input(1), context) : null};
    }

    /** What flows to each source element; those beyond the index were not used. */
    static Tensor sourceGrad(int axis, Tensor grad, Tensor index, VjpContext context) {
        Tensor gathered = grad.gather(axis, index);
        Shape used = context.inputSpec(1).shape();
        Shape source = context.inputSpec(2).shape();
        for (int i = 0; i < source.rank(); i++) {
            if (used.dim(i) < source.dim(i)) {
                Shape whole = gathered.spec().shape().with(i, source.dim(i));
                gathered = Slice.Grad.apply(new Slice(i, 0, used.dim(i), 1), gathered,
                        context.inputSpec(2).withShape(whole));
            }
        }
        return gathered;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(1).shape().numel();
    }

    /** All indices along the dimension may be equal. */
    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape index = inputs.get(1).shape();
        return 1L + (index.rank() == 0 ? 1 : index.dim(index.checkedAxis(name(), axis)));
    }

    @Override
    public Signature signature() {
        return new Signature("torch.scatter_add", "", List.of(new Signature.Input(0), axis, new Signature.Input(1),
                new Signature.Input(2)), Map.of());
    }
}

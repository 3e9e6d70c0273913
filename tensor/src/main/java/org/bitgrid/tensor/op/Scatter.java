package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x, index (INT64 or INT32), source of the same rank -> x with each source element that has an index put at its own
 * place, the coordinate along {@code axis} replaced by the index. Of equal indices the last in row-major order wins;
 * as in PyTorch the gradient of the source is then right only where each place is named once.
 */
public record Scatter(int axis) implements Op {
    /** Runs it with one value for all places. */
    public static Tensor apply(Tensor x, int axis, Tensor index, double value) {
        return Dispatch.apply(new Scatter(axis), x, index,
                Tensors.fullLike(x.spec().withShape(index.spec().shape()), value));
    }

    @Override
    public String name() {
        return "scatter";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return ScatterAdd.infer(name(), axis, inputs);
    }

    @Override
    public Reads reads() {
        return Reads.inputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        Tensor index = context.input(1);
        return new Tensor[] {context.needs(0) ? apply(grad, axis, index, 0) : null, null,
            context.needs(2) ? ScatterAdd.sourceGrad(axis, grad, index, context) : null};
    }

    @Override
    public Signature signature() {
        return new Signature("torch.scatter", "", List.of(new Signature.Input(0), axis, new Signature.Input(1),
                new Signature.Input(2)), Map.of());
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * Whether all, or any, elements are true or not 0, BOOL; of no elements all are and none is.
 *
 * @param axes dimensions to fold, empty for all
 */
public record Truth(boolean ofAll, List<Integer> axes, boolean keepDim) implements ComposedOp, NotDifferentiable {
    public Truth {
        axes = List.copyOf(axes);
    }

    /** Runs it. */
    public static Tensor apply(Tensor x, boolean ofAll, List<Integer> axes, boolean keepDim) {
        return Dispatch.apply(new Truth(ofAll, axes, keepDim), x);
    }

    @Override
    public String name() {
        return ofAll ? "all" : "any";
    }

    @Override
    public String reason() {
        return "its result is boolean";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec sum = new Reduce(Reduce.Kind.SUM, axes, keepDim).infer(inputs).get(0);
        return List.of(sum.withDType(DType.BOOL));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0].detach();
        return new Tensor[] {ofAll ? x.eq(0.0).sum(axes, keepDim).eq(0.0) : x.ne(0.0).sum(axes, keepDim).ne(0.0)};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch." + name());
        if (!axes.isEmpty()) {
            call = call.with(axes.size() == 1 ? axes.get(0) : (Object) axes);
        }
        return keepDim ? call.keyword("keepdim", true) : call;
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> x - max - log of the sum of exp(x - max) along one dimension, same shape. */
public record LogSoftmax(int axis) implements Op {
    @Override
    public String name() {
        return "log_softmax";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        inputs.get(0).shape().checkedAxis(name(), axis);
        return List.of(inputs.get(0));
    }

    @Override
    public Reads reads() {
        return Reads.outputs(0);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Dispatch.apply(new InputGrad(axis), context.gradOutput(), context.output(0))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 4 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return Softmax.length(inputs.get(0).shape(), axis);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.log_softmax").keyword("dim", axis);
    }

    /** grad, y of one shape -> grad - exp(y) · sum of grad along the dimension. */
    public record InputGrad(int axis) implements Op {
        @Override
        public String name() {
            return "log_softmax_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            Check.shape(name(), "output", inputs.get(1), inputs.get(0).shape());
            inputs.get(0).shape().checkedAxis(name(), axis);
            return List.of(inputs.get(0));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(0, 1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor upstream = context.gradOutput();
            Tensor grad = context.input(0);
            List<Integer> axes = List.of(axis);
            Tensor weighted = upstream.mul(context.input(1).exp());
            return new Tensor[] {
                context.needs(0) ? upstream.sub(weighted.sum(axes, true)) : null,
                context.needs(1) ? weighted.mul(grad.sum(axes, true)).neg() : null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 3 * inputs.get(0).shape().numel();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return Softmax.length(inputs.get(0).shape(), axis);
        }
    }
}

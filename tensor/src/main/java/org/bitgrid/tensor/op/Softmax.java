package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> exp(x - max) / sum of exp(x - max) along one dimension, same shape. */
public record Softmax(int axis) implements Op {
    @Override
    public String name() {
        return "softmax";
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
        return length(inputs.get(0).shape(), axis);
    }

    static long length(Shape shape, int axis) {
        return shape.rank() == 0 ? 1 : shape.dim(shape.checkedAxis("softmax", axis));
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.softmax").keyword("dim", axis);
    }

    /** grad, y of one shape -> y · (grad - sum of grad · y along the dimension). */
    public record InputGrad(int axis) implements Op {
        @Override
        public String name() {
            return "softmax_input_grad";
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
            Tensor y = context.input(1);
            List<Integer> axes = List.of(axis);
            Tensor weighted = upstream.mul(y).sum(axes, true);
            return new Tensor[] {
                context.needs(0) ? Dispatch.apply(this, upstream, y) : null,
                context.needs(1) ? upstream.mul(grad.sub(grad.mul(y).sum(axes, true))).sub(grad.mul(weighted)) : null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 4 * inputs.get(0).shape().numel();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return length(inputs.get(0).shape(), axis);
        }
    }
}

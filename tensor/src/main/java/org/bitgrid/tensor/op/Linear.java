package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x (…, I), weight (O, I), optional bias (O) -> (…, O): x · weightᵀ + bias. */
public record Linear() implements Op {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        TensorSpec x = inputs.get(0);
        TensorSpec weight = inputs.get(1);
        Check.rank(name(), "weight", weight, 2);
        Check.floating(name(), "input", x);
        Check.sameType(name(), "input", x, "weight", weight);
        int features = weight.shape().dim(1);
        if (x.shape().rank() == 0 || x.shape().dim(-1) != features) {
            throw new ShapeException(name(), "last size of the input must be the weight's last size; got input "
                    + x.shape() + " and weight " + weight.shape() + "; expected " + features);
        }
        if (inputs.size() == 3) {
            Check.shape(name(), "bias", inputs.get(2), Shape.of(weight.shape().dim(0)));
            Check.sameType(name(), "input", x, "bias", inputs.get(2));
        }
        return List.of(x.withShape(withLast(x.shape(), weight.shape().dim(0))));
    }

    private static Shape withLast(Shape shape, int size) {
        return shape.with(shape.rank() - 1, size);
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        Tensor[] grads = new Tensor[context.inputCount()];
        if (context.needs(0)) {
            grads[0] = Dispatch.apply(new InputGrad(), grad, context.input(1));
        }
        if (context.needs(1)) {
            grads[1] = Dispatch.apply(new WeightGrad(), context.input(0), grad);
        }
        if (grads.length == 3 && context.needs(2)) {
            grads[2] = SumTo.apply(grad, context.inputSpec(2));
        }
        return grads;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * inputs.get(0).shape().numel() * inputs.get(1).shape().dim(0);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return inputs.get(1).shape().dim(1) + (inputs.size() == 3 ? 1 : 0);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch._C._nn.linear");
    }

    /** Gradient of the input: grad (…, O), weight (O, I) -> (…, I): grad · weight. */
    public record InputGrad() implements Op {
        @Override
        public String name() {
            return "linear_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            TensorSpec grad = inputs.get(0);
            TensorSpec weight = inputs.get(1);
            Check.rank(name(), "weight", weight, 2);
            Check.sameType(name(), "gradient", grad, "weight", weight);
            if (grad.shape().rank() == 0 || grad.shape().dim(-1) != weight.shape().dim(0)) {
                throw new ShapeException(name(), "last size of the gradient must be the weight's first size; got "
                        + grad.shape() + " and " + weight.shape());
            }
            return List.of(grad.withShape(withLast(grad.shape(), weight.shape().dim(1))));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(0, 1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor upstream = context.gradOutput();
            return new Tensor[] {
                context.needs(0) ? Dispatch.apply(new Linear(), upstream, context.input(1)) : null,
                context.needs(1) ? Dispatch.apply(new WeightGrad(), upstream, context.input(0)) : null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 2 * inputs.get(0).shape().numel() * inputs.get(1).shape().dim(1);
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return inputs.get(1).shape().dim(0);
        }
    }

    /** Gradient of the weight: x (…, I), grad (…, O) -> (O, I): gradᵀ · x over all leading dimensions. */
    public record WeightGrad() implements Op {
        @Override
        public String name() {
            return "linear_weight_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            TensorSpec x = inputs.get(0);
            TensorSpec grad = inputs.get(1);
            Check.sameType(name(), "input", x, "gradient", grad);
            int rank = x.shape().rank();
            if (rank == 0 || grad.shape().rank() != rank
                    || !withLast(x.shape(), 0).equals(withLast(grad.shape(), 0))) {
                throw new ShapeException(name(), "input and gradient must agree in all sizes but the last; got "
                        + x.shape() + " and " + grad.shape());
            }
            return List.of(x.withShape(Shape.of(grad.shape().dim(-1), x.shape().dim(-1))));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(0, 1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor upstream = context.gradOutput();
            return new Tensor[] {
                context.needs(0) ? Dispatch.apply(new InputGrad(), context.input(1), upstream) : null,
                context.needs(1) ? Dispatch.apply(new Linear(), context.input(0), upstream) : null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 2 * inputs.get(0).shape().numel() * inputs.get(1).shape().dim(-1);
        }

        /** The product of all leading sizes. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            Shape shape = inputs.get(0).shape();
            return shape.slice(0, shape.rank() - 1).numel();
        }
    }
}

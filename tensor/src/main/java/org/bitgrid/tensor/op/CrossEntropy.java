package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * logits (C), (N, C) or (N, C, d1, …), target (INT64 or INT32: (), (N) or (N, d1, …)), optional class weights (C) ->
 * cross entropy of the softmax of the logits against the target classes, one number for each target when not reduced.
 *
 * <p>With p = softmax over the classes, s the label smoothing and w the class weights (1 when absent), a target t costs
 * (1 - s) · w[t] · (-log p[t]) + s / C · sum over c of w[c] · (-log p[c]), and 0 when t is {@code ignoreIndex}. The
 * mean divides the sum by the sum of w[t] over the targets that are not ignored.
 */
public record CrossEntropy(Reduction reduction, long ignoreIndex, double labelSmoothing) implements Op {
    /** PyTorch's default for the target that is ignored. */
    public static final long IGNORE_INDEX = -100;

    public CrossEntropy {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new ShapeException("cross_entropy", "label smoothing must lie in [0, 1]; got " + labelSmoothing);
        }
    }

    @Override
    public String name() {
        return "cross_entropy";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        TensorSpec logits = inputs.get(0);
        checkTarget(name(), logits, inputs.get(1));
        if (inputs.size() == 3) {
            Check.shape(name(), "class weights", inputs.get(2), Shape.of(logits.shape().dim(classAxis(logits.shape()))));
            Check.sameType(name(), "logits", logits, "class weights", inputs.get(2));
        }
        return List.of(logits.withShape(reduction == Reduction.NONE ? inputs.get(1).shape() : Shape.SCALAR));
    }

    /** The target must hold class indices, in the shape of the logits without the class dimension. */
    static void checkTarget(String operation, TensorSpec logits, TensorSpec target) {
        Check.floating(operation, "logits", logits);
        if (logits.shape().rank() == 0) {
            throw new ShapeException(operation, "logits must have a class dimension; got " + logits.shape());
        }
        if (!target.dtype().isInteger()) {
            throw new DTypeException(operation, "target must hold class indices (int64 or int32); got "
                    + target.dtype() + "; cast it with .to(DType.INT64)");
        }
        Check.shape(operation, "target", target, logits.shape().without(classAxis(logits.shape())));
    }

    /** The dimension that counts classes: 1, or 0 for a single vector of logits. */
    public static int classAxis(Shape logits) {
        return logits.rank() == 1 ? 0 : 1;
    }

    /** The error for a target that kernels meet outside [0, classes). */
    public static ShapeException badTarget(String operation, long position, long target, int classes) {
        return new ShapeException(operation, "target is not a class; got " + target + " at position " + position
                + "; expected 0 to " + (classes - 1));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1, 2);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        boolean weighted = context.inputCount() == 3;
        Tensor[] grads = new Tensor[context.inputCount()];
        if (weighted && context.needs(2)) {
            throw new NotDifferentiableException(name(), "class weights are constants; detach them");
        }
        if (context.needs(0)) {
            grads[0] = weighted
                    ? Dispatch.apply(new InputGrad(this), context.gradOutput(), context.input(0), context.input(1),
                            context.input(2))
                    : Dispatch.apply(new InputGrad(this), context.gradOutput(), context.input(0), context.input(1));
        }
        return grads;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 5 * inputs.get(0).shape().numel();
    }

    /** Over the classes, and when reduced over all targets. */
    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape shape = inputs.get(0).shape();
        int classes = shape.dim(classAxis(shape));
        return classes + (reduction == Reduction.NONE ? 0 : inputs.get(1).shape().numel());
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.cross_entropy").keyword("ignore_index", ignoreIndex)
                .keyword("reduction", reduction.toString()).keyword("label_smoothing", labelSmoothing);
    }

    /**
     * Gradient of the logits: grad (of the loss's shape), logits, target, optional class weights -> the logits' shape.
     * With T[c] = (1 - s) · w[t] · (c is t) + s / C · w[c] (0 where ignored):
     * grad · (p[c] · sum of T - T[c]), divided as the mean was.
     */
    public record InputGrad(CrossEntropy loss) implements Op {
        @Override
        public String name() {
            return "cross_entropy_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 3, 4);
            TensorSpec expected = loss.infer(inputs.subList(1, inputs.size())).get(0);
            Check.shape(name(), "gradient", inputs.get(0), expected.shape());
            return List.of(inputs.get(1));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(0, 1, 2, 3);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor upstream = context.gradOutput();
            Tensor grad = context.input(0);
            Tensor logits = context.input(1);
            Tensor target = context.input(2);
            Tensor weights = context.inputCount() == 4 ? context.input(3) : null;
            int axis = classAxis(logits.spec().shape());
            Tensor[] grads = new Tensor[context.inputCount()];
            if (context.needs(0)) {
                Tensor one = Tensors.onesLike(grad);
                Tensor slope = weights == null ? Dispatch.apply(this, one, logits, target)
                        : Dispatch.apply(this, one, logits, target, weights);
                Tensor product = upstream.mul(slope);
                grads[0] = loss.reduction == Reduction.NONE ? product.sum(axis) : product.sum();
            }
            if (context.needs(1)) {
                Tensor mass = grad.mul(targetMass(logits, target, weights, axis)).unsqueeze(axis);
                grads[1] = Dispatch.apply(new Softmax.InputGrad(axis), upstream.mul(mass), logits.softmax(axis));
            }
            return grads;
        }

        /** Sum over the classes of T, for each target, divided as the mean was. */
        private Tensor targetMass(Tensor logits, Tensor target, Tensor weights, int axis) {
            Shape shape = logits.spec().shape();
            int classes = shape.dim(axis);
            Tensor kept = target.ne(loss.ignoreIndex).to(logits.dtype());
            Tensor own = kept;
            Tensor all = kept;
            if (weights != null) {
                Tensor safe = target.mul(kept.to(target.dtype())).flatten(0);
                own = kept.mul(weights.gather(0, safe).reshape(target.spec().shape().toArray()));
                all = kept.mul(weights.sum().div((double) classes));
            }
            Tensor mass = own.mul(1 - loss.labelSmoothing).add(all.mul(loss.labelSmoothing));
            return loss.reduction == Reduction.MEAN ? mass.div(own.sum()) : mass;
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 6 * inputs.get(1).shape().numel();
        }

        /** Over the classes, and over all targets for the divisor of the mean. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return loss.reductionLength(inputs.subList(1, inputs.size()));
        }
    }
}

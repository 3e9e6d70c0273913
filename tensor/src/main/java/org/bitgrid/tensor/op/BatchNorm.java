package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, …) -> y of the same shape: (x - mean) / sqrt(variance + epsilon) · weight + bias, by channel (Ioffe and
 * Szegedy, 2015).
 *
 * <p>Inputs: x; weight (C) and bias (C) when {@code affine}; running mean (C) and running variance (C) when
 * {@code tracked}. Training uses mean and (biased) variance of the batch and has the outputs y, batch mean (C), inverse
 * standard deviation 1 / sqrt(variance + epsilon) (C), and when tracked the new running mean and new running variance,
 * (1 - momentum) · old + momentum · batch, the latter from the unbiased variance. The caller stores them. Evaluation
 * uses the running statistics, so needs {@code tracked}, and has the output y only.
 */
public record BatchNorm(boolean training, boolean affine, boolean tracked, double momentum, double epsilon)
        implements Op {
    public BatchNorm {
        if (!training && !tracked) {
            throw new ShapeException("batch_norm", "evaluation needs running statistics; train, or pass them");
        }
    }

    @Override
    public String name() {
        return "batch_norm";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        int expected = 1 + (affine ? 2 : 0) + (tracked ? 2 : 0);
        Check.count(name(), inputs, expected, expected);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        Shape shape = x.shape();
        if (shape.rank() < 2) {
            throw new ShapeException(name(), "input must have at least 2 dimensions (N, C, …); got " + shape);
        }
        Shape channels = Shape.of(shape.dim(1));
        String[] names = affine ? new String[] {"weight", "bias", "running mean", "running variance"}
                : new String[] {"running mean", "running variance"};
        for (int i = 1; i < expected; i++) {
            Check.shape(name(), names[i - 1], inputs.get(i), channels);
            Check.sameType(name(), "input", x, names[i - 1], inputs.get(i));
        }
        List<TensorSpec> outputs = new ArrayList<>(List.of(x));
        if (training) {
            long count = shape.dim(1) == 0 ? 2 : shape.numel() / shape.dim(1);
            if (count < 2 && shape.dim(1) > 0) {
                throw new ShapeException(name(), "training needs more than one value for each channel; got " + shape
                        + "; use a larger batch or eval()");
            }
            for (int i = 0; i < (tracked ? 4 : 2); i++) {
                outputs.add(x.withShape(channels));
            }
        }
        return outputs;
    }

    /** Index of the running mean among the inputs. */
    public int runningIndex() {
        return affine ? 3 : 1;
    }

    @Override
    public boolean returnsFirstOnly() {
        return true;
    }

    @Override
    public Reads reads() {
        if (training) {
            return (affine ? Reads.inputs(0, 1) : Reads.inputs(0)).andOutputs(1, 2);
        }
        int running = runningIndex();
        return affine ? Reads.inputs(0, 1, running, running + 1) : Reads.inputs(0, running, running + 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor[] grads = new Tensor[context.inputCount()];
        if (training) {
            trainingVjp(context, grads);
        } else {
            evaluationVjp(context, grads);
        }
        return grads;
    }

    private void trainingVjp(VjpContext context, Tensor[] grads) {
        Tensor x = context.input(0);
        Tensor mean = context.output(1);
        Tensor inverse = context.output(2);
        boolean wanted = context.needs(0) || affine && (context.needs(1) || context.needs(2));
        if (context.hasGradOutput(0) && wanted) {
            Tensor[] parts = affine
                    ? Dispatch.applyAll(new InputGrad(true), context.gradOutput(), x, mean, inverse, context.input(1))
                    : Dispatch.applyAll(new InputGrad(false), context.gradOutput(), x, mean, inverse);
            System.arraycopy(parts, 0, grads, 0, parts.length);
        }
        statisticsVjp(context, grads, x, mean, inverse);
    }

    /** What flows through the statistics: in a second differentiation, or when somebody uses them. */
    private void statisticsVjp(VjpContext context, Tensor[] grads, Tensor x, Tensor mean, Tensor inverse) {
        Shape shape = context.inputSpec(0).shape();
        double count = (double) shape.numel() / shape.dim(1);
        Tensor toMean = null;
        Tensor toSpread = null;
        if (context.hasGradOutput(1)) {
            toMean = context.gradOutput(1).div(count);
        }
        if (context.hasGradOutput(2)) {
            toSpread = context.gradOutput(2).mul(inverse.pow(3.0)).div(-count);
        }
        if (tracked && context.hasGradOutput(3)) {
            Tensor grad = context.gradOutput(3);
            toMean = plus(toMean, grad.mul(momentum / count));
            grads[runningIndex()] = grad.mul(1 - momentum);
        }
        if (tracked && context.hasGradOutput(4)) {
            Tensor grad = context.gradOutput(4);
            toSpread = plus(toSpread, grad.mul(2 * momentum / (count - 1)));
            grads[runningIndex() + 1] = grad.mul(1 - momentum);
        }
        if (!context.needs(0)) {
            return;
        }
        if (toSpread != null) {
            grads[0] = plus(grads[0], x.sub(wide(mean, shape)).mul(wide(toSpread, shape)));
        }
        if (toMean != null) {
            grads[0] = plus(grads[0], wide(toMean, shape).expand(shape.toArray()));
        }
    }

    private void evaluationVjp(VjpContext context, Tensor[] grads) {
        Shape shape = context.inputSpec(0).shape();
        int running = runningIndex();
        Tensor grad = context.gradOutput();
        Tensor inverse = context.input(running + 1).add(epsilon).rsqrt();
        Tensor factor = affine ? inverse.mul(context.input(1)) : inverse;
        if (context.needs(0)) {
            grads[0] = grad.mul(wide(factor, shape));
        }
        boolean wantsSum = affine && context.needs(2) || context.needs(running);
        Tensor sum = wantsSum ? perChannel(grad) : null;
        if (affine && context.needs(2)) {
            grads[2] = sum;
        }
        if (context.needs(running)) {
            grads[running] = sum.mul(factor).neg();
        }
        if (affine && context.needs(1) || context.needs(running + 1)) {
            Tensor centred = context.input(0).sub(wide(context.input(running), shape));
            Tensor moment = perChannel(grad.mul(centred));
            if (affine && context.needs(1)) {
                grads[1] = moment.mul(inverse);
            }
            if (context.needs(running + 1)) {
                grads[running + 1] = moment.mul(factor).mul(inverse.square()).mul(-0.5);
            }
        }
    }

    /** (C) -> (1, C, 1, …), to be broadcast over a tensor of shape (N, C, …). */
    static Tensor wide(Tensor channels, Shape shape) {
        int[] dims = new int[shape.rank()];
        Arrays.fill(dims, 1);
        dims[1] = shape.dim(1);
        return channels.reshape(dims);
    }

    /** Sum over everything but dimension 1. */
    static Tensor perChannel(Tensor x) {
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            if (i != 1) {
                axes.add(i);
            }
        }
        return x.sum(axes, false);
    }

    private static Tensor plus(Tensor sum, Tensor term) {
        return sum == null ? term : sum.add(term);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return (training ? 7 : 4) * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return training ? valuesPerChannel(inputs.get(0).shape()) : 1;
    }

    private static long valuesPerChannel(Shape shape) {
        return shape.numel() / Math.max(1, shape.dim(1));
    }

    @Override
    public Signature signature() {
        Object mean = tracked ? new Signature.Input(runningIndex()) : null;
        Object variance = tracked ? new Signature.Input(runningIndex() + 1) : null;
        Signature call = new Signature("torch.nn.functional.batch_norm", "",
                Arrays.asList(new Signature.Input(0), mean, variance), Map.of());
        return call.keyword("weight", affine ? new Signature.Input(1) : null)
                .keyword("bias", affine ? new Signature.Input(2) : null).keyword("training", training)
                .keyword("momentum", momentum).keyword("eps", epsilon);
    }

    /**
     * First-order gradients of batch normalisation in training: grad and x (N, C, …), batch mean (C), inverse standard
     * deviation (C), and when affine weight (C) -> gradient of x, and when affine those of weight and bias (C). With
     * x̂ = (x - mean) · inverse and means over a channel's values:
     * weight · inverse · (grad - mean(grad) - x̂ · mean(grad · x̂)), sum(grad · x̂), sum(grad).
     */
    public record InputGrad(boolean affine) implements Op {
        @Override
        public String name() {
            return "batch_norm_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, affine ? 5 : 4, affine ? 5 : 4);
            TensorSpec x = inputs.get(1);
            Check.shape(name(), "gradient", inputs.get(0), x.shape());
            TensorSpec channels = x.withShape(Shape.of(x.shape().dim(1)));
            for (int i = 2; i < inputs.size(); i++) {
                Check.shape(name(), "statistics", inputs.get(i), channels.shape());
            }
            return affine ? List.of(x, channels, channels) : List.of(x);
        }

        @Override
        public Reads reads() {
            return affine ? Reads.inputs(0, 1, 2, 3, 4) : Reads.inputs(0, 1, 2, 3);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Shape shape = context.inputSpec(1).shape();
            double count = valuesPerChannel(shape);
            Tensor grad = context.input(0);
            Tensor centred = context.input(1).sub(wide(context.input(2), shape));
            Tensor inverse = context.input(3);
            Tensor scale = affine ? inverse.mul(context.input(4)) : inverse;
            Tensor normal = centred.mul(wide(inverse, shape));
            Tensor meanGrad = perChannel(grad).div(count);
            Tensor meanProduct = perChannel(grad.mul(normal)).div(count);
            Tensor core = grad.sub(wide(meanGrad, shape)).sub(normal.mul(wide(meanProduct, shape)));

            // v, p, q: upstream gradients of the gradients of x, weight and bias.
            Tensor v = context.gradOutput(0);
            Tensor u = v.mul(wide(scale, shape));
            Tensor toMeanGrad = perChannel(u).div(-count);
            Tensor toMeanProduct = perChannel(u.mul(normal)).div(-count);
            if (affine) {
                toMeanProduct = toMeanProduct.add(context.gradOutput(1));
                toMeanGrad = toMeanGrad.add(context.gradOutput(2));
            }
            Tensor[] grads = new Tensor[context.inputCount()];
            if (context.needs(0)) {
                grads[0] = u.add(wide(toMeanGrad, shape)).add(normal.mul(wide(toMeanProduct, shape)));
            }
            Tensor toNormal = grad.mul(wide(toMeanProduct, shape)).sub(u.mul(wide(meanProduct, shape)));
            Tensor toScale = perChannel(v.mul(core));
            if (context.needs(1)) {
                grads[1] = toNormal.mul(wide(inverse, shape));
            }
            if (context.needs(2)) {
                grads[2] = perChannel(toNormal).mul(inverse).neg();
            }
            if (context.needs(3)) {
                Tensor direct = affine ? toScale.mul(context.input(4)) : toScale;
                grads[3] = direct.add(perChannel(toNormal.mul(centred)));
            }
            if (affine && context.needs(4)) {
                grads[4] = toScale.mul(inverse);
            }
            return grads;
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 9 * inputs.get(1).shape().numel();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return valuesPerChannel(inputs.get(1).shape());
        }
    }
}

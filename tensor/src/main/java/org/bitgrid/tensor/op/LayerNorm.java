package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…, normalized), optional weight and bias (normalized) -> y of x's shape: (x - mean) / sqrt(variance + epsilon) ·
 * weight + bias, with mean and biased variance over the trailing dimensions (Ba, Kiros and Hinton, 2016). Further
 * outputs: mean and 1 / sqrt(variance + epsilon), one for each index of the leading dimensions.
 */
public record LayerNorm(Shape normalized, double epsilon) implements Op {
    @Override
    public String name() {
        return "layer_norm";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 3);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        Shape leading = leading(name(), x.shape(), normalized);
        for (int i = 1; i < inputs.size(); i++) {
            String argument = i == 1 ? "weight" : "bias";
            Check.shape(name(), argument, inputs.get(i), normalized);
            Check.sameType(name(), "input", x, argument, inputs.get(i));
        }
        TensorSpec rows = x.withShape(leading);
        return List.of(x, rows, rows);
    }

    /** The dimensions before the normalized ones. */
    private static Shape leading(String operation, Shape x, Shape normalized) {
        int lead = x.rank() - normalized.rank();
        if (lead < 0 || normalized.rank() == 0 || !x.slice(lead, x.rank()).equals(normalized)) {
            throw new ShapeException(operation, "input must end in the normalized shape; got " + x
                    + "; expected (…) followed by " + normalized);
        }
        return x.slice(0, lead);
    }

    @Override
    public boolean returnsFirstOnly() {
        return true;
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1).andOutputs(1, 2);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor x = context.input(0);
        Tensor mean = context.output(1);
        Tensor inverse = context.output(2);
        boolean affine = context.inputCount() > 1;
        Tensor[] grads = new Tensor[context.inputCount()];
        if (context.hasGradOutput(0)) {
            InputGrad rule = new InputGrad(normalized, affine);
            Tensor[] parts = affine ? Dispatch.applyAll(rule, context.gradOutput(), x, mean, inverse, context.input(1))
                    : Dispatch.applyAll(rule, context.gradOutput(), x, mean, inverse);
            System.arraycopy(parts, 0, grads, 0, grads.length);
        }
        if (context.needs(0) && (context.hasGradOutput(1) || context.hasGradOutput(2))) {
            double count = normalized.numel();
            Tensor spread = context.gradOutput(2).mul(inverse.pow(3.0)).div(-count);
            Tensor extra = x.sub(wide(mean, normalized)).mul(wide(spread, normalized))
                    .add(wide(context.gradOutput(1).div(count), normalized));
            grads[0] = grads[0] == null ? extra : grads[0].add(extra);
        }
        return grads;
    }

    /** Gives one number for each row the shape that is broadcast over the normalized dimensions. */
    static Tensor wide(Tensor rows, Shape normalized) {
        Shape lead = rows.spec().shape();
        int[] dims = new int[lead.rank() + normalized.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < lead.rank() ? lead.dim(i) : 1;
        }
        return rows.reshape(dims);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 7 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return normalized.numel();
    }

    @Override
    public Signature signature() {
        List<Integer> dims = new ArrayList<>();
        for (int dim : normalized.toArray()) {
            dims.add(dim);
        }
        return Signature.function("torch.nn.functional.layer_norm").keyword("normalized_shape", dims)
                .keyword("eps", epsilon);
    }

    /**
     * First-order gradients of layer normalisation: grad and x (…, normalized), mean (…), inverse standard deviation
     * (…), and when affine weight (normalized) -> gradient of x, and when affine those of weight and bias. With
     * x̂ = (x - mean) · inverse, h = grad · weight and means over a row:
     * inverse · (h - mean(h) - x̂ · mean(h · x̂)), sum over rows of grad · x̂, sum over rows of grad.
     */
    public record InputGrad(Shape normalized, boolean affine) implements Op {
        @Override
        public String name() {
            return "layer_norm_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, affine ? 5 : 4, affine ? 5 : 4);
            TensorSpec x = inputs.get(1);
            Check.shape(name(), "gradient", inputs.get(0), x.shape());
            Shape rows = leading(name(), x.shape(), normalized);
            Check.shape(name(), "mean", inputs.get(2), rows);
            Check.shape(name(), "inverse standard deviation", inputs.get(3), rows);
            if (!affine) {
                return List.of(x);
            }
            Check.shape(name(), "weight", inputs.get(4), normalized);
            return List.of(x, x.withShape(normalized), x.withShape(normalized));
        }

        @Override
        public Reads reads() {
            return affine ? Reads.inputs(0, 1, 2, 3, 4) : Reads.inputs(0, 1, 2, 3);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            double count = normalized.numel();
            Tensor grad = context.input(0);
            Tensor centred = context.input(1).sub(wide(context.input(2), normalized));
            Tensor inverse = context.input(3);
            Tensor wideInverse = wide(inverse, normalized);
            Tensor normal = centred.mul(wideInverse);
            Tensor h = affine ? grad.mul(context.input(4)) : grad;
            Tensor meanProduct = wide(perRow(h.mul(normal)).div(count), normalized);
            Tensor core = h.sub(wide(perRow(h).div(count), normalized)).sub(normal.mul(meanProduct));

            // v, p, q: upstream gradients of the gradients of x, weight and bias.
            Tensor v = context.gradOutput(0);
            Tensor u = v.mul(wideInverse);
            Tensor sumU = wide(perRow(u).div(count), normalized);
            Tensor sumProduct = wide(perRow(u.mul(normal)).div(count), normalized);
            Tensor toH = u.sub(sumU).sub(normal.mul(sumProduct));
            Tensor toNormal = u.mul(meanProduct).add(h.mul(sumProduct)).neg();
            Tensor toGrad = toH;
            if (affine) {
                Tensor p = context.gradOutput(1);
                toNormal = toNormal.add(grad.mul(p));
                toGrad = toH.mul(context.input(4)).add(normal.mul(p)).add(context.gradOutput(2));
            }
            Tensor[] grads = new Tensor[context.inputCount()];
            grads[0] = context.needs(0) ? toGrad : null;
            grads[1] = context.needs(1) ? toNormal.mul(wideInverse) : null;
            grads[2] = context.needs(2) ? perRow(toNormal).mul(inverse).neg() : null;
            grads[3] = context.needs(3) ? perRow(v.mul(core).add(toNormal.mul(centred))) : null;
            if (affine && context.needs(4)) {
                grads[4] = SumTo.apply(toH.mul(grad), context.inputSpec(4));
            }
            return grads;
        }

        private Tensor perRow(Tensor x) {
            List<Integer> axes = new ArrayList<>();
            for (int i = 1; i <= normalized.rank(); i++) {
                axes.add(-i);
            }
            return x.sum(axes, false);
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 9 * inputs.get(1).shape().numel();
        }

        /** The gradient of x adds over a row, those of weight and bias over all rows. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            long row = Math.max(1, normalized.numel());
            return affine ? Math.max(row, inputs.get(1).shape().numel() / row) : row;
        }
    }
}

package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * log probabilities (T, N, C), targets (N, S) or all of them one after the other (sum of lengths), input lengths (N),
 * target lengths (N), the last three INT64 or INT32 -> -log of the probability (N) of each target: the sum over all
 * ways to spread it over the input's time steps, with blanks between (Graves et al., "Connectionist temporal
 * classification", 2006).
 *
 * @param blank        class that stands for no label
 * @param zeroInfinity whether a target that does not fit into its input costs 0 instead of infinity
 */
public record CtcLoss(long blank, boolean zeroInfinity) implements Op {
    @Override
    public String name() {
        return "ctc_loss";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 4, 4);
        TensorSpec log = inputs.get(0);
        Check.floating(name(), "log probabilities", log);
        Check.rank(name(), "log probabilities", log, 3);
        Shape batch = Shape.of(log.shape().dim(1));
        for (int i = 1; i < 4; i++) {
            if (!inputs.get(i).dtype().isInteger()) {
                throw new DTypeException(name(), "targets and lengths must be int64 or int32; got "
                        + inputs.get(i).dtype() + " as input " + i);
            }
        }
        Shape targets = inputs.get(1).shape();
        if (targets.rank() != 1 && (targets.rank() != 2 || targets.dim(0) != batch.dim(0))) {
            throw new ShapeException(name(), "targets must be (N, S) or (sum of target lengths); got " + targets
                    + " for a batch of " + batch.dim(0));
        }
        Check.shape(name(), "input lengths", inputs.get(2), batch);
        Check.shape(name(), "target lengths", inputs.get(3), batch);
        if (blank < 0 || blank >= log.shape().dim(2)) {
            throw new ShapeException(name(), "blank must be one of the classes; got " + blank + "; expected 0 to "
                    + (log.shape().dim(2) - 1));
        }
        return List.of(log.withShape(batch));
    }

    /** The error for a length that kernels meet outside of what the tensors hold. */
    public static ShapeException badLength(String what, int sample, long length, int longest) {
        return new ShapeException("ctc_loss", what + " length is out of range; got " + length + " for sample " + sample
                + "; expected 0 to " + longest);
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1, 2, 3);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Dispatch.apply(new InputGrad(this), context.gradOutput(), context.input(0),
                context.input(1), context.input(2), context.input(3)), null, null, null};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        Shape log = inputs.get(0).shape();
        return 8L * log.dim(0) * log.dim(1) * (2L * inputs.get(1).shape().dim(-1) + 1);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return 3L * inputs.get(0).shape().dim(0);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.ctc_loss");
    }

    /**
     * grad (N) and the loss's inputs -> (T, N, C): -grad times the probability that step t is spent on class c, given
     * the target.
     */
    public record InputGrad(CtcLoss loss) implements NotDifferentiable {
        @Override
        public String name() {
            return "ctc_loss_input_grad";
        }

        @Override
        public String reason() {
            return "its second derivatives are not worth their price";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 5, 5);
            TensorSpec expected = loss.infer(new ArrayList<>(inputs.subList(1, inputs.size()))).get(0);
            Check.shape(name(), "gradient", inputs.get(0), expected.shape());
            return List.of(inputs.get(1));
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 2 * loss.flops(inputs.subList(1, inputs.size()));
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return 2 * loss.reductionLength(inputs.subList(1, inputs.size()));
        }
    }
}

package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.BinaryCrossEntropy;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.CtcLoss;
import org.bitgrid.tensor.op.Reduction;

/** Samples of losses. */
final class LossSamples {
    private static final String REASON = "difference, exponential of 4, logarithm of 4, weights and quotient";

    private LossSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        crossEntropy(samples);
        others(samples);
        return samples;
    }

    private static void crossEntropy(List<OpSample> samples) {
        for (Reduction reduction : Reduction.values()) {
            CrossEntropy plain = new CrossEntropy(reduction, CrossEntropy.IGNORE_INDEX, 0);
            CrossEntropy smooth = new CrossEntropy(reduction, 1, 0.1);
            samples.add(OpSample.of("cross entropy, " + reduction, plain, rng -> new Tensor[] {
                Inputs.floats(rng, 4, 3), Inputs.indices(rng, 3, 4)}).roundings(12, REASON)
                    .refuses(DTypeException.class, "cross_entropy: target must hold class indices \\(int64 or int32\\); "
                            + "got float32; .*", Tensors.ones(2, 3), Tensors.ones(2))
                    .refuses(ShapeException.class, "cross_entropy: target has the wrong shape; got \\(3,\\); expected "
                            + "\\(2,\\)", Tensors.ones(2, 3), Tensors.arange(3))
                    .refuses(ShapeException.class, "cross_entropy: target is not a class; got 3 at position 1; expected "
                            + "0 to 2", Tensors.ones(2, 3), Tensors.of(new long[] {0, 3}, 2))
                    .refuses(() -> new CrossEntropy(reduction, 0, 1.5), ShapeException.class, "cross_entropy: label "
                            + "smoothing must lie in \\[0, 1\\]; got 1.5"));
            samples.add(OpSample.of("cross entropy, weighted, smoothed, some ignored, " + reduction, smooth,
                    rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 5), Tensors.of(new long[] {0, 1, 2, 2, 0, 1, 2, 0, 0,
                        1}, 2, 5), Inputs.positive(rng, 3)}).roundings(14, REASON).constant(2));
            samples.add(OpSample.of("cross entropy input gradient, " + reduction, new CrossEntropy.InputGrad(plain),
                    rng -> new Tensor[] {reduction == Reduction.NONE ? Inputs.floats(rng, 4) : Inputs.floats(rng),
                        Inputs.floats(rng, 4, 3), Inputs.indices(rng, 3, 4)}).roundings(12, REASON)
                    .refuses(ShapeException.class, "cross_entropy_input_grad: gradient has the wrong shape; .*",
                            Tensors.ones(7), Tensors.ones(2, 3), Tensors.arange(2)));
            samples.add(OpSample.of("cross entropy input gradient, weighted, " + reduction,
                    new CrossEntropy.InputGrad(smooth), rng -> new Tensor[] {reduction == Reduction.NONE
                            ? Inputs.floats(rng, 4) : Inputs.floats(rng), Inputs.floats(rng, 4, 3),
                        Tensors.of(new long[] {0, 1, 2, 0}, 4), Inputs.positive(rng, 3)}).roundings(14, REASON)
                    .constant(3));
        }
        samples.add(OpSample.of("cross entropy of one vector", new CrossEntropy(Reduction.MEAN, -100, 0),
                rng -> new Tensor[] {Inputs.floats(rng, 5), Inputs.indices(rng, 5)}).roundings(12, REASON));
    }

    private static void others(List<OpSample> samples) {
        samples.add(OpSample.of("binary cross entropy", new BinaryCrossEntropy(), rng -> new Tensor[] {
            Inputs.between(rng, 0.05, 0.95, 2, 3), Inputs.between(rng, 0.05, 0.95, 2, 3)}).roundings(12,
                    "two logarithms of 4 and three more")
                .refuses(ShapeException.class, "binary_cross_entropy: target has the wrong shape; .*",
                        Tensors.ones(2), Tensors.ones(3))
                .refuses(ShapeException.class, "binary_cross_entropy: input is not a probability; got 1.5 at position "
                        + "0; .*", Tensors.of(1.5f), Tensors.ones(1)));
        CtcLoss ctc = new CtcLoss(0, false);
        String reason = "an exponential and a logarithm of 4 each in every step";
        samples.add(OpSample.of("ctc loss", ctc, rng -> ctcInputs(Inputs.between(rng, -3, -0.5, 5, 2, 4)))
                .roundings(40, reason).firstOrderOnly("its second derivatives are not worth their price")
                .refuses(ShapeException.class, "ctc_loss: log probabilities must have 3 dimensions; got \\(2,\\)",
                        ctcInputs(Tensors.ones(2)))
                .refuses(() -> new CtcLoss(4, false), ShapeException.class, "ctc_loss: blank must be one of the classes;"
                        + " got 4; expected 0 to 3", ctcInputs(Tensors.ones(5, 2, 4)))
                .refuses(ShapeException.class, "ctc_loss: input lengths has the wrong shape; .*",
                        Tensors.ones(5, 2, 4), Tensors.of(new long[] {1, 2, 3, 3, 2, 1}, 2, 3), Tensors.arange(3),
                        Tensors.arange(2)));
        samples.add(OpSample.of("ctc loss input gradient", new CtcLoss.InputGrad(ctc), rng -> {
            Tensor[] rest = ctcInputs(Inputs.between(rng, -3, -0.5, 5, 2, 4));
            return new Tensor[] {Inputs.floats(rng, 2), rest[0], rest[1], rest[2], rest[3]};
        }).roundings(80, reason)
                .refuses(ShapeException.class, "ctc_loss_input_grad: gradient has the wrong shape; got \\(1,\\); "
                        + "expected \\(2,\\)", gradientAndRest(Tensors.ones(1))));
    }

    private static Tensor[] gradientAndRest(Tensor gradient) {
        Tensor[] rest = ctcInputs(Tensors.ones(5, 2, 4));
        return new Tensor[] {gradient, rest[0], rest[1], rest[2], rest[3]};
    }

    private static Tensor[] ctcInputs(Tensor log) {
        return new Tensor[] {log, Tensors.of(new long[] {1, 2, 2, 3, 1, 1}, 2, 3), Tensors.of(new long[] {5, 4}, 2),
            Tensors.of(new long[] {3, 2}, 2)};
    }
}

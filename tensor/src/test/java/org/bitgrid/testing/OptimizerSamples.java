package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AdagradStep;
import org.bitgrid.tensor.op.AdamStep;
import org.bitgrid.tensor.op.MomentStep;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.RmsPropStep;
import org.bitgrid.tensor.op.SgdStep;

/** Samples of optimizer steps. Inputs are positive, so that they serve as mean squares too. */
final class OptimizerSamples {
    private static final String REASON = "a chain of products, sums, a root and a quotient, each rounded once";

    private OptimizerSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        add(samples, "sgd step", new SgdStep(0.1, 0, 0, 0, false, false, false), 2, 4);
        add(samples, "sgd step with weight decay, uphill", new SgdStep(0.1, 0, 0, 0.01, false, true, false), 2, 4);
        add(samples, "sgd step with momentum, first", new SgdStep(0.1, 0.9, 0.1, 0.01, false, false, true), 3, 6);
        add(samples, "sgd step with momentum", new SgdStep(0.1, 0.9, 0.1, 0.01, false, false, false), 3, 6);
        add(samples, "sgd step of Nesterov", new SgdStep(0.1, 0.9, 0, 0.01, true, false, false), 3, 8);
        add(samples, "adam step", new AdamStep(0.01, 0.9, 0.999, 1e-8, 0.01, false, false, false, 3), 4, 14);
        add(samples, "adam step, decoupled, uphill", new AdamStep(0.01, 0.9, 0.999, 1e-8, 0.01, true, false, true, 1), 4,
                14);
        add(samples, "adam step of AMSGrad", new AdamStep(0.01, 0.9, 0.999, 1e-8, 0, false, true, false, 7), 5, 14);
        add(samples, "rmsprop step", new RmsPropStep(0.01, 0.9, 1e-8, 0.01, 0, false, false), 3, 12);
        // Centred, the denominator is the root of a difference: a mean square of at least 1 keeps it from 0.
        samples.add(OpSample.of("rmsprop step, centered, with momentum", new RmsPropStep(0.01, 0.9, 1e-8, 0.01, 0.9,
                true, true), rng -> new Tensor[] {Inputs.positive(rng, 13), Inputs.between(rng, 9, 12, 13),
                    Inputs.positive(rng, 13), Inputs.positive(rng, 13), Inputs.positive(rng, 13)})
                .roundings(14, REASON).magnitude(Magnitude.ELEMENTWISE));
        add(samples, "adagrad step", new AdagradStep(0.01, 1e-10, 0.01, false), 3, 8);
        add(samples, "moment step", new MomentStep(0.9, 0.999, 1e-8, 0.99, 0, 0.002, 0.008, 0.1, false), 4, 16);
        add(samples, "moment step without denominator", new MomentStep(0.9, 0.999, 1e-8, 1, 0.01, 0.002, 0.008, 0, true),
                4, 16);
        return samples;
    }

    private static void add(List<OpSample> samples, String name, Op op, int count, int roundings) {
        samples.add(OpSample.of(name, op, rng -> inputs(rng, count)).roundings(roundings, REASON)
                .magnitude(Magnitude.ELEMENTWISE)
                .refuses(ShapeException.class, op.name() + ": gradient has the wrong shape; got \\(3,\\); expected "
                        + "\\(2,\\)", refused(count, Tensors.ones(3)))
                .refuses(DTypeException.class, op.name() + ": parameter and gradient must have one type; got float32 "
                        + "and int64; .*", refused(count, Tensors.arange(2))));
    }

    private static Tensor[] inputs(Rng rng, int count) {
        Tensor[] inputs = new Tensor[count];
        for (int i = 0; i < count; i++) {
            inputs[i] = Inputs.positive(rng, 13);
        }
        return inputs;
    }

    private static Tensor[] refused(int count, Tensor gradient) {
        Tensor[] inputs = new Tensor[count];
        for (int i = 0; i < count - 1; i++) {
            inputs[i] = Tensors.ones(2);
        }
        inputs[count - 1] = gradient;
        return inputs;
    }
}

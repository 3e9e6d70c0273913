package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Clamp;
import org.bitgrid.tensor.op.Glu;
import org.bitgrid.tensor.op.Logical;
import org.bitgrid.tensor.op.MaskedFill;
import org.bitgrid.tensor.op.PRelu;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.ParametricPointwise.Kind;
import org.bitgrid.tensor.op.Predicate;
import org.bitgrid.tensor.op.RRelu;

/** Samples of activations with settings, of bounds, of questions and of masks. */
final class ActivationSamples {
    private static final String DECLARED = "what the function itself declares for a float32 kernel";

    private ActivationSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        parametric(samples, new ParametricPointwise(Kind.CLAMP, -0.61, 0.83), "clamp");
        parametric(samples, new ParametricPointwise(Kind.CLAMP, Double.NEGATIVE_INFINITY, 0.83), "clamp, no lower bound");
        parametric(samples, new ParametricPointwise(Kind.HARDTANH, -0.61, 0.83), "hardtanh");
        parametric(samples, new ParametricPointwise(Kind.LEAKY_RELU, 0.01, 0), "leaky relu");
        parametric(samples, new ParametricPointwise(Kind.ELU, 1.3, 0), "elu");
        parametric(samples, new ParametricPointwise(Kind.CELU, 0.7, 0), "celu");
        parametric(samples, new ParametricPointwise(Kind.SOFTPLUS, 1.5, 20), "softplus");
        parametric(samples, new ParametricPointwise(Kind.SOFTPLUS, 2, 1.07), "softplus, low threshold");
        parametric(samples, new ParametricPointwise(Kind.THRESHOLD, 0.41, -3), "threshold");
        parametric(samples, new ParametricPointwise(Kind.HARDSHRINK, 0.61, 0), "hardshrink");
        parametric(samples, new ParametricPointwise(Kind.SOFTSHRINK, 0.61, 0), "softshrink");
        samples.add(OpSample.one("clamp of integers", new ParametricPointwise(Kind.CLAMP, -3, 4),
                rng -> Inputs.integers(rng, DType.INT32, 4, 3)));
        others(samples);
        return samples;
    }

    private static void parametric(List<OpSample> samples, ParametricPointwise op, String name) {
        samples.add(OpSample.one(name, op, rng -> Inputs.floats(rng, 2, 3)).magnitude(Magnitude.AT_LEAST_INPUT)
                .roundings(op.kind().roundings(), DECLARED)
                .refuses(() -> new ParametricPointwise(op.kind(), Double.NaN, 0), ShapeException.class, op.name()
                        + ": settings must be numbers; got NaN and 0.0")
                .refuses(DTypeException.class, op.name() + ": input must .*; got bool; .*", Tensors.of(true)));
    }

    private static void others(List<OpSample> samples) {
        samples.add(OpSample.of("clamp by tensors", new Clamp(true, true), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Inputs.floats(rng, 3).mul(0.4), Inputs.positive(rng, 4, 1)})
                .refuses(ShapeException.class, "clamp: shapes cannot be broadcast; .*", Tensors.ones(2),
                        Tensors.ones(3), Tensors.ones(3))
                .refuses(ShapeException.class, "clamp: got 2 tensors; expected 3", Tensors.ones(2), Tensors.ones(2)));
        samples.add(OpSample.of("clamp by an upper bound", new Clamp(false, true), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Inputs.floats(rng)}));
        samples.add(OpSample.one("glu", new Glu(1), rng -> Inputs.floats(rng, 3, 4)).roundings(5, DECLARED)
                .refuses(ShapeException.class, "glu: dimension 1 must have an even size; got \\(2, 3\\)",
                        Tensors.ones(2, 3)));
        samples.add(OpSample.of("prelu", new PRelu(), rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 5),
            Inputs.floats(rng, 3)})
                .refuses(ShapeException.class, "prelu: weight must hold one slope, or one for each channel; got 2 for "
                        + "3 channels of \\(4, 3\\)", Tensors.ones(4, 3), Tensors.ones(2)));
        samples.add(OpSample.of("prelu, one slope", new PRelu(), rng -> new Tensor[] {Inputs.floats(rng, 5),
            Inputs.floats(rng, 1)}));
        samples.add(OpSample.one("rrelu", new RRelu(0.125, 0.35, 3), rng -> Inputs.floats(rng, 3, 5))
                .roundings(3, "the slope is rounded, and its product")
                .refuses(() -> new RRelu(0.5, 0.1, 0), ShapeException.class, "rrelu: lower slope must not be above .*"));
        for (Predicate.Kind kind : Predicate.Kind.values()) {
            samples.add(OpSample.one(kind.name().toLowerCase(Locale.ROOT), new Predicate(kind),
                    rng -> Inputs.floats(rng, 4, 3).mul(Inputs.bools(rng, 3))));
        }
        for (Logical.Kind kind : Logical.Kind.values()) {
            samples.add(OpSample.of("logical " + kind, new Logical(kind), rng -> new Tensor[] {
                Inputs.bools(rng, 4, 3), Inputs.integers(rng, DType.INT64, 3)})
                    .refuses(ShapeException.class, "logical_.*: shapes cannot be broadcast; .*", Tensors.ones(2),
                            Tensors.ones(3)));
        }
        samples.add(OpSample.of("masked fill", new MaskedFill(0.5), rng -> new Tensor[] {Inputs.floats(rng, 4, 3),
            Inputs.bools(rng, 3)})
                .refuses(DTypeException.class, "masked_fill: mask must be bool; got float32", Tensors.ones(2),
                        Tensors.ones(2))
                .refuses(DTypeException.class, "masked_fill: value does not fit the type; got 0.5 for int64",
                        Tensors.arange(2), Tensors.of(true, false))
                .refuses(ShapeException.class, "masked_fill: mask does not broadcast to the tensor; .*",
                        Tensors.ones(1), Tensors.of(true, false)));
    }
}

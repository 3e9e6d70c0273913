package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.CountEqual;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.ToDevice;
import org.bitgrid.tensor.op.Where;

/** Samples of operators that treat each element by itself. */
final class PointwiseSamples {
    private static final String DECLARED = "what the function itself declares for a float32 kernel";
    private static final String SETTING = DECLARED + ", and the setting becomes a float32 number";

    private PointwiseSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        for (Pointwise1.Kind kind : Pointwise1.Kind.values()) {
            functionOfOne(samples, kind);
        }
        for (Pointwise2.Kind kind : Pointwise2.Kind.values()) {
            functionOfTwo(samples, kind);
        }
        scalars(samples);
        parametric(samples);
        others(samples);
        return samples;
    }

    /** Inputs inside the domain of a function. */
    private static Function<Rng, Tensor> domain(Pointwise1.Kind kind, int... dims) {
        return switch (kind.name()) {
            case "LOG", "LOG2", "LOG10", "LOG1P", "SQRT", "RSQRT" -> rng -> Inputs.positive(rng, dims);
            case "ASIN", "ACOS", "ATANH", "TAN" -> rng -> Inputs.between(rng, -0.9, 0.9, dims);
            case "ACOSH" -> rng -> Inputs.between(rng, 1.1, 3, dims);
            default -> rng -> Inputs.floats(rng, dims);
        };
    }

    /** The same functions far from 1, where range reduction and saturation matter. */
    private static Function<Rng, Tensor> wide(Pointwise1.Kind kind, int... dims) {
        return switch (kind.name()) {
            case "LOG", "LOG2", "LOG10", "LOG1P", "SQRT", "RSQRT" -> rng -> Inputs.between(rng, 1e-3, 1e4, dims);
            case "ASIN", "ACOS", "ATANH" -> rng -> Inputs.between(rng, -0.999, 0.999, dims);
            case "ACOSH" -> rng -> Inputs.between(rng, 1.001, 1e3, dims);
            default -> rng -> Inputs.between(rng, -17, 17, dims);
        };
    }

    private static void functionOfOne(List<OpSample> samples, Pointwise1.Kind kind) {
        Pointwise1 op = new Pointwise1(kind);
        String name = kind.name().toLowerCase(Locale.ROOT);
        // Written as 0.5 · x · (1 + erf), which for negative x subtracts numbers of the size of x.
        Magnitude magnitude = name.startsWith("gelu") ? Magnitude.AT_LEAST_INPUT : Magnitude.ELEMENTWISE;
        samples.add(OpSample.one(name, op, domain(kind, 2, 3)).magnitude(magnitude)
                .roundings(kind.roundings(), DECLARED));
        samples.add(OpSample.one(name + ", no dimensions", op, domain(kind)).magnitude(magnitude)
                .roundings(kind.roundings(), DECLARED));
        samples.add(OpSample.one(name + ", wide range", op, wide(kind, 37)).magnitude(magnitude)
                .roundings(kind.roundings(), DECLARED).notDifferentiable("checked on another sample"));
    }

    private static void functionOfTwo(List<OpSample> samples, Pointwise2.Kind kind) {
        Pointwise2 op = new Pointwise2(kind);
        String name = kind.name().toLowerCase(Locale.ROOT);
        boolean positive = kind == Pointwise2.Kind.POW;
        List<OpSample> own = new ArrayList<>();
        own.add(OpSample.of(name, op, rng -> new Tensor[] {left(positive, rng, 2, 3), Inputs.floats(rng, 2, 3)}));
        own.add(OpSample.of(name + ", broadcast", op, rng -> new Tensor[] {left(positive, rng, 2, 1, 3),
            Inputs.floats(rng, 5, 1)}));
        own.add(OpSample.of(name + ", number on the right", op, rng -> new Tensor[] {left(positive, rng, 2, 3),
            Inputs.floats(rng)}));
        own.add(OpSample.of(name + ", number on the left", op, rng -> new Tensor[] {left(positive, rng),
            Inputs.floats(rng, 3)}));
        for (OpSample sample : own) {
            // Broadcast operands repeat, so that only single elements may be moved at a time.
            samples.add(sample.roundings(kind.roundings(), DECLARED).magnitude(Magnitude.ELEMENTWISE)
                    .refuses(ShapeException.class, op.name() + ": shapes cannot be broadcast; got \\(2, 3\\) and "
                            + "\\(2,\\); expected equal sizes or 1 at dimension -1", Tensors.ones(2, 3),
                            Tensors.ones(2)));
            if (kind.isComparison()) {
                sample.notDifferentiable("a comparison is constant almost everywhere");
            }
        }
    }

    private static Tensor left(boolean positive, Rng rng, int... dims) {
        return positive ? Inputs.positive(rng, dims) : Inputs.floats(rng, dims);
    }

    private static void scalars(List<OpSample> samples) {
        for (Pointwise2.Kind kind : Pointwise2.Kind.values()) {
            if (kind.name().endsWith("_GRAD")) {
                continue; // gradients have two tensors
            }
            String name = kind.name().toLowerCase(Locale.ROOT);
            boolean positive = kind == Pointwise2.Kind.POW;
            for (boolean reversed : new boolean[] {false, true}) {
                for (boolean integral : new boolean[] {false, true}) {
                    OpSample sample = OpSample.one(name + (reversed ? ", number first" : ", with a number")
                            + (integral ? ", written as an integer" : ""),
                            new PointwiseScalar(kind, integral ? 2 : 0.75, integral, reversed),
                            rng -> left(positive, rng, 2, 3)).roundings(kind.roundings(), DECLARED)
                            .magnitude(Magnitude.ELEMENTWISE);
                    samples.add(kind.isComparison()
                            ? sample.notDifferentiable("a comparison is constant almost everywhere") : sample);
                }
            }
        }
    }

    /** Functions with settings, far from 0; {@link ActivationSamples} has the others. */
    private static void parametric(List<OpSample> samples) {
        for (ParametricPointwise.Kind kind : ParametricPointwise.Kind.values()) {
            boolean bounds = kind == ParametricPointwise.Kind.CLAMP || kind == ParametricPointwise.Kind.HARDTANH;
            ParametricPointwise op = new ParametricPointwise(kind, bounds ? -0.6 : 0.65, 1.1);
            samples.add(OpSample.one(op.name() + ", wide range", op, rng -> Inputs.between(rng, -17, 17, 37))
                    .roundings(kind.roundings() + 1, SETTING).magnitude(Magnitude.ELEMENTWISE)
                    .notDifferentiable("checked on another sample"));
        }
    }

    private static void others(List<OpSample> samples) {
        samples.add(OpSample.of("where", new Where(), rng -> new Tensor[] {Inputs.bools(rng, 2, 3),
            Inputs.floats(rng, 2, 3), Inputs.floats(rng, 2, 3)})
                .refuses(DTypeException.class, "where: condition must be bool; got float32", Tensors.ones(2),
                        Tensors.ones(2), Tensors.ones(2))
                .refuses(DTypeException.class, "where: first value and second value must have one type; got float32 "
                        + "and int64; .*", Tensors.of(true), Tensors.ones(1), Tensors.arange(1))
                .refuses(ShapeException.class, "where: shapes cannot be broadcast; .*", Tensors.of(true, false),
                        Tensors.ones(3), Tensors.ones(3)));
        samples.add(OpSample.of("where, broadcast", new Where(), rng -> new Tensor[] {Inputs.bools(rng, 3),
            Inputs.floats(rng, 2, 1), Inputs.floats(rng)}));
        samples.add(OpSample.one("clone", new Copy(), rng -> Inputs.floats(rng, 2, 3)));
        samples.add(OpSample.one("to cpu", new ToDevice(Device.CPU), rng -> Inputs.floats(rng, 2, 3)));
        samples.add(OpSample.one("to float64", new Cast(DType.FLOAT64), rng -> Inputs.floats(rng, 2, 3)));
        for (DType type : new DType[] {DType.INT64, DType.INT32, DType.INT8, DType.BOOL}) {
            samples.add(OpSample.one("to " + type, new Cast(type), rng -> Inputs.between(rng, -3, 3, 2, 3))
                    .notDifferentiable("the result is of type " + type));
        }
        samples.add(OpSample.of("full", new Fill(new TensorSpec(Shape.of(2, 3), DType.FLOAT32, Device.CPU), 1.5),
                rng -> new Tensor[0]));
        samples.add(OpSample.of("add in place", new AddInPlace(-2.5), rng -> new Tensor[] {Inputs.floats(rng, 2, 3),
            Inputs.floats(rng, 2, 3)}).roundings(1, "the product and the sum are rounded")
                .refuses(DTypeException.class, "add_: types must agree; got float32 and int64", Tensors.ones(2),
                        Tensors.arange(2))
                .refuses(ShapeException.class, "add_: right operand has the wrong shape; got \\(3,\\); expected "
                        + "\\(2,\\)", Tensors.ones(2), Tensors.ones(3)));
        samples.add(OpSample.of("count equal", new CountEqual(), rng -> new Tensor[] {Inputs.indices(rng, 3, 7),
            Inputs.indices(rng, 3, 7)})
                .refuses(ShapeException.class, "count_equal: right operand has the wrong shape; got \\(3,\\); expected"
                        + " \\(2,\\)", Tensors.arange(2), Tensors.arange(3))
                .refuses(DTypeException.class, "count_equal: left operand and right operand must have one type; .*",
                        Tensors.arange(2), Tensors.ones(2)));
        samples.add(OpSample.one("dropout", new Dropout(0.4, 7), rng -> Inputs.floats(rng, 3, 5))
                .refuses(() -> new Dropout(1.5, 0), ShapeException.class, "dropout: probability must lie in \\[0, 1\\]; "
                        + "got 1.5")
                .refuses(DTypeException.class, "dropout: input must be floating point; got int64; .*",
                        Tensors.arange(2)));
        samples.add(OpSample.one("dropout of everything", new Dropout(1, 7), rng -> Inputs.floats(rng, 3, 5)));
        integers(samples);
    }

    private static void integers(List<OpSample> samples) {
        for (Pointwise2.Kind kind : new Pointwise2.Kind[] {Pointwise2.Kind.ADD, Pointwise2.Kind.SUB,
            Pointwise2.Kind.MUL, Pointwise2.Kind.DIV, Pointwise2.Kind.MAXIMUM, Pointwise2.Kind.LT, Pointwise2.Kind.EQ}) {
            samples.add(OpSample.of(kind.label() + " of integers", new Pointwise2(kind), rng -> new Tensor[] {
                Inputs.integers(rng, DType.INT32, 4, 3), Inputs.integers(rng, DType.INT64, 3).add(20)}));
            samples.add(OpSample.of(kind.label() + " of bytes and a float", new Pointwise2(kind), rng -> new Tensor[] {
                Inputs.integers(rng, DType.UINT8, 4, 3), Inputs.positive(rng)})
                    .notDifferentiable("checked on floating-point samples"));
        }
        samples.add(OpSample.one("abs of integers", new Pointwise1(Pointwise1.Kind.ABS),
                rng -> Inputs.integers(rng, DType.INT8, 4, 3)));
        samples.add(OpSample.one("exp of integers", new Pointwise1(Pointwise1.Kind.EXP),
                rng -> Inputs.integers(rng, DType.INT32, 4, 3)).roundings(4, DECLARED)
                .notDifferentiable("checked on floating-point samples"));
    }
}

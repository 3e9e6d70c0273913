package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.LogSumExp;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.Norm;
import org.bitgrid.tensor.op.Prod;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.op.Variance;

/** Samples of operators that fold dimensions. */
final class ReduceSamples {
    private ReduceSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        for (Reduce.Kind kind : Reduce.Kind.values()) {
            simple(samples, kind);
        }
        extremes(samples);
        made(samples);
        return samples;
    }

    private static void simple(List<OpSample> samples, Reduce.Kind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        Magnitude magnitude = kind == Reduce.Kind.SUM || kind == Reduce.Kind.MEAN ? Magnitude.ABSOLUTE
                : Magnitude.CONDITION;
        double roundings = kind == Reduce.Kind.MEAN ? 1 : 0;
        String reason = kind == Reduce.Kind.MEAN ? "the sum is divided" : "nothing but the sum, or nothing at all";
        samples.add(OpSample.one(name, new Reduce(kind, List.of(), false), rng -> Inputs.floats(rng, 2, 3, 4))
                .magnitude(magnitude).roundings(roundings, reason)
                .refuses(() -> new Reduce(kind, List.of(2), false), ShapeException.class, name
                        + ": dimension out of range; got 2 for shape \\(2, 3\\); expected -2 to 1", Tensors.ones(2, 3))
                .refuses(() -> new Reduce(kind, List.of(1, -1), false), ShapeException.class, name
                        + ": dimension 1 is named twice; got \\[1, -1\\]", Tensors.ones(2, 3)));
        samples.add(OpSample.one(name + " along the first dimension", new Reduce(kind, List.of(0), false),
                rng -> Inputs.floats(rng, 4, 2, 3)).magnitude(magnitude).roundings(roundings, reason));
        samples.add(OpSample.one(name + " along the last dimension, kept", new Reduce(kind, List.of(-1), true),
                rng -> Inputs.floats(rng, 4, 2, 3)).magnitude(magnitude).roundings(roundings, reason));
        samples.add(OpSample.one(name + " along two dimensions", new Reduce(kind, List.of(0, 2), false),
                rng -> Inputs.floats(rng, 4, 2, 3)).magnitude(magnitude).roundings(roundings, reason));
        samples.add(OpSample.one(name + " of a number", new Reduce(kind, List.of(0), true), rng -> Inputs.floats(rng))
                .magnitude(magnitude).roundings(roundings, reason));
        OpSample integers = OpSample.one(name + " of integers", new Reduce(kind, List.of(1), false),
                rng -> Inputs.integers(rng, DType.INT32, 4, 5));
        if (kind == Reduce.Kind.MEAN) {
            samples.get(samples.size() - 1).refuses(DTypeException.class, "mean: elements must be floating point; got "
                    + "int64; cast them with .to\\(DType.FLOAT32\\)", Tensors.arange(2));
        } else {
            samples.add(integers);
        }
    }

    private static void extremes(List<OpSample> samples) {
        for (boolean largest : new boolean[] {true, false}) {
            String end = largest ? "max" : "min";
            samples.add(OpSample.one(end + " along a dimension", new MaxDim(largest, 1, false),
                    rng -> Inputs.floats(rng, 3, 4, 2))
                    .refuses(ShapeException.class, "arg" + end + ": nothing to compare along dimension 1; got \\(2, 0\\)",
                            Tensors.ones(2, 0)));
            samples.add(OpSample.one(end + " along a dimension, kept", new MaxDim(largest, -1, true),
                    rng -> Inputs.floats(rng, 3, 4)));
            samples.add(OpSample.one(end + " of a number", new MaxDim(largest, 0, false), rng -> Inputs.floats(rng)));
            samples.add(OpSample.one("arg" + end, new ArgReduce(largest, null, false),
                    rng -> Inputs.floats(rng, 3, 4))
                    .refuses(ShapeException.class, "arg" + end + ": nothing to compare: the tensor is empty; got "
                            + "\\(0,\\)", Tensors.ones(0)));
            samples.add(OpSample.one("arg" + end + " along a dimension", new ArgReduce(largest, 0, true),
                    rng -> Inputs.floats(rng, 3, 4))
                    .refuses(ShapeException.class, "arg" + end + ": dimension out of range; got 0 for shape.*|arg" + end
                            + ": nothing to compare along dimension 0; got \\(0, 2\\)", Tensors.ones(0, 2)));
            samples.add(OpSample.one("arg" + end + " of integers", new ArgReduce(largest, 1, false),
                    rng -> Inputs.integers(rng, DType.INT64, 3, 20)));
        }
    }

    private static void made(List<OpSample> samples) {
        for (boolean reversed : new boolean[] {false, true}) {
            samples.add(OpSample.one("cumsum" + (reversed ? " from the end" : ""), new CumSum(1, reversed),
                    rng -> Inputs.floats(rng, 2, 5, 3)).magnitude(Magnitude.ABSOLUTE)
                    .refuses(() -> new CumSum(2, reversed), ShapeException.class, "cumsum: dimension out of range; got "
                            + "2 for shape \\(2,\\); .*", Tensors.ones(2)));
        }
        samples.add(OpSample.one("cumsum of integers", new CumSum(0, false),
                rng -> Inputs.integers(rng, DType.UINT8, 4, 3)));
        for (int size : new int[] {1, 4, 5}) {
            samples.add(OpSample.one("prod of " + size, new Prod(1, size == 4), rng -> Inputs.floats(rng, 2, size, 3)));
        }
        samples.add(OpSample.one("prod of integers", new Prod(-1, false), rng -> Inputs.integers(rng, DType.INT8, 3, 4)));
        samples.add(OpSample.one("prod with zeros", new Prod(0, false), rng -> Tensors.of(new float[] {0, 1.5f, 0, -2,
            0.5f, 0}, 3, 2))
                .refuses(() -> new Prod(2, false), ShapeException.class, "(prod|sum): dimension out of range; got 2 "
                        + "for shape \\(2,\\); expected -1 to 0", Tensors.ones(2)));
        double fold = 6;
        String folded = "difference, exponential, logarithm, of 4 roundings together, and two sums";
        samples.add(OpSample.one("logsumexp", new LogSumExp(List.of(1), false), rng -> Inputs.floats(rng, 2, 5))
                .roundings(fold, folded)
                .refuses(DTypeException.class, "logsumexp: input must be floating point; got int64; .*",
                        Tensors.arange(3)));
        samples.add(OpSample.one("logsumexp of all", new LogSumExp(List.of(), true), rng -> Inputs.floats(rng, 2, 3))
                .roundings(fold, folded));
        for (boolean root : new boolean[] {false, true}) {
            String name = root ? "std" : "var";
            for (int correction : new int[] {0, 1}) {
                samples.add(OpSample.one(name + ", correction " + correction, new Variance(List.of(1), correction,
                        correction == 0, root), rng -> Inputs.floats(rng, 2, 5)).roundings(5,
                        "mean, difference, square, quotient and root")
                        .refuses(DTypeException.class, name + ": input must be floating point; got int64; .*",
                                Tensors.arange(3)));
            }
        }
        for (double p : new double[] {0, 1, 2, 3, 0.5, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            boolean kink = p == 0;
            OpSample sample = OpSample.one("norm, p " + p, new Norm(p, List.of(1), p == 2),
                    rng -> Inputs.floats(rng, 2, 4)).roundings(16, "two powers of 8 roundings")
                    .refuses(() -> new Norm(Double.NaN, List.of(), false), ShapeException.class,
                            "norm: p must be a number; got NaN");
            samples.add(kink ? sample.notDifferentiable("a count is constant almost everywhere") : sample);
        }
        samples.add(OpSample.one("norm of all", new Norm(2, List.of(), false), rng -> Inputs.floats(rng, 2, 4))
                .roundings(2, "square and root")
                .refuses(DTypeException.class, "norm: input must be floating point; got int64; .*", Tensors.arange(3)));
    }
}

package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.CopyInPlace;
import org.bitgrid.tensor.op.CumProd;
import org.bitgrid.tensor.op.FillInPlace;
import org.bitgrid.tensor.op.InPlace;
import org.bitgrid.tensor.op.MaskedFill;
import org.bitgrid.tensor.op.Nonzero;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.Scatter;
import org.bitgrid.tensor.op.Truth;

/** Samples of operators that put elements somewhere, fold truths, or overwrite their first input. */
final class SelectionSamples {
    private SelectionSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        samples.add(OpSample.of("scatter", new Scatter(1), rng -> new Tensor[] {Inputs.floats(rng, 3, 5),
            Tensors.of(new long[] {4, 0, 2, 1, 3, 0}, 3, 2), Inputs.floats(rng, 3, 2)})
                .refuses(DTypeException.class, "scatter: index must be int64 or int32; got float32", Tensors.ones(2),
                        Tensors.ones(2), Tensors.ones(2))
                .refuses(() -> new Scatter(0), ShapeException.class, "scatter: index must not be larger than the "
                        + "source; .*", Tensors.ones(2), Tensors.arange(2), Tensors.ones(1)));
        samples.add(OpSample.of("scatter of fewer than there are", new Scatter(0), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Tensors.of(new int[] {2, 0}, 1, 2), Inputs.floats(rng, 2, 3)}));
        samples.add(OpSample.one("nonzero", new Nonzero(6), rng -> Inputs.floats(rng, 2, 3))
                .refuses(() -> new Nonzero(2), ShapeException.class, "nonzero: found 1 elements that are not 0; "
                        + "expected 2", Tensors.of(0f, 3f)));
        for (boolean all : new boolean[] {true, false}) {
            String name = all ? "all" : "any";
            samples.add(OpSample.one(name, new Truth(all, List.of(), false), rng -> Inputs.bools(rng, 4, 3)));
            samples.add(OpSample.one(name + " along dimensions", new Truth(all, List.of(1), true),
                    rng -> Inputs.integers(rng, DType.INT64, 5, 2))
                    .refuses(() -> new Truth(all, List.of(2), false), ShapeException.class,
                            "sum: dimension out of range; .*", Tensors.ones(2, 2)));
        }
        samples.add(OpSample.one("cumprod", new CumProd(1), rng -> Inputs.floats(rng, 2, 5, 3))
                .refuses(() -> new CumProd(2), ShapeException.class, "cumprod: dimension out of range; .*",
                        Tensors.ones(2, 2)));
        samples.add(OpSample.one("cumprod of integers", new CumProd(0), rng -> Inputs.integers(rng, DType.INT32, 3, 2)));
        inPlace(samples);
        return samples;
    }

    private static void inPlace(List<OpSample> samples) {
        samples.add(OpSample.of("mul in place", new InPlace(new Pointwise2(Pointwise2.Kind.MUL)), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Inputs.floats(rng, 3)})
                .refuses(ShapeException.class, "mul_: result does not fit in place; got \\(2, 3\\); expected \\(3,\\)",
                        Tensors.ones(3), Tensors.ones(2, 3))
                .refuses(DTypeException.class, "mul_: a result of type float32 does not fit in place; .*",
                        Tensors.arange(3), Tensors.ones(3)));
        samples.add(OpSample.one("exp in place", new InPlace(new Pointwise1(Pointwise1.Kind.EXP)),
                rng -> Inputs.floats(rng, 4, 3)).roundings(4, "as exp"));
        samples.add(OpSample.of("masked fill in place", new InPlace(new MaskedFill(2)), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Inputs.bools(rng, 3)}));
        samples.add(OpSample.of("copy in place", new CopyInPlace(), rng -> new Tensor[] {Inputs.floats(rng, 4, 3),
            Inputs.floats(rng, 4, 1)})
                .refuses(ShapeException.class, "copy_: source does not broadcast to the target; got \\(2, 3\\); "
                        + "expected \\(3,\\)", Tensors.ones(3), Tensors.ones(2, 3)));
        samples.add(OpSample.of("copy of integers in place", new CopyInPlace(), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Inputs.integers(rng, DType.INT64, 3)}));
        samples.add(OpSample.one("fill in place", new FillInPlace(1.5), rng -> Inputs.floats(rng, 4, 3)));
    }
}

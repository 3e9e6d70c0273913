package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Dequantize;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.FloatFakeQuantize;
import org.bitgrid.tensor.op.Histogram;
import org.bitgrid.tensor.op.MinMax;
import org.bitgrid.tensor.op.Quantize;

/** Samples of operators that round to grids or gather the statistics for them. Their bits are defined in float32. */
final class QuantSamples {
    private static final String STRAIGHT_THROUGH = "straight-through gradients are not those of the rounded function; "
            + "they are checked against their formulas and AIMET's numbers";
    private static final String EXACT = "every step is rounded as the definition says";

    private QuantSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        grids(samples);
        formats(samples);
        statistics(samples);
        return samples;
    }

    /** x, scale and offset; some of x lies outside of a grid of 4 bits. */
    private static Tensor[] perTensor(Rng rng) {
        return new Tensor[] {Inputs.between(rng, -2, 2, 3, 7), Tensors.of(0.19f), Tensors.of(-1f)};
    }

    private static Tensor[] perChannel(Rng rng) {
        return new Tensor[] {Inputs.between(rng, -2, 2, 3, 7), Inputs.between(rng, 0.1, 0.3, 3, 1),
            Inputs.indices(rng, 5, 3, 1).to(DType.FLOAT32).sub(2.0)};
    }

    private static Tensor[] with(Tensor gradient, Tensor[] rest) {
        return new Tensor[] {gradient, rest[0], rest[1], rest[2]};
    }

    private static void grids(List<OpSample> samples) {
        for (boolean reciprocal : new boolean[] {false, true}) {
            String way = reciprocal ? ", by the reciprocal" : "";
            FakeQuantize op = new FakeQuantize(-8, 7, 0, reciprocal);
            samples.add(OpSample.of("fake quantize" + way, op, QuantSamples::perTensor).exact(EXACT)
                    .notDifferentiable(STRAIGHT_THROUGH)
                    .refuses(() -> new FakeQuantize(7, 7, 0, false), ShapeException.class, "fake_quantize: qmax should be "
                            + "strictly larger than qmin; got 7 and 7")
                    .refuses(ShapeException.class, "fake_quantize: scale of shape \\(2,\\) cannot be expanded like input "
                            + "tensor of shape \\(3, 7\\); .*", Tensors.ones(3, 7), Tensors.ones(2), Tensors.ones(2))
                    .refuses(DTypeException.class, "fake_quantize: input must be floating point; .*",
                            Tensors.arange(3), Tensors.ones(1), Tensors.ones(1)));
            samples.add(OpSample.of("fake quantize per channel" + way, op, QuantSamples::perChannel).exact(EXACT)
                    .notDifferentiable(STRAIGHT_THROUGH));
            samples.add(OpSample.of("fake quantize input gradient" + way,
                    new FakeQuantize.InputGrad(-8, 7, 0, reciprocal),
                    rng -> with(Inputs.floats(rng, 3, 7), perChannel(rng))).exact(EXACT).constant(1, 2, 3)
                    .refuses(ShapeException.class, "fake_quantize_input_grad: gradient has the wrong shape; .*",
                            with(Tensors.ones(2), perTensor(Seeds.rng("refused")))));
            samples.add(OpSample.of("fake quantize gradients" + way, new FakeQuantize.Grad(-8, 7, 0, reciprocal),
                    rng -> with(Inputs.floats(rng, 3, 7), perChannel(rng))).definedInFloat32(Magnitude.OUTPUT)
                    .roundings(1, "terms are exact, their sum is one of doubles"));
        }
        samples.add(OpSample.of("fake quantize to 24 bits, shifted", new FakeQuantize(0, (1 << 24) - 1, 0.5, false),
                rng -> new Tensor[] {Inputs.between(rng, -2, 2, 13), Tensors.of(1e-6f), Tensors.of(-8388608f)})
                .exact(EXACT).notDifferentiable(STRAIGHT_THROUGH));
        samples.add(OpSample.of("quantize", new Quantize(0, 15), QuantSamples::perTensor).exact(EXACT)
                .notDifferentiable(STRAIGHT_THROUGH)
                .refuses(() -> new Quantize(0, 1 << 24), DTypeException.class, "quantize: float32 cannot represent all "
                        + "codes of the grid; .*", Tensors.ones(3), Tensors.ones(1), Tensors.ones(1)));
        samples.add(OpSample.of("quantize per channel", new Quantize(-8, 7), QuantSamples::perChannel).exact(EXACT)
                .notDifferentiable(STRAIGHT_THROUGH));
        samples.add(OpSample.of("quantize gradients", new Quantize.Grad(-8, 7),
                rng -> with(Inputs.floats(rng, 3, 7), perChannel(rng))).definedInFloat32(Magnitude.OUTPUT)
                .roundings(1, "terms are exact, their sum is one of doubles"));
        samples.add(OpSample.of("dequantize", new Dequantize(0), rng -> new Tensor[] {Inputs.floats(rng, 3, 7),
            Inputs.positive(rng, 3, 1), Inputs.floats(rng, 3, 1)}).roundings(1, "sum and product"));
        samples.add(OpSample.of("dequantize, shifted", new Dequantize(0.5), rng -> new Tensor[] {
            Inputs.floats(rng, 3, 7), Inputs.positive(rng, 1), Inputs.floats(rng, 1)}).roundings(2,
                    "two sums and a product"));
    }

    private static void formats(List<OpSample> samples) {
        for (boolean straightThrough : new boolean[] {true, false}) {
            String gradient = straightThrough ? "" : ", no gradient";
            samples.add(OpSample.of("float fake quantize" + gradient, new FloatFakeQuantize(3, -6, 448, true, true,
                    straightThrough), rng -> new Tensor[] {Inputs.between(rng, -600, 600, 3, 7), Tensors.of(1f)})
                    .exact(EXACT).notDifferentiable(STRAIGHT_THROUGH)
                    .refuses(() -> new FloatFakeQuantize(24, -6, 448, true, true, true), ShapeException.class,
                            "float_fake_quantize: not a format within float32; got 24 mantissa bits, .*"));
            samples.add(OpSample.of("float fake quantize input gradient" + gradient, new FloatFakeQuantize.InputGrad(1,
                    straightThrough), rng -> new Tensor[] {Inputs.floats(rng, 3, 7), Inputs.floats(rng, 3, 7),
                        Tensors.of(1f)}).exact(EXACT).constant(1, 2));
        }
        samples.add(OpSample.of("float fake quantize, scaled, small numbers", new FloatFakeQuantize(2, -14, 57344, true,
                false, true), rng -> new Tensor[] {Inputs.between(rng, -1e-4, 1e-4, 3, 7),
                    Inputs.between(rng, 0.5, 2, 3, 1)}).exact(EXACT).notDifferentiable(STRAIGHT_THROUGH));
    }

    private static void statistics(List<OpSample> samples) {
        for (boolean finiteOnly : new boolean[] {true, false}) {
            String which = finiteOnly ? ", finite ones only" : "";
            samples.add(OpSample.one("min and max" + which, new MinMax(Shape.of(1), finiteOnly),
                    rng -> Inputs.floats(rng, 3, 7))
                    .refuses(() -> new MinMax(Shape.of(2), finiteOnly), ShapeException.class, "min_max: statistics of "
                            + "shape \\(2,\\) cannot be gathered from a tensor of shape \\(3, 7\\); .*",
                            Tensors.ones(3, 7))
                    .refuses(ShapeException.class, "min_max: input has no elements; got \\(0,\\)", Tensors.ones(0)));
            samples.add(OpSample.one("min and max per channel" + which, new MinMax(Shape.of(3, 1), finiteOnly),
                    rng -> Inputs.floats(rng, 3, 7)));
        }
        samples.add(OpSample.of("histogram", new Histogram(5), rng -> new Tensor[] {Inputs.floats(rng, 3, 7),
            Tensors.of(-1.5f), Tensors.of(1.6f)}).exact(EXACT)
                .refuses(() -> new Histogram(0), ShapeException.class, "histogram: bins must be at least 1; got 0")
                .refuses(ShapeException.class, "histogram: high has the wrong shape; .*", Tensors.ones(3),
                        Tensors.ones(1), Tensors.ones(3)));
        samples.add(OpSample.of("histogram per channel", new Histogram(4), rng -> new Tensor[] {
            Inputs.floats(rng, 3, 7), Inputs.between(rng, -2, -1, 3, 1), Inputs.between(rng, 1, 2, 3, 1)})
                .exact(EXACT));
    }
}

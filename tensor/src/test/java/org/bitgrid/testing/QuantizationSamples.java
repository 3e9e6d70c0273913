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
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Quantize;

/** Samples of the operators of quantization. Scales are such that some elements clip. */
final class QuantizationSamples {
    private static final String ROUNDED = "rounding has no slope; the straight-through gradient is checked by its formula";

    private QuantizationSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        fakeQuantize(samples);
        codes(samples);
        formats(samples);
        statistics(samples);
        return samples;
    }

    /** x (2, 3, 5), scale and offset (3, 1). */
    private static Tensor[] channels(Rng rng) {
        return new Tensor[] {Inputs.floats(rng, 2, 3, 5), Inputs.between(rng, 0.1, 0.3, 3, 1),
            Tensors.of(new float[] {-7, -8, -9}, 3, 1)};
    }

    private static Tensor[] whole(Rng rng) {
        return new Tensor[] {Inputs.floats(rng, 2, 3, 5), Tensors.scalar(0.171), Tensors.scalar(-6)};
    }

    private static Tensor[] withGradient(Rng rng, Tensor... rest) {
        return new Tensor[] {Inputs.floats(rng, rest[0].shape().toArray()), rest[0], rest[1], rest[2]};
    }

    private static OpSample rounded(OpSample sample) {
        return sample.notDifferentiable(ROUNDED);
    }

    private static void fakeQuantize(List<OpSample> samples) {
        samples.add(rounded(OpSample.of("fake quantize", new FakeQuantize(0, 15, 0, false), QuantizationSamples::whole))
                .refuses(ShapeException.class, "fake_quantize: scale of shape \\(2,\\) cannot be expanded like input "
                        + "tensor of shape \\(2, 3\\); .*", Tensors.ones(2, 3), Tensors.ones(2), Tensors.ones(2))
                .refuses(ShapeException.class, "fake_quantize: offset has the wrong shape; .*", Tensors.ones(2, 3),
                        Tensors.ones(1), Tensors.ones(3))
                .refuses(DTypeException.class, "fake_quantize: input must be floating point; .*", Tensors.arange(2),
                        Tensors.ones(1), Tensors.ones(1))
                .refuses(() -> new FakeQuantize(3, 3, 0, false), ShapeException.class, "fake_quantize: qmax should be "
                        + "strictly larger than qmin; got 3 and 3")
                .refuses(() -> new FakeQuantize(0, 3, 0.5, true), ShapeException.class, "fake_quantize: a shifted grid "
                        + "is computed by division; .*"));
        samples.add(rounded(OpSample.of("fake quantize, reciprocal", new FakeQuantize(0, 15, 0, true),
                QuantizationSamples::whole)));
        samples.add(rounded(OpSample.of("fake quantize, channels", new FakeQuantize(0, 15, 0, false),
                QuantizationSamples::channels)));
        samples.add(rounded(OpSample.of("fake quantize, last dimension", new FakeQuantize(-8, 7, 0, false),
                rng -> new Tensor[] {Inputs.floats(rng, 7, 3), Inputs.between(rng, 0.1, 0.3, 3), Tensors.zeros(3)})));
        samples.add(rounded(OpSample.of("fake quantize, shifted", new FakeQuantize(-2, 1, 0.5, false),
                rng -> new Tensor[] {Inputs.floats(rng, 11), Tensors.scalar(0.43), Tensors.scalar(0)})));
        samples.add(rounded(OpSample.of("fake quantize, 24 bits", new FakeQuantize(0, (1 << 24) - 1, 0, false),
                rng -> new Tensor[] {Inputs.floats(rng, 11), Tensors.scalar(1e-7), Tensors.scalar(-(1 << 23))})));
        for (FakeQuantize op : new FakeQuantize[] {new FakeQuantize(0, 15, 0, false), new FakeQuantize(0, 15, 0, true)}) {
            String how = op.reciprocal() ? ", reciprocal" : "";
            Op input = new FakeQuantize.InputGrad(op.qmin(), op.qmax(), 0, op.reciprocal());
            samples.add(rounded(OpSample.of("fake quantize input gradient" + how, input,
                    rng -> withGradient(rng, whole(rng)))));
            samples.add(rounded(OpSample.of("fake quantize input gradient, channels" + how, input,
                    rng -> withGradient(rng, channels(rng)))));
        }
        samples.add(OpSample.of("fake quantize gradient", new FakeQuantize.Grad(0, 15, 0, false),
                rng -> withGradient(rng, whole(rng))).roundings(3, "x / scale, less its rounding, times the gradient")
                .refuses(ShapeException.class, "fake_quantize_grad: gradient has the wrong shape; .*", Tensors.ones(3),
                        Tensors.ones(2), Tensors.ones(1), Tensors.ones(1)));
        samples.add(OpSample.of("fake quantize gradient, channels", new FakeQuantize.Grad(0, 15, 0, false),
                rng -> withGradient(rng, channels(rng))).roundings(3, "x / scale, less its rounding, times the gradient"));
    }

    private static void codes(List<OpSample> samples) {
        samples.add(rounded(OpSample.of("quantize", new Quantize(0, 15), QuantizationSamples::whole))
                .refuses(() -> new Quantize(0, (1L << 24) - 1), DTypeException.class, "quantize: float32 cannot represent "
                        + "all codes of the grid; .*", Tensors.ones(2), Tensors.ones(1), Tensors.zeros(1)));
        samples.add(rounded(OpSample.of("quantize, channels", new Quantize(0, 15), QuantizationSamples::channels)));
        samples.add(OpSample.of("quantize gradient", new Quantize.Grad(0, 15), rng -> withGradient(rng, channels(rng)))
                .roundings(3, "two divisions and a product"));
        samples.add(OpSample.of("dequantize", new Dequantize(0), rng -> new Tensor[] {
            Tensors.of(new float[] {0, 3, 15, 7, 8, 2}, 3, 2), Inputs.positive(rng, 3, 1),
            Tensors.of(new float[] {-3, -1, 4}, 3, 1)}).roundings(1, "a sum, then a product"));
        samples.add(OpSample.of("dequantize, shifted", new Dequantize(0.5), rng -> new Tensor[] {
            Tensors.of(-2f, -1f, 0f, 1f), Inputs.positive(rng), Tensors.scalar(0)}).roundings(2, "two sums, a product"));
    }

    private static void formats(List<OpSample> samples) {
        samples.add(rounded(OpSample.of("float fake quantize", new FloatFakeQuantize(3, -6, 448, true, true, true),
                rng -> new Tensor[] {Inputs.between(rng, -1e-2, 1e-2, 2, 9), Tensors.scalar(0.9)}))
                .refuses(() -> new FloatFakeQuantize(24, 0, 1, true, false, true), ShapeException.class,
                        "float_fake_quantize: not a format within float32; .*"));
        samples.add(rounded(OpSample.of("float fake quantize, channels", new FloatFakeQuantize(2, -3, 3.5, true, false,
                false), rng -> new Tensor[] {Inputs.floats(rng, 3, 5), Inputs.between(rng, 0.2, 0.6, 3, 1)})));
        for (boolean passes : new boolean[] {true, false}) {
            samples.add(rounded(OpSample.of("float fake quantize input gradient" + (passes ? "" : ", none"),
                    new FloatFakeQuantize.InputGrad(3.5, passes), rng -> new Tensor[] {Inputs.floats(rng, 3, 5),
                        Inputs.floats(rng, 3, 5), Inputs.between(rng, 0.2, 0.6, 3, 1)})));
        }
    }

    private static void statistics(List<OpSample> samples) {
        samples.add(OpSample.one("min max", new MinMax(Shape.SCALAR, false), rng -> Inputs.floats(rng, 2, 3, 5))
                .refuses(ShapeException.class, "min_max: input has no elements; got \\(0,\\)", Tensors.zeros(0))
                .refuses(() -> new MinMax(Shape.of(2), true), ShapeException.class, "min_max: statistics of shape \\(2,\\) "
                        + "cannot be gathered from a tensor of shape \\(3,\\); .*", Tensors.ones(3)));
        samples.add(OpSample.one("min max, channels", new MinMax(Shape.of(3, 1), true), rng -> Inputs.floats(rng, 2, 3, 5)));
        samples.add(OpSample.of("histogram", new Histogram(7), rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 5),
            Tensors.scalar(-1.1), Tensors.scalar(1.2)})
                .refuses(() -> new Histogram(0), ShapeException.class, "histogram: bins must be at least 1; got 0"));
        samples.add(OpSample.of("histogram, channels", new Histogram(4), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 5), Tensors.full(Shape.of(3, 1), -1.3, DType.FLOAT32),
            Inputs.positive(rng, 3, 1)}));
    }
}

package org.bitgrid.quant;

import java.util.List;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.FakeQuantize;

/** Times of quantization and calibration for the sizes of the quickstart network; run by hand. */
public final class QuantSpeed {
    private QuantSpeed() {
    }

    public static void main(String[] arguments) {
        Rng rng = new Rng(1);
        Tensor x = Tensors.randn(rng, 128, 128, 14, 14).relu();
        Tensor g = Tensors.randn(rng, 128, 128, 14, 14);
        Tensor w = Tensors.randn(rng, 256, 128, 3, 3);
        Tensor s = Tensors.scalar(0.02);
        Tensor o = Tensors.scalar(0);
        Tensor sc = Tensors.full(Shape.of(256, 1, 1, 1), 0.2, DType.FLOAT32);
        Tensor oc = Tensors.zeros(256, 1, 1, 1);
        Grid u8 = Grid.ofBits(8, false);
        time("relu (for comparison)", x.numel(), () -> x.relu());
        time("fake quantize, divided", x.numel(), () -> Dispatch.apply(new FakeQuantize(0, 255, 0, false), x, s, o));
        time("fake quantize, reciprocal", x.numel(), () -> Dispatch.apply(new FakeQuantize(0, 255, 0, true), x, s, o));
        time("input gradient", x.numel(), () -> Dispatch.apply(new FakeQuantize.InputGrad(0, 255, 0, true), g, x, s,
                o));
        time("all gradients", x.numel(), () -> Dispatch.applyAll(new FakeQuantize.Grad(0, 255, 0, false), g, x, s, o));
        time("weights per channel", w.numel(), () -> Dispatch.apply(new FakeQuantize(-8, 7, 0, true), w, sc, oc));
        for (QuantScheme scheme : QuantScheme.values()) {
            EncodingAnalyzer analyzer = EncodingAnalyzer.of(scheme, Shape.of(1));
            time("observe " + scheme, x.numel(), () -> analyzer.update(x));
            time("encodings " + scheme, 1, () -> analyzer.computeEncodings(u8.steps(), false));
            EncodingAnalyzer channels = EncodingAnalyzer.of(scheme, Shape.of(256, 1, 1, 1), List.of());
            time("weights " + scheme, w.numel(), () -> {
                channels.reset();
                channels.update(w);
                channels.computeEncodings(15, true);
            });
        }
    }

    private static void time(String what, long elements, Runnable run) {
        double best = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        for (int i = 0; i < 12 || System.nanoTime() - start < 400_000_000L && i < 300; i++) {
            try (TensorScope scope = TensorScope.open()) {
                long before = System.nanoTime();
                run.run();
                best = Math.min(best, System.nanoTime() - before);
            }
        }
        System.out.printf("%-60s %8.3f ms %8.3f ns/element%n", what, best / 1e6, best / elements);
    }
}

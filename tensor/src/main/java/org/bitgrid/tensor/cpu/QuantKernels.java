package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Quantize;

/**
 * Quantize and quantize-dequantize, one pass over the elements each. Loops are free of branches, so that the compiler
 * vectorises them; grids that they cannot express take slow ones of the same results.
 */
final class QuantKernels {
    private QuantKernels() {
    }

    static void register() {
        CpuBackend.define(FakeQuantize.class, new FakeQuantizeKernel());
        CpuBackend.define(Quantize.class, QuantKernels::quantize);
        QuantGradKernels.register();
        ObservationKernels.register();
        FloatFormatKernels.register();
    }

    static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    /**
     * The elements from index 0 on: the storage itself where they start there, else a copy. Loops whose arrays have one
     * index are vectorised, others are not: 7 to 20 times slower.
     */
    static float[] fromZero(Tensor tensor) {
        return tensor.layout().offset() == 0 ? tensor.storage().floats() : tensor.toFloatArray();
    }

    /** Grids too wide for FLOAT32 are left to the reference. */
    private static final class FakeQuantizeKernel implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            FakeQuantize own = (FakeQuantize) op;
            return CpuKernel.super.takes(op, inputs) && !FakeQuantize.needsDouble(own.qmin(), own.qmax());
        }

        @Override
        public void run(Op op, Tensor[] in, Tensor[] out) {
            FakeQuantize own = (FakeQuantize) op;
            float[] x = fromZero(in[0]);
            float[] y = floats(out[0]);
            float[] scale = fromZero(in[1]);
            float[] offset = fromZero(in[2]);
            new BroadcastRuns(in[0].layout().shape(), in[1].layout().shape()).forEachSegment(
                    (segment, shared, from, to) -> {
                        CodeGrid grid = CodeGrid.of(scale[shared], offset[shared], own.qmin(),
                                own.qmax(), own.zeroPointShift(), own.reciprocal());
                        if (!grid.fast()) {
                            fakeQuantizeSlowly(x, y, from, to, grid);
                        } else if (own.reciprocal()) {
                            multiplied(x, y, from, to, grid.factor(), grid.scale(), grid.low(), grid.high());
                        } else if (own.zeroPointShift() == 0) {
                            divided(x, y, from, to, grid.scale(), grid.low(), grid.high());
                        } else {
                            shifted(x, y, from, to, grid.scale(), grid.low(), grid.high(), grid.shift());
                        }
                    });
        }
    }

    private static void multiplied(float[] x, float[] y, int from, int to, float factor, float scale, float low,
                                   float high) {
        for (int i = from; i < to; i++) {
            float steps = Math.min(Math.max(x[i] * factor, low), high);
            y[i] = ((steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER) * scale;
        }
    }

    private static void divided(float[] x, float[] y, int from, int to, float scale, float low, float high) {
        for (int i = from; i < to; i++) {
            float steps = Math.min(Math.max(x[i] / scale, low), high);
            y[i] = ((steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER) * scale;
        }
    }

    private static void shifted(float[] x, float[] y, int from, int to, float scale, float low, float high,
                                float shift) {
        for (int i = from; i < to; i++) {
            float steps = Math.min(Math.max(x[i] / scale - shift, low), high);
            y[i] = ((steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER + shift) * scale;
        }
    }

    private static void fakeQuantizeSlowly(float[] x, float[] y, int from, int to, CodeGrid grid) {
        for (int i = from; i < to; i++) {
            float code = Math.min(Math.max(grid.unclamped(x[i]), grid.qmin()), grid.qmax());
            y[i] = (code + grid.offset() + grid.shift()) * grid.scale();
        }
    }

    private static void quantize(Op op, Tensor[] in, Tensor[] out) {
        Quantize own = (Quantize) op;
        float[] x = fromZero(in[0]);
        float[] codes = floats(out[0]);
        float[] scale = fromZero(in[1]);
        float[] offset = fromZero(in[2]);
        BroadcastRuns runs = new BroadcastRuns(in[0].layout().shape(), in[1].layout().shape());
        runs.forEachSegment((segment, shared, from, to) -> {
            CodeGrid grid = CodeGrid.of(scale[shared], offset[shared], own.qmin(), own.qmax(), 0,
                    false);
            if (grid.fast()) {
                codes(x, codes, from, to, grid.scale(), grid.offset(), grid.low(), grid.high());
            } else {
                for (int i = from; i < to; i++) {
                    codes[i] = Math.min(Math.max(grid.unclamped(x[i]), grid.qmin()), grid.qmax()) + 0f;
                }
            }
        });
    }

    private static void codes(float[] x, float[] codes, int from, int to, float scale, float offset, float low,
                              float high) {
        for (int i = from; i < to; i++) {
            float steps = Math.min(Math.max(x[i] / scale, low), high);
            codes[i] = (steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER - offset + 0f;
        }
    }
}

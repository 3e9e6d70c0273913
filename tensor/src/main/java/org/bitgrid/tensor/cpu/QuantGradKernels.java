package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Quantize;

/**
 * Gradients of quantization. The mask is recomputed from the input without a branch: with the steps brought to within
 * one of the grid, their distance from its centre tells whether they lie on it. Terms of a range's gradient are float,
 * their sums double, added in the order of the elements by blocks that depend on the shapes alone.
 */
final class QuantGradKernels {
    /** Terms that are computed, then summed, at a time. */
    private static final int BLOCK = 1024;

    private QuantGradKernels() {
    }

    static void register() {
        CpuBackend.define(FakeQuantize.InputGrad.class, new InputGradKernel());
        CpuBackend.define(FakeQuantize.Grad.class, new GradKernel());
        CpuBackend.define(Quantize.Grad.class, new QuantizeGradKernel());
    }

    private static boolean floatsOfNarrowGrid(Tensor[] inputs, long qmin, long qmax) {
        for (Tensor input : inputs) {
            if (input.dtype() != DType.FLOAT32) {
                return false;
            }
        }
        return !FakeQuantize.needsDouble(qmin, qmax);
    }

    private static final class InputGradKernel implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            FakeQuantize.InputGrad own = (FakeQuantize.InputGrad) op;
            return floatsOfNarrowGrid(inputs, own.qmin(), own.qmax());
        }

        @Override
        public void run(Op op, Tensor[] in, Tensor[] out) {
            FakeQuantize.InputGrad own = (FakeQuantize.InputGrad) op;
            Arguments a = new Arguments(in);
            float[] dx = QuantKernels.floats(out[0]);
            a.runs().forEachSegment((segment, shared, from, to) -> {
                CodeGrid grid = CodeGrid.of(a.scale(shared), a.offset(shared), own.qmin(), own.qmax(),
                        own.zeroPointShift(), own.reciprocal());
                if (!grid.fast()) {
                    for (int i = from; i < to; i++) {
                        dx[i] = a.g[i] * mask(grid, a.x[i]);
                    }
                } else if (own.reciprocal()) {
                    passMultiplied(a.g, a.x, dx, from, to, grid.factor(), grid.low(), grid.high());
                } else {
                    passDivided(a.g, a.x, dx, from, to, grid.scale(), grid.shift(), grid.low(),
                            grid.high());
                }
            });
        }
    }

    /** What the gradient operators read: g, x, scale, offset. */
    private static final class Arguments {
        final Tensor[] in;
        final float[] g;
        final float[] x;
        private final float[] scales;
        private final float[] offsets;

        Arguments(Tensor[] in) {
            this.in = in;
            g = QuantKernels.fromZero(in[0]);
            x = QuantKernels.fromZero(in[1]);
            scales = in[2].toFloatArray();
            offsets = in[3].toFloatArray();
        }

        BroadcastRuns runs() {
            return new BroadcastRuns(in[1].layout().shape(), in[2].layout().shape());
        }

        float scale(int shared) {
            return scales[shared];
        }

        float offset(int shared) {
            return offsets[shared];
        }
    }

    /** A few elements in arrays that start at index 0, for loops that are to be vectorised. */
    private static final class Block {
        final float[] g;
        final float[] x;
        final float[] dx;
        final float[] ofScale;
        final float[] ofOffset;

        Block(int length) {
            g = new float[length];
            x = new float[length];
            dx = new float[length];
            ofScale = new float[length];
            ofOffset = new float[length];
        }
    }

    private static float mask(CodeGrid grid, float x) {
        float code = grid.unclamped(x);
        return code >= grid.qmin() && code <= grid.qmax() ? 1 : Float.isNaN(code) ? code : 0;
    }

    private static void passMultiplied(float[] g, float[] x, float[] dx, int from, int to, float factor,
                                       float low, float high) {
        float centre = (low + high) / 2;
        float reach = (high - low) / 2 + 1;
        for (int i = from; i < to; i++) {
            float steps = Math.min(Math.max(x[i] * factor, low - 1), high + 1);
            float rounded = (steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER;
            dx[i] = g[i] * Math.min(reach - Math.abs(rounded - centre), 1f);
        }
    }

    private static void passDivided(float[] g, float[] x, float[] dx, int from, int to, float scale,
                                    float shift, float low, float high) {
        float centre = (low + high) / 2;
        float reach = (high - low) / 2 + 1;
        for (int i = from; i < to; i++) {
            float steps = Math.min(Math.max(x[i] / scale - shift, low - 1), high + 1);
            float rounded = (steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER;
            dx[i] = g[i] * Math.min(reach - Math.abs(rounded - centre), 1f);
        }
    }

    /** A kernel that computes gradients of x, scale and offset together. */
    private abstract static class RangeGradKernel implements CpuKernel {
        abstract CodeGrid grid(Op op, float scale, float offset);

        /** Fills the gradient of x and the terms for {@code count} elements. */
        abstract void terms(Block block, CodeGrid grid, int count);

        @Override
        public final void run(Op op, Tensor[] in, Tensor[] out) {
            Arguments a = new Arguments(in);
            float[] dx = QuantKernels.floats(out[0]);
            BroadcastRuns runs = a.runs();
            double[] scalePartial = new double[runs.segments()];
            double[] offsetPartial = new double[runs.segments()];
            runs.forEachSegment((segment, shared, from, to) -> {
                CodeGrid grid = grid(op, a.scale(shared), a.offset(shared));
                Block block = new Block(Math.min(BLOCK, to - from));
                double scaleSum = 0;
                double offsetSum = 0;
                for (int begin = from; begin < to; begin += BLOCK) {
                    int count = Math.min(BLOCK, to - begin);
                    System.arraycopy(a.g, begin, block.g, 0, count);
                    System.arraycopy(a.x, begin, block.x, 0, count);
                    terms(block, grid, count);
                    System.arraycopy(block.dx, 0, dx, begin, count);
                    scaleSum += sum(block.ofScale, count);
                    offsetSum += sum(block.ofOffset, count);
                }
                scalePartial[segment] = scaleSum;
                offsetPartial[segment] = offsetSum;
            });
            int elements = (int) in[2].layout().shape().numel();
            write(runs.total(scalePartial, elements), out[1]);
            write(runs.total(offsetPartial, elements), out[2]);
        }

        private static void write(double[] values, Tensor target) {
            float[] to = QuantKernels.floats(target);
            for (int i = 0; i < values.length; i++) {
                to[i] = (float) values[i];
            }
        }
    }

    private static double sum(float[] terms, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += terms[i];
            b += terms[i + 1];
            c += terms[i + 2];
            d += terms[i + 3];
        }
        for (; i < count; i++) {
            a += terms[i];
        }
        return a + b + (c + d);
    }

    private static final class GradKernel extends RangeGradKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            FakeQuantize.Grad own = (FakeQuantize.Grad) op;
            return floatsOfNarrowGrid(inputs, own.qmin(), own.qmax()) && !own.reciprocal();
        }

        @Override
        CodeGrid grid(Op op, float scale, float offset) {
            FakeQuantize.Grad own = (FakeQuantize.Grad) op;
            return CodeGrid.of(scale, offset, own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal());
        }

        @Override
        void terms(Block block, CodeGrid grid, int count) {
            if (grid.fast()) {
                fakeQuantizeTerms(block.g, block.x, block.dx, block.ofScale, block.ofOffset, count, grid.scale(),
                        grid.shift(), grid.low(), grid.high());
                return;
            }
            for (int i = 0; i < count; i++) {
                float x = block.x[i];
                float g = block.g[i];
                float inside = mask(grid, x);
                float code = grid.unclamped(x);
                float slope = code < grid.qmin() ? grid.low() : code > grid.qmax() ? grid.high()
                        : (float) Math.rint(grid.steps(x)) - grid.steps(x);
                block.dx[i] = g * inside;
                block.ofScale[i] = g * slope;
                block.ofOffset[i] = g * grid.scale() * (1 - inside);
            }
        }
    }

    private static void fakeQuantizeTerms(float[] g, float[] x, float[] dx, float[] ofScale, float[] ofOffset,
            int count,
                                          float scale, float shift, float low, float high) {
        for (int i = 0; i < count; i++) {
            float steps = Math.min(Math.max(x[i] / scale - shift, low - 1), high + 1);
            float rounded = (steps + CodeGrid.ROUNDER) - CodeGrid.ROUNDER;
            float clamped = Math.min(Math.max(rounded, low), high);
            float outside = Math.abs(rounded - clamped);
            float inside = 1 - outside;
            float gradient = g[i];
            dx[i] = gradient * inside;
            ofScale[i] = gradient * (clamped - steps * inside);
            ofOffset[i] = gradient * scale * outside;
        }
    }

    private static final class QuantizeGradKernel extends RangeGradKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            Quantize.Grad own = (Quantize.Grad) op;
            return floatsOfNarrowGrid(inputs, own.qmin(), own.qmax());
        }

        @Override
        CodeGrid grid(Op op, float scale, float offset) {
            Quantize.Grad own = (Quantize.Grad) op;
            return CodeGrid.of(scale, offset, own.qmin(), own.qmax(), 0, false);
        }

        @Override
        void terms(Block block, CodeGrid grid, int count) {
            for (int i = 0; i < count; i++) {
                float x = block.x[i];
                float kept = block.g[i] * mask(grid, x);
                block.dx[i] = kept / grid.scale();
                block.ofScale[i] = -block.dx[i] * (x / grid.scale());
                block.ofOffset[i] = -kept;
            }
        }
    }
}

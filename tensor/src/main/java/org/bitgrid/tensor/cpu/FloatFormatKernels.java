package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.FloatFakeQuantize;
import org.bitgrid.tensor.op.Op;

/** Rounding to floating-point formats, in double, where dividing by a power of two is exact. */
final class FloatFormatKernels {
    /** Adding and subtracting 1.5 · 2^52 rounds doubles up to 2^51 to whole numbers, halves to even. */
    private static final double ROUNDER = 0x1.8p52;
    private static final int DOUBLE_BIAS = 1023;
    private static final int DOUBLE_MANTISSA = 52;

    private FloatFormatKernels() {
    }

    static void register() {
        CpuBackend.define(FloatFakeQuantize.class, FloatFormatKernels::cast);
        CpuBackend.define(FloatFakeQuantize.InputGrad.class, FloatFormatKernels::inputGrad);
    }

    private static void cast(Op op, Tensor[] in, Tensor[] out) {
        FloatFakeQuantize own = (FloatFakeQuantize) op;
        float[] x = QuantKernels.fromZero(in[0]);
        float[] y = QuantKernels.floats(out[0]);
        float[] scales = in[1].toFloatArray();
        float max = (float) own.max();
        BroadcastRuns runs = new BroadcastRuns(in[0].layout().shape(), in[1].layout().shape());
        runs.forEachSegment((segment, shared, from, to) -> {
            float scale = scales[shared];
            for (int i = from; i < to; i++) {
                float value = x[i] / scale;
                if (own.saturating()) {
                    value = Math.min(Math.max(value, -max), max);
                }
                y[i] = nearest(own, value, max) * scale;
            }
        });
    }

    /** The nearest number of the format. */
    private static float nearest(FloatFakeQuantize op, double value, float max) {
        int exponent = Math.max(Math.getExponent(value), op.minExponent());
        if (exponent > Float.MAX_EXPONENT) { // infinite or NaN
            return beyond(op, value);
        }
        int stepExponent = exponent - op.mantissaBits();
        double perStep = power(-stepExponent);
        double cast = ((value * perStep + ROUNDER) - ROUNDER) * power(stepExponent);
        if (Math.abs(cast) > max) {
            return beyond(op, cast);
        }
        return (float) Math.copySign(cast, value);
    }

    private static float beyond(FloatFakeQuantize op, double value) {
        return Double.isNaN(value) || op.finite() ? Float.NaN
                : (float) Math.copySign(Double.POSITIVE_INFINITY, value);
    }

    private static double power(int exponent) {
        return Double.longBitsToDouble((long) (exponent + DOUBLE_BIAS) << DOUBLE_MANTISSA);
    }

    private static void inputGrad(Op op, Tensor[] in, Tensor[] out) {
        FloatFakeQuantize.InputGrad own = (FloatFakeQuantize.InputGrad) op;
        float[] g = QuantKernels.fromZero(in[0]);
        float[] x = QuantKernels.fromZero(in[1]);
        float[] dx = QuantKernels.floats(out[0]);
        float[] scales = in[2].toFloatArray();
        float max = (float) own.max();
        BroadcastRuns runs = new BroadcastRuns(in[1].layout().shape(), in[2].layout().shape());
        runs.forEachSegment((segment, shared, from, to) -> {
            float scale = scales[shared];
            for (int i = from; i < to; i++) {
                dx[i] = own.straightThrough() && Math.abs(x[i] / scale) < max ? g[i] : 0;
            }
        });
    }
}

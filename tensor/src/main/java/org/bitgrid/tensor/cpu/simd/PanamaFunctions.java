package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;
import static org.bitgrid.tensor.cpu.simd.Polynomials.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Vector API: operation for operation what {@link ScalarFunctions} computes, which does the rest of each run. */
final class PanamaFunctions implements VectorFunctions {
    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    private static FloatVector exp(FloatVector x) {
        return exp(x.max(EXP_LEAST).min(EXP_MOST), FloatVector.zero(FLOATS));
    }

    private static FloatVector exp(FloatVector high, FloatVector low) {
        FloatVector shifted = high.fma(all(LOG2_E), all(ROUNDER));
        FloatVector whole = shifted.sub(ROUNDER);
        FloatVector r = whole.fma(all(-LN2_HIGH), high);
        r = whole.fma(all(-LN2_LOW), r).add(low);
        FloatVector q = r.fma(all(EXP_4), all(EXP_3));
        q = q.fma(r, all(EXP_2));
        q = q.fma(r, all(EXP_1));
        q = q.fma(r, all(EXP_0));
        FloatVector y = r.mul(r).fma(q, r).add(1);
        IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = power.lanewise(VectorOperators.ASHR, 1);
        return y.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector power) {
        return power.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    @Override
    public void exp(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            exp(load(x, xAt + i)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.exp(x[xAt + i]);
        }
    }

    @Override
    public void log(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            log(load(x, xAt + i)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.log(x[xAt + i]);
        }
    }

    private static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.lt(LEAST_NORMAL);
        FloatVector scaled = x.blend(x.mul(SUBNORMAL_SCALE), subnormal);
        IntVector bits = scaled.reinterpretAsInts();
        IntVector power = bits.sub(LOG_SPLIT_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(power.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1);
        FloatVector e = wholeFloat(power).sub(FloatVector.zero(FLOATS).blend(all(23), subnormal));
        FloatVector p = f.fma(all(LOG_7), all(LOG_6));
        p = p.fma(f, all(LOG_5));
        p = p.fma(f, all(LOG_4));
        p = p.fma(f, all(LOG_3));
        p = p.fma(f, all(LOG_2));
        p = p.fma(f, all(LOG_1));
        p = p.fma(f, all(LOG_0));
        FloatVector square = f.mul(f);
        FloatVector rest = square.fma(f.fma(p, all(-0.5f)), e.mul(LN2_LOW));
        FloatVector y = e.fma(all(LN2_HIGH), f.add(rest));
        FloatVector zero = FloatVector.zero(FLOATS);
        y = y.blend(all(Float.POSITIVE_INFINITY), x.eq(Float.POSITIVE_INFINITY));
        y = y.blend(all(Float.NEGATIVE_INFINITY), x.eq(zero));
        VectorMask<Float> wrong = x.lt(zero).or(x.compare(VectorOperators.NE, x));
        return y.blend(all(Float.NaN), wrong);
    }

    /** Small integers as floats: through the lowest bits of a float whose unit in the last place is 1. */
    private static FloatVector wholeFloat(IntVector small) {
        return small.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
    }

    @Override
    public void sigmoid(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            sigmoid(load(x, xAt + i)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.sigmoid(x[xAt + i]);
        }
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        VectorMask<Float> positive = x.compare(VectorOperators.GE, 0f);
        return e.blend(all(1), positive).div(e.add(1));
    }

    @Override
    public void silu(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = load(x, xAt + i);
            v.mul(sigmoid(v)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.silu(x[xAt + i]);
        }
    }

    @Override
    public void mish(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = load(x, xAt + i);
            FloatVector e = exp(v.abs().neg());
            FloatVector twice = e.mul(2);
            FloatVector small = e.fma(e, twice);
            FloatVector large = e.fma(all(2), all(1));
            VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);
            FloatVector above = small.blend(large, positive);
            FloatVector below = small.add(2).blend(twice.fma(e, large), positive);
            v.mul(above.div(below)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.mish(x[xAt + i]);
        }
    }

    @Override
    public void tanh(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = load(x, xAt + i);
            FloatVector s = v.mul(v);
            FloatVector p = s.fma(all(TANH_5), all(TANH_4));
            p = p.fma(s, all(TANH_3));
            p = p.fma(s, all(TANH_2));
            p = p.fma(s, all(TANH_1));
            p = p.fma(s, all(TANH_0));
            FloatVector near = v.mul(s).fma(p, v);
            FloatVector a = v.abs().min(TANH_ONE);
            FloatVector far = all(1).sub(all(2).div(exp(a.mul(2)).add(1)));
            far = far.blend(far.neg(), v.lt(0));
            far.blend(near, a.lt(TANH_SPLIT)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.tanh(x[xAt + i]);
        }
    }

    @Override
    public void erf(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = load(x, xAt + i);
            FloatVector a = v.abs().min(ERF_ONE);
            FloatVector s = v.mul(v);
            FloatVector p = s.fma(all(ERF_6), all(ERF_5));
            p = p.fma(s, all(ERF_4));
            p = p.fma(s, all(ERF_3));
            p = p.fma(s, all(ERF_2));
            p = p.fma(s, all(ERF_1));
            p = p.fma(s, all(ERF_0));
            FloatVector near = v.fma(p, v);
            p = a.fma(all(ERFC_7), all(ERFC_6));
            p = p.fma(a, all(ERFC_5));
            p = p.fma(a, all(ERFC_4));
            p = p.fma(a, all(ERFC_3));
            p = p.fma(a, all(ERFC_2));
            p = p.fma(a, all(ERFC_1));
            p = p.fma(a, all(ERFC_0));
            FloatVector far = all(1).sub(exp(p));
            far = far.blend(far.neg(), v.lt(0));
            far.blend(near, a.lt(1)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.erf(x[xAt + i]);
        }
    }

    @Override
    public void gelu(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            gelu(load(x, xAt + i)).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = ScalarFunctions.gelu(x[xAt + i]);
        }
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector a = x.abs().min(NORMAL_MOST);
        FloatVector u = a.sub(NORMAL_MIDDLE).div(a.add(NORMAL_MIDDLE));
        FloatVector q = u.fma(all(NORMAL_9), all(NORMAL_8));
        q = q.fma(u, all(NORMAL_7));
        q = q.fma(u, all(NORMAL_6));
        q = q.fma(u, all(NORMAL_5));
        q = q.fma(u, all(NORMAL_4));
        q = q.fma(u, all(NORMAL_3));
        q = q.fma(u, all(NORMAL_2));
        q = q.fma(u, all(NORMAL_1));
        q = q.fma(u, all(NORMAL_0));
        FloatVector square = a.mul(a);
        FloatVector low = a.fma(a, square.neg());
        FloatVector tail = q.mul(exp(square.mul(-0.5f), low.mul(-0.5f)));
        return x.mul(all(1).sub(tail).blend(tail, x.lt(0)));
    }

    @Override
    public void geluTanh(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = ScalarFunctions.geluTanh(x[xAt + i]);
        }
    }

    @Override
    public void relu(float[] x, int xAt, float[] y, int yAt, int count) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(x, xAt + i).max(zero).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = Math.max(x[xAt + i], 0f);
        }
    }

    @Override
    public void reluGrad(float[] grad, int gradAt, float[] y, int yAt, float[] out, int outAt, int count) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            VectorMask<Float> open = load(y, yAt + i).compare(VectorOperators.GT, zero);
            zero.blend(load(grad, gradAt + i), open).intoArray(out, outAt + i);
        }
        for (; i < count; i++) {
            out[outAt + i] = y[yAt + i] > 0 ? grad[gradAt + i] : 0;
        }
    }

    @Override
    public void relu6Grad(float[] grad, int gradAt, float[] y, int yAt, float[] out, int outAt, int count) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector six = all(6);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = load(y, yAt + i);
            VectorMask<Float> open = v.compare(VectorOperators.GT, zero).and(v.lt(six));
            zero.blend(load(grad, gradAt + i), open).intoArray(out, outAt + i);
        }
        for (; i < count; i++) {
            out[outAt + i] = y[yAt + i] > 0 && y[yAt + i] < 6 ? grad[gradAt + i] : 0;
        }
    }
}

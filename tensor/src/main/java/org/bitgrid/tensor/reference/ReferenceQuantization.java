package org.bitgrid.tensor.reference;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.FloatFakeQuantize;
import org.bitgrid.tensor.op.Histogram;
import org.bitgrid.tensor.op.MinMax;
import org.bitgrid.tensor.op.Quantize;

/**
 * Definitions of the operators of quantization. Unlike the other definitions they round every step to the type of the
 * tensor, because codes must have the same bits everywhere.
 */
final class ReferenceQuantization {
    private ReferenceQuantization() {
    }

    static void register() {
        ReferenceBackend.defineTyped(FakeQuantize.class, (op, in, out) -> {
            FakeQuantize own = (FakeQuantize) op;
            Grid grid = new Grid(own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal(),
                    FakeQuantize.needsDouble(own.qmin(), own.qmax()) || in[0].dtype() == DType.FLOAT64);
            double[] y = eachElement(in, 0, (x, scale, offset, ignored) -> grid.fakeQuantize(x, scale, offset));
            write(y, out[0]);
        });
        ReferenceBackend.defineTyped(FakeQuantize.InputGrad.class, (op, in, out) -> {
            FakeQuantize.InputGrad own = (FakeQuantize.InputGrad) op;
            Grid grid = new Grid(own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal(),
                    FakeQuantize.needsDouble(own.qmin(), own.qmax()) || in[0].dtype() == DType.FLOAT64);
            write(eachElement(in, 1, (x, scale, offset, g) -> g * grid.mask(x, scale, offset)), out[0]);
        });
        ReferenceBackend.defineTyped(FakeQuantize.Grad.class, (op, in, out) -> {
            FakeQuantize.Grad own = (FakeQuantize.Grad) op;
            Grid grid = new Grid(own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal(),
                    FakeQuantize.needsDouble(own.qmin(), own.qmax()) || in[0].dtype() == DType.FLOAT64);
            write(eachElement(in, 1, (x, scale, offset, g) -> g * grid.mask(x, scale, offset)), out[0]);
            write(summed(in, (x, scale, offset, g) -> grid.round(g * grid.scaleSlope(x, scale, offset))), out[1]);
            write(summed(in, (x, scale, offset, g) ->
                    grid.round(grid.round(g * scale) * (1 - grid.mask(x, scale, offset)))), out[2]);
        });
        ReferenceBackend.defineTyped(Quantize.class, (op, in, out) -> {
            Quantize own = (Quantize) op;
            Grid grid = new Grid(own.qmin(), own.qmax(), 0, false, in[0].dtype() == DType.FLOAT64);
            write(eachElement(in, 0, (x, scale, offset, ignored) -> grid.code(x, scale, offset)), out[0]);
        });
        ReferenceBackend.defineTyped(Quantize.Grad.class, (op, in, out) -> {
            Quantize.Grad own = (Quantize.Grad) op;
            Grid grid = new Grid(own.qmin(), own.qmax(), 0, false, in[0].dtype() == DType.FLOAT64);
            Element slope = (x, scale, offset, g) -> grid.round(g * grid.mask(x, scale, offset) / scale);
            write(eachElement(in, 1, slope), out[0]);
            write(summed(in, (x, scale, offset, g) ->
                    grid.round(-slope.of(x, scale, offset, g) * grid.round(x / scale))), out[1]);
            write(summed(in, (x, scale, offset, g) -> -g * grid.mask(x, scale, offset)), out[2]);
        });
        ReferenceBackend.defineTyped(FloatFakeQuantize.class, (op, in, out) -> {
            boolean wide = in[0].dtype() == DType.FLOAT64;
            ScaledElement cast = (x, scale, ignored) -> castThrough((FloatFakeQuantize) op, x, scale, wide);
            write(scaled(in, 0, cast), out[0]);
        });
        ReferenceBackend.defineTyped(FloatFakeQuantize.InputGrad.class, (op, in, out) -> {
            FloatFakeQuantize.InputGrad own = (FloatFakeQuantize.InputGrad) op;
            write(scaled(in, 1, (x, scale, g) ->
                    own.straightThrough() && Math.abs((float) (x / scale)) < own.max() ? g : 0), out[0]);
        });
        ReferenceBackend.define(MinMax.class, (op, in, out) -> minMax(op.finiteOnly(), in[0], out));
        ReferenceBackend.defineTyped(Histogram.class, (op, in, out) -> histogram((Histogram) op, in, out[0]));
    }

    /** One element from x, its scale and offset, and the gradient where there is one. */
    private interface Element {
        double of(double x, double scale, double offset, double gradient);
    }

    /** x is input {@code first}, followed by scale and offset; a gradient comes before it. */
    private static double[] eachElement(Tensor[] in, int first, Element element) {
        double[] x = in[first].toDoubleArray();
        double[] scale = in[first + 1].toDoubleArray();
        double[] offset = in[first + 2].toDoubleArray();
        double[] gradient = first == 1 ? in[0].toDoubleArray() : x;
        BroadcastIndex index = new BroadcastIndex(in[first].spec().shape(), in[first + 1].spec().shape());
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int k = index.of(i);
            result[i] = element.of(x[i], scale[k], offset[k], gradient[i]);
        }
        return result;
    }

    /** One element from x, its scale, and the gradient where there is one. */
    private interface ScaledElement {
        double of(double x, double scale, double gradient);
    }

    private static double[] scaled(Tensor[] in, int first, ScaledElement element) {
        Tensor[] doubled = Arrays.copyOf(in, in.length + 1);
        doubled[in.length] = in[in.length - 1]; // stands where an offset would
        return eachElement(doubled, first, (x, scale, ignored, gradient) -> element.of(x, scale, gradient));
    }

    private static double castThrough(FloatFakeQuantize op, double x, double scale, boolean wide) {
        double value = wide ? x / scale : (float) (x / scale);
        if (op.saturating()) {
            value = Math.min(Math.max(value, -op.max()), op.max());
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return beyond(op, value);
        }
        int exponent = value == 0 ? op.minExponent() : Math.max(Math.getExponent(value), op.minExponent());
        double step = Math.scalb(1.0, exponent - op.mantissaBits());
        double cast = Math.rint(value / step) * step;
        if (Math.abs(cast) > op.max()) {
            return beyond(op, cast);
        }
        return wide ? cast * scale : (float) ((float) cast * scale);
    }

    /** What an infinity, a NaN or a number beyond the largest becomes. */
    private static double beyond(FloatFakeQuantize op, double value) {
        return Double.isNaN(value) || op.finite() ? Double.NaN : Math.copySign(Double.POSITIVE_INFINITY, value);
    }

    private static double[] summed(Tensor[] in, Element element) {
        double[] terms = eachElement(in, 1, element);
        BroadcastIndex index = new BroadcastIndex(in[1].spec().shape(), in[2].spec().shape());
        double[] sums = new double[(int) in[2].spec().shape().numel()];
        for (int i = 0; i < terms.length; i++) {
            sums[index.of(i)] += terms[i];
        }
        return sums;
    }

    private static void write(double[] values, Tensor target) {
        new RefArray(target.layout().shape(), values).write(target);
    }

    /** The arithmetic, each step rounded. A product or quotient of two floats computed in double rounds once only. */
    private record Grid(long qmin, long qmax, double shift, boolean reciprocal, boolean wide) {
        double round(double value) {
            return wide ? value : (float) value;
        }

        /** x / scale - shift. */
        double steps(double x, double scale) {
            double quotient = reciprocal ? round(x * round(1 / scale)) : round(x / scale);
            return round(quotient - shift);
        }

        double code(double x, double scale, double offset) {
            double code = round(Math.rint(steps(x, scale)) - offset);
            return Math.min(Math.max(code, qmin), qmax) + 0.0; // a code has no sign of its own
        }

        double fakeQuantize(double x, double scale, double offset) {
            double shifted = round(round(code(x, scale, offset) + offset) + shift);
            return round(shifted * scale);
        }

        double mask(double x, double scale, double offset) {
            double code = round(Math.rint(steps(x, scale)) - offset);
            if (Double.isNaN(code)) {
                return code;
            }
            return code >= qmin && code <= qmax ? 1 : 0;
        }

        double scaleSlope(double x, double scale, double offset) {
            double code = round(Math.rint(steps(x, scale)) - offset);
            if (code < qmin) {
                return offset + qmin;
            }
            return code > qmax ? offset + qmax : round(Math.rint(steps(x, scale)) - steps(x, scale));
        }
    }

    private static void minMax(boolean finiteOnly, RefArray x, RefArray[] out) {
        double[] min = out[0].values();
        double[] max = out[1].values();
        Arrays.fill(min, Double.POSITIVE_INFINITY);
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
        BroadcastIndex index = new BroadcastIndex(x.shape(), out[0].shape());
        for (int i = 0; i < x.values().length; i++) {
            double value = x.values()[i];
            int k = index.of(i);
            if (Double.isNaN(value)) {
                out[2].values()[0]++;
            } else if (Double.isInfinite(value)) {
                out[2].values()[1]++;
            }
            if (!finiteOnly || !Double.isNaN(value) && !Double.isInfinite(value)) {
                min[k] = Math.min(min[k], value);
                max[k] = Math.max(max[k], value);
            }
        }
    }

    private static void histogram(Histogram op, Tensor[] in, Tensor out) {
        boolean wide = in[0].dtype() == DType.FLOAT64;
        double[] x = in[0].toDoubleArray();
        double[] low = in[1].toDoubleArray();
        double[] high = in[2].toDoubleArray();
        Shape statistics = in[1].spec().shape();
        BroadcastIndex index = new BroadcastIndex(in[0].spec().shape(), statistics);
        double[] counts = new double[low.length * op.bins()];
        for (int i = 0; i < x.length; i++) {
            int k = index.of(i);
            if (Double.isNaN(x[i])) {
                continue;
            }
            int bin;
            if (x[i] < low[k]) {
                bin = 0;
            } else if (x[i] > high[k]) {
                bin = op.bins() - 1;
            } else if (wide) {
                bin = (int) ((x[i] - low[k]) * op.bins() / (high[k] - low[k]));
            } else {
                bin = (int) (((float) x[i] - (float) low[k]) * op.bins() / ((float) high[k] - (float) low[k]));
            }
            counts[k * op.bins() + Math.min(bin, op.bins() - 1)]++;
        }
        write(counts, out);
    }
}

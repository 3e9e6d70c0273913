package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorFunctions;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Softmax;

/** Softmax and its logarithm along any dimension: by rows when it is the last, else by blocks of columns. */
final class SoftmaxKernels {
    private static final VectorFunctions FUNCTIONS = VectorMaths.FUNCTIONS;
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;

    private SoftmaxKernels() {
    }

    static void register() {
        CpuBackend.define(Softmax.class, (op, in, out) -> softmax(op, ((Softmax) op).axis(), in, out, false));
        CpuBackend.define(LogSoftmax.class, (op, in, out) -> softmax(op, ((LogSoftmax) op).axis(), in, out, true));
        CpuBackend.define(Softmax.InputGrad.class, (op, in, out) ->
                gradient(op, ((Softmax.InputGrad) op).axis(), in, out, false));
        CpuBackend.define(LogSoftmax.InputGrad.class, (op, in, out) ->
                gradient(op, ((LogSoftmax.InputGrad) op).axis(), in, out, true));
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    private static void softmax(Op op, int axis, Tensor[] in, Tensor[] out, boolean log) {
        Lines lines = Lines.along(op.name(), in[0].layout().shape(), axis);
        float[] x = floats(in[0]);
        int xAt = offset(in[0]);
        float[] y = floats(out[0]);
        int yAt = offset(out[0]);
        int length = lines.length();
        if (lines.inner() != 1) {
            lines.parallelColumns((start, count) ->
                    columns(lines, x, xAt + start, y, yAt + start, count, log));
            return;
        }
        lines.parallel((begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            float[] row = log ? new float[length] : null;
            for (int line = begin; line < end; line++) {
                int at = line * length;
                float max = shift(REDUCTIONS.max(x, xAt + at, length, lanes));
                float[] powers = log ? row : y;
                int powersAt = log ? 0 : yAt + at;
                subtract(x, xAt + at, max, powers, powersAt, length);
                FUNCTIONS.exp(powers, powersAt, powers, powersAt, length);
                double sum = REDUCTIONS.sum(powers, powersAt, length, lanes);
                if (log) {
                    subtract(x, xAt + at, max + StrictMath.log(sum), y, yAt + at, length);
                } else {
                    scale(y, yAt + at, (float) (1 / sum), length);
                }
            }
        });
    }

    /** What is subtracted before the exponential: the maximum, unless it is infinite. */
    static float shift(float max) {
        return max == Float.NEGATIVE_INFINITY ? 0 : max;
    }

    static void subtract(float[] x, int xAt, float number, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = x[xAt + i] - number;
        }
    }

    /** In double: x and the number may be near to each other and large. */
    private static void subtract(float[] x, int xAt, double number, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) (x[xAt + i] - number);
        }
    }

    private static void scale(float[] y, int yAt, float factor, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] *= factor;
        }
    }

    private static void columns(Lines lines, float[] x, int xAt, float[] y, int yAt, int count, boolean log) {
        float[] max = new float[count];
        double[] sum = new double[count];
        float[] powers = new float[count];
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < lines.length(); i++) {
            max(x, xAt + i * lines.inner(), max, count);
        }
        for (int j = 0; j < count; j++) {
            max[j] = shift(max[j]);
        }
        for (int i = 0; i < lines.length(); i++) {
            int at = i * lines.inner();
            subtract(x, xAt + at, max, powers, count);
            FUNCTIONS.exp(powers, 0, powers, 0, count);
            for (int j = 0; j < count; j++) {
                sum[j] += powers[j];
            }
            if (!log) {
                System.arraycopy(powers, 0, y, yAt + at, count);
            }
        }
        for (int j = 0; j < count; j++) {
            sum[j] = log ? max[j] + StrictMath.log(sum[j]) : 1 / sum[j];
        }
        for (int i = 0; i < lines.length(); i++) {
            int at = i * lines.inner();
            for (int j = 0; j < count; j++) {
                y[yAt + at + j] = (float) (log ? x[xAt + at + j] - sum[j] : y[yAt + at + j] * sum[j]);
            }
        }
    }

    private static void max(float[] x, int xAt, float[] max, int count) {
        for (int j = 0; j < count; j++) {
            max[j] = Math.max(max[j], x[xAt + j]);
        }
    }

    private static void subtract(float[] x, int xAt, float[] numbers, float[] y, int count) {
        for (int j = 0; j < count; j++) {
            y[j] = x[xAt + j] - numbers[j];
        }
    }

    /** y · (grad - sum of grad · y), or for the logarithm grad - exp(y) · sum of grad. */
    private static void gradient(Op op, int axis, Tensor[] in, Tensor[] out, boolean log) {
        Lines lines = Lines.along(op.name(), in[0].layout().shape(), axis);
        float[] grad = floats(in[0]);
        int gradAt = offset(in[0]);
        float[] y = floats(in[1]);
        int yAt = offset(in[1]);
        float[] x = floats(out[0]);
        int xAt = offset(out[0]);
        int length = lines.length();
        if (lines.inner() != 1) {
            lines.parallelColumns((start, count) -> gradientColumns(lines, grad, gradAt + start, y, yAt + start, x,
                    xAt + start, count, log));
            return;
        }
        lines.parallel((begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            for (int line = begin; line < end; line++) {
                int at = line * length;
                if (log) {
                    double sum = REDUCTIONS.sum(grad, gradAt + at, length, lanes);
                    FUNCTIONS.exp(y, yAt + at, x, xAt + at, length);
                    logRow(grad, gradAt + at, x, xAt + at, (float) sum, length);
                } else {
                    double sum = REDUCTIONS.dot(grad, gradAt + at, y, yAt + at, length, lanes);
                    row(grad, gradAt + at, y, yAt + at, (float) sum, x, xAt + at, length);
                }
            }
        });
    }

    private static void row(float[] grad, int gradAt, float[] y, int yAt, float sum, float[] x, int xAt, int count) {
        for (int i = 0; i < count; i++) {
            x[xAt + i] = y[yAt + i] * (grad[gradAt + i] - sum);
        }
    }

    private static void logRow(float[] grad, int gradAt, float[] x, int xAt, float sum, int count) {
        for (int i = 0; i < count; i++) {
            x[xAt + i] = grad[gradAt + i] - x[xAt + i] * sum;
        }
    }

    private static void gradientColumns(Lines lines, float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt,
                                        int count, boolean log) {
        double[] sum = new double[count];
        float[] rounded = new float[count];
        for (int i = 0; i < lines.length(); i++) {
            int at = i * lines.inner();
            for (int j = 0; j < count; j++) {
                double g = grad[gradAt + at + j];
                sum[j] += log ? g : g * y[yAt + at + j];
            }
        }
        for (int j = 0; j < count; j++) {
            rounded[j] = (float) sum[j];
        }
        for (int i = 0; i < lines.length(); i++) {
            int at = i * lines.inner();
            if (log) {
                FUNCTIONS.exp(y, yAt + at, x, xAt + at, count);
            }
            for (int j = 0; j < count; j++) {
                float g = grad[gradAt + at + j];
                x[xAt + at + j] = log ? g - x[xAt + at + j] * rounded[j] : y[yAt + at + j] * (g - rounded[j]);
            }
        }
    }
}

package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Parallel;

/** Layer normalisation by rows; each row is read from the first-level cache after the first time. */
final class LayerNormKernels {
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 14;
    /** Pieces of the sums over rows, each with its own memory. */
    private static final int MOST_PIECES = 16;
    /** Rows that are added onto each other in float before they are widened. */
    private static final int FLOAT_ROWS = 16;

    private LayerNormKernels() {
    }

    static void register() {
        CpuBackend.define(LayerNorm.class, LayerNormKernels::run);
        CpuBackend.define(LayerNorm.InputGrad.class, LayerNormKernels::inputGrad);
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    private static void run(Op op, Tensor[] in, Tensor[] out) {
        LayerNorm norm = (LayerNorm) op;
        int length = (int) norm.normalized().numel();
        int rows = (int) out[1].numel();
        float[] x = floats(in[0]);
        int xAt = offset(in[0]);
        float[] weight = in.length > 1 ? floats(in[1]) : null;
        int weightAt = in.length > 1 ? offset(in[1]) : 0;
        float[] bias = in.length > 2 ? floats(in[2]) : null;
        int biasAt = in.length > 2 ? offset(in[2]) : 0;
        float[] y = floats(out[0]);
        int yAt = offset(out[0]);
        float[] means = floats(out[1]);
        float[] inverses = floats(out[2]);
        Parallel.range(rows, Math.max(1, PIECE / Math.max(1, length)), (begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            for (int row = begin; row < end; row++) {
                int at = row * length;
                double mean = REDUCTIONS.sum(x, xAt + at, length, lanes) / length;
                float centre = (float) mean;
                double rounding = mean - centre;
                double variance = REDUCTIONS.sumOfSquares(x, xAt + at, length, centre, lanes) / length
                        - rounding * rounding;
                double inverse = 1 / Math.sqrt(Math.max(variance, 0) + norm.epsilon());
                means[offset(out[1]) + row] = centre;
                inverses[offset(out[2]) + row] = (float) inverse;
                normalise(x, xAt + at, centre, (float) inverse, (float) (-rounding * inverse), y, yAt + at, length);
                if (weight != null) {
                    multiply(y, yAt + at, weight, weightAt, length);
                }
                if (bias != null) {
                    add(y, yAt + at, bias, biasAt, length);
                }
            }
        });
    }

    private static void normalise(float[] x, int xAt, float centre, float inverse, float shift, float[] y, int yAt,
                                  int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.fma(x[xAt + i] - centre, inverse, shift);
        }
    }

    private static void multiply(float[] y, int yAt, float[] weight, int weightAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] *= weight[weightAt + i];
        }
    }

    private static void add(float[] y, int yAt, float[] bias, int biasAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] += bias[biasAt + i];
        }
    }

    private static void inputGrad(Op op, Tensor[] in, Tensor[] out) {
        LayerNorm.InputGrad norm = (LayerNorm.InputGrad) op;
        int length = (int) norm.normalized().numel();
        int rows = (int) in[2].numel();
        float[] grad = floats(in[0]);
        int gradAt = offset(in[0]);
        float[] x = floats(in[1]);
        int xAt = offset(in[1]);
        float[] y = floats(out[0]);
        int yAt = offset(out[0]);
        float[] weight = norm.affine() ? floats(in[4]) : null;
        int weightAt = norm.affine() ? offset(in[4]) : 0;
        int chunk = Math.max((rows + MOST_PIECES - 1) / MOST_PIECES, Math.max(1, PIECE / Math.max(1, length)));
        int pieces = (rows + chunk - 1) / chunk;
        double[] sums = new double[norm.affine() ? 2 * pieces * length : 0];
        Parallel.range(rows, chunk, (begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            double[] both = new double[2];
            float[] weighted = new float[length];
            float[] few = new float[norm.affine() ? 2 * length : 0];
            int to = begin / chunk * 2 * length;
            for (int row = begin; row < end; row++) {
                int at = row * length;
                float mean = floats(in[2])[offset(in[2]) + row];
                float inverse = floats(in[3])[offset(in[3]) + row];
                System.arraycopy(grad, gradAt + at, weighted, 0, length);
                if (weight != null) {
                    multiply(weighted, 0, weight, weightAt, length);
                    accumulate(grad, gradAt + at, x, xAt + at, mean, inverse, few, length);
                    if ((row - begin) % FLOAT_ROWS == FLOAT_ROWS - 1 || row == end - 1) {
                        widen(few, sums, to, 2 * length);
                    }
                }
                both[0] = 0;
                both[1] = 0;
                REDUCTIONS.gradientSums(weighted, 0, x, xAt + at, length, mean, both, lanes);
                float shift = (float) (-inverse * both[0] / length);
                float slope = (float) (-inverse * both[1] * inverse * inverse / length);
                combine(weighted, inverse, x, xAt + at, mean, slope, shift, y, yAt + at, length);
            }
        });
        for (int i = 0; i < (norm.affine() ? length : 0); i++) {
            double product = 0;
            double sum = 0;
            for (int piece = 0; piece < pieces; piece++) {
                product += sums[piece * 2 * length + i];
                sum += sums[piece * 2 * length + length + i];
            }
            floats(out[1])[offset(out[1]) + i] = (float) product;
            floats(out[2])[offset(out[2]) + i] = (float) sum;
        }
    }

    /** Adds grad · (x - mean) · inverse to the first half of the sums, and grad to the second. */
    private static void accumulate(float[] grad, int gradAt, float[] x, int xAt, float mean, float inverse, float[] sums,
                                   int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += grad[gradAt + i] * ((x[xAt + i] - mean) * inverse);
        }
        for (int i = 0; i < count; i++) {
            sums[count + i] += grad[gradAt + i];
        }
    }

    private static void widen(float[] few, double[] sums, int at, int count) {
        for (int i = 0; i < count; i++) {
            sums[at + i] += few[i];
            few[i] = 0;
        }
    }

    private static void combine(float[] weighted, float inverse, float[] x, int xAt, float mean, float slope,
                                float shift, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.fma(weighted[i], inverse, Math.fma(x[xAt + i] - mean, slope, shift));
        }
    }
}

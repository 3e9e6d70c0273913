package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorPlanes;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Op;

/**
 * Batch normalisation: one pass over memory for the statistics, image by image, and one to normalise. The statistics of
 * a channel are merged from those of its planes (Chan, Golub and LeVeque, 1979), in an order that the shape fixes, in
 * double: as exact as two passes. Tensors without planes, (N, C), are read by rows instead.
 */
final class BatchNormKernels {
    private static final VectorPlanes PLANES = VectorMaths.PLANES;

    private BatchNormKernels() {
    }

    static void register() {
        CpuBackend.define(BatchNorm.class, BatchNormKernels::run);
        CpuBackend.define(BatchNorm.InputGrad.class, BatchNormKernels::inputGrad);
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    private static void run(Op op, Tensor[] in, Tensor[] out) {
        BatchNorm norm = (BatchNorm) op;
        Planes planes = Planes.of(in[0].layout().shape());
        double[] mean = new double[planes.channels()];
        double[] inverse = new double[planes.channels()];
        statistics(norm, planes, in, out, mean, inverse);
        Affine affine = Affine.normalising(mean, inverse, norm.affine() ? in[1] : null, norm.affine() ? in[2] : null);
        if (Fusion.isWorthwhile(out[0])) {
            Fusion.defer(out[0], new Fusion.Normalisation(affine, planes, in[0]));
        } else {
            affine.apply(planes, floats(in[0]), offset(in[0]), floats(out[0]), offset(out[0]), false);
        }
    }

    /** Fills mean and inverse standard deviation, and in training all outputs but the first. */
    static void statistics(BatchNorm norm, Planes planes, Tensor[] in, Tensor[] out, double[] mean,
                           double[] inverse) {
        int running = norm.runningIndex();
        if (!norm.training()) {
            float[] runningMean = floats(in[running]);
            float[] runningVariance = floats(in[running + 1]);
            for (int c = 0; c < mean.length; c++) {
                mean[c] = runningMean[offset(in[running]) + c];
                inverse[c] = 1 / Math.sqrt(runningVariance[offset(in[running + 1]) + c] + norm.epsilon());
            }
            return;
        }
        double[] squares = inverse; // filled with sums of squares first
        moments(planes, floats(in[0]), offset(in[0]), mean, squares);
        double count = planes.count();
        double momentum = norm.momentum();
        for (int c = 0; c < mean.length; c++) {
            if (norm.tracked()) {
                double oldMean = floats(in[running])[offset(in[running]) + c];
                double oldVariance = floats(in[running + 1])[offset(in[running + 1]) + c];
                floats(out[3])[offset(out[3]) + c] = (float) ((1 - momentum) * oldMean + momentum * mean[c]);
                floats(out[4])[offset(out[4]) + c] =
                        (float) ((1 - momentum) * oldVariance + momentum * squares[c] / (count - 1));
            }
            inverse[c] = 1 / Math.sqrt(squares[c] / count + norm.epsilon());
            floats(out[1])[offset(out[1]) + c] = (float) mean[c];
            floats(out[2])[offset(out[2]) + c] = (float) inverse[c];
        }
    }

    /** Mean of each channel, and sum of squares about it. */
    private static void moments(Planes planes, float[] x, int xAt, double[] mean, double[] squares) {
        int channels = planes.channels();
        int chunk = planes.chunk();
        double[] partMean = Scratch.zeroDoubles(Scratch.Wide.PARTIAL_SUMS, planes.pieces() * channels);
        double[] partSquares = Scratch.zeroDoubles(Scratch.Wide.PARTIAL_PRODUCTS, planes.pieces() * channels);
        planes.parallel((begin, end) -> {
            int at = begin / chunk * channels;
            if (planes.size() == 1) {
                rowMoments(channels, x, xAt + begin * channels, end - begin, partMean, partSquares, at);
            } else {
                planeMoments(planes, x, xAt, begin, end, partMean, partSquares, at);
            }
        });
        for (int piece = 0; piece < planes.pieces(); piece++) {
            double before = Math.min(planes.images(), (double) piece * chunk) * planes.size();
            double added = Math.min(planes.images(), (piece + 1.0) * chunk) * planes.size() - before;
            double share = added / (before + added);
            for (int c = 0; c < channels; c++) {
                double distance = partMean[piece * channels + c] - mean[c];
                mean[c] += distance * share;
                squares[c] += partSquares[piece * channels + c] + distance * distance * before * share;
            }
        }
    }

    /** Groups of images are read twice, the second time from the second-level cache. */
    private static void planeMoments(Planes planes, float[] x, int xAt, int begin, int end, double[] mean,
                                     double[] squares, int at) {
        int channels = planes.channels();
        int size = planes.size();
        float[] lanes = Scratch.zeros(Scratch.Use.CHANNEL_SUMS, channels * VectorPlanes.LANES);
        float[] centres = Scratch.floats(Scratch.Use.CHANNEL_CENTRES, channels);
        double[] averages = Scratch.zeroDoubles(Scratch.Wide.MEANS, channels);
        double[] own = Scratch.zeroDoubles(Scratch.Wide.SQUARES, channels);
        for (int first = begin; first < end; first += planes.together()) {
            int last = Math.min(end, first + planes.together());
            Arrays.fill(averages, 0, channels, 0);
            Arrays.fill(own, 0, channels, 0);
            for (int n = first; n < last; n++) {
                PLANES.addSums(x, xAt + n * channels * size, size, channels, lanes);
            }
            planes.widen(lanes, averages, 0);
            double before = (double) (first - begin) * size;
            double added = (double) (last - first) * size;
            for (int c = 0; c < channels; c++) {
                averages[c] /= added;
                centres[c] = (float) averages[c];
            }
            for (int n = first; n < last; n++) {
                PLANES.addSquares(x, xAt + n * channels * size, size, channels, centres, lanes);
            }
            planes.widen(lanes, own, 0);
            double share = added / (before + added);
            for (int c = 0; c < channels; c++) {
                // Squares about a rounded mean, put right by the square of what rounding took.
                double rounding = averages[c] - centres[c];
                double distance = averages[c] - mean[at + c];
                mean[at + c] += distance * share;
                squares[at + c] += own[c] - added * rounding * rounding + distance * distance * before * share;
            }
        }
    }

    private static void rowMoments(int channels, float[] x, int xAt, int rows, double[] mean, double[] squares,
                                   int at) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < channels; c++) {
                mean[at + c] += x[xAt + r * channels + c];
            }
        }
        for (int c = 0; c < channels; c++) {
            mean[at + c] /= rows;
        }
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < channels; c++) {
                double distance = x[xAt + r * channels + c] - mean[at + c];
                squares[at + c] += distance * distance;
            }
        }
    }

    /**
     * y = (x - centre) · slope + shift by channel. The centre is the mean as a float; what rounding takes from it is in
     * the shift, so that large means cost no digits.
     */
    record Affine(float[] centre, float[] slope, float[] shift) {
        static Affine normalising(double[] mean, double[] inverse, Tensor weight, Tensor bias) {
            int channels = mean.length;
            Affine affine = new Affine(new float[channels], new float[channels], new float[channels]);
            for (int c = 0; c < channels; c++) {
                double slope = weight == null ? inverse[c] : inverse[c] * floats(weight)[offset(weight) + c];
                double added = bias == null ? 0 : floats(bias)[offset(bias) + c];
                affine.centre[c] = (float) mean[c];
                affine.slope[c] = (float) slope;
                affine.shift[c] = (float) (added - (mean[c] - affine.centre[c]) * slope);
            }
            return affine;
        }

        /** @param relu whether to replace negative results by 0 */
        void apply(Planes planes, float[] x, int xAt, float[] y, int yAt, boolean relu) {
            planes.parallel((begin, end) -> {
                int channels = planes.channels();
                if (planes.size() == 1) {
                    for (int n = begin; n < end; n++) {
                        row(x, xAt + n * channels, y, yAt + n * channels, channels);
                    }
                    if (relu) {
                        relu(y, yAt + begin * channels, (end - begin) * channels);
                    }
                    return;
                }
                for (int n = begin; n < end; n++) {
                    for (int c = 0; c < channels; c++) {
                        int at = (n * channels + c) * planes.size();
                        if (relu) {
                            PLANES.affineRelu(x, xAt + at, y, yAt + at, planes.size(), centre[c], slope[c], shift[c]);
                        } else {
                            PLANES.affine(x, xAt + at, y, yAt + at, planes.size(), centre[c], slope[c], shift[c]);
                        }
                    }
                }
            });
        }

        private void row(float[] x, int xAt, float[] y, int yAt, int count) {
            for (int c = 0; c < count; c++) {
                y[yAt + c] = Math.fma(x[xAt + c] - centre[c], slope[c], shift[c]);
            }
        }

        private static void relu(float[] y, int yAt, int count) {
            for (int i = 0; i < count; i++) {
                y[yAt + i] = Math.max(y[yAt + i], 0f);
            }
        }
    }

    private static void inputGrad(Op op, Tensor[] in, Tensor[] out) {
        boolean affine = ((BatchNorm.InputGrad) op).affine();
        Planes planes = Planes.of(in[1].layout().shape());
        int channels = planes.channels();
        Gradient gradient = Gradient.of(in[0], planes);
        float[] x = floats(in[1]);
        int xAt = offset(in[1]);
        float[] mean = floats(in[2]);
        int meanAt = offset(in[2]);
        float[] inverse = floats(in[3]);
        int inverseAt = offset(in[3]);
        double[] sums = new double[channels];
        double[] products = new double[channels];
        gradientSums(planes, gradient, x, xAt, mean, meanAt, sums, products);
        float[] gradSlope = new float[channels];
        float[] xSlope = new float[channels];
        float[] shift = new float[channels];
        for (int c = 0; c < channels; c++) {
            double spread = inverse[inverseAt + c];
            double product = products[c] * spread;
            double scale = affine ? spread * floats(in[4])[offset(in[4]) + c] : spread;
            gradSlope[c] = (float) scale;
            xSlope[c] = (float) (-scale * spread * product / planes.count());
            shift[c] = (float) (-scale * sums[c] / planes.count());
            if (affine) {
                floats(out[1])[offset(out[1]) + c] = (float) product;
                floats(out[2])[offset(out[2]) + c] = (float) sums[c];
            }
        }
        float[] y = floats(out[0]);
        int yAt = offset(out[0]);
        planes.parallel((begin, end) -> {
            for (int n = begin; n < end; n++) {
                if (planes.size() == 1) {
                    int at = n * channels;
                    for (int c = 0; c < channels; c++) {
                        y[yAt + at + c] = Math.fma(gradient.grad[gradient.gradAt + at + c], gradSlope[c],
                                Math.fma(x[xAt + at + c] - mean[meanAt + c], xSlope[c], shift[c]));
                    }
                    continue;
                }
                for (int c = 0; c < channels; c++) {
                    int at = (n * channels + c) * planes.size();
                    gradient.combine(at, x, xAt + at, y, yAt + at, planes.size(), gradSlope[c], mean[meanAt + c],
                            xSlope[c], shift[c]);
                }
            }
        });
    }

    /** The gradient that comes in: an array, or one that relu has yet to gate by its output. */
    private record Gradient(float[] grad, int gradAt, float[] gate, int gateAt) {
        static Gradient of(Tensor tensor, Planes planes) {
            Fusion.Gate gate = planes.size() == 1 ? null : Fusion.pending(tensor, Fusion.Gate.class);
            return gate == null ? new Gradient(floats(tensor), offset(tensor), null, 0)
                    : new Gradient(floats(gate.grad), offset(gate.grad), floats(gate.y), offset(gate.y));
        }

        void addSums(int at, float[] x, int xAt, Planes planes, float[] mean, int meanAt, float[] sums,
                     float[] products) {
            if (gate == null) {
                PLANES.addGradients(grad, gradAt + at, x, xAt, planes.size(), planes.channels(), mean, meanAt, sums,
                        products);
            } else {
                PLANES.addGatedGradients(grad, gradAt + at, gate, gateAt + at, x, xAt, planes.size(),
                        planes.channels(), mean, meanAt, sums, products);
            }
        }

        void combine(int at, float[] x, int xAt, float[] y, int yAt, int count, float gradSlope, float centre,
                     float xSlope, float shift) {
            if (gate == null) {
                PLANES.combine(grad, gradAt + at, x, xAt, y, yAt, count, gradSlope, centre, xSlope, shift);
            } else {
                PLANES.gatedCombine(grad, gradAt + at, gate, gateAt + at, x, xAt, y, yAt, count, gradSlope, centre,
                        xSlope, shift);
            }
        }
    }

    /** Sums over each channel of grad, and of grad · (x - mean). */
    private static void gradientSums(Planes planes, Gradient gradient, float[] x, int xAt, float[] mean, int meanAt,
                                     double[] sums, double[] products) {
        int channels = planes.channels();
        int chunk = planes.chunk();
        int count = planes.pieces() * channels;
        double[] partialSums = Scratch.zeroDoubles(Scratch.Wide.PARTIAL_SUMS, count);
        double[] partialProducts = Scratch.zeroDoubles(Scratch.Wide.PARTIAL_PRODUCTS, count);
        planes.parallel((begin, end) -> {
            int to = begin / chunk * channels;
            if (planes.size() == 1) {
                for (int n = begin; n < end; n++) {
                    for (int c = 0; c < channels; c++) {
                        double g = gradient.grad[gradient.gradAt + n * channels + c];
                        partialSums[to + c] += g;
                        partialProducts[to + c] += g * (x[xAt + n * channels + c] - mean[meanAt + c]);
                    }
                }
                return;
            }
            float[] sumLanes = Scratch.zeros(Scratch.Use.CHANNEL_SUMS, channels * VectorPlanes.LANES);
            float[] productLanes = Scratch.zeros(Scratch.Use.CHANNEL_PRODUCTS, channels * VectorPlanes.LANES);
            for (int n = begin; n < end; n++) {
                int at = n * channels * planes.size();
                gradient.addSums(at, x, xAt + at, planes, mean, meanAt, sumLanes, productLanes);
                if (planes.isWidened(n, begin, end)) {
                    planes.widen(sumLanes, partialSums, to);
                    planes.widen(productLanes, partialProducts, to);
                }
            }
        });
        for (int i = 0; i < count; i++) {
            sums[i % channels] += partialSums[i];
            products[i % channels] += partialProducts[i];
        }
    }
}

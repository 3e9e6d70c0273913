package org.bitgrid.tensor.reference;

import java.util.function.IntToDoubleFunction;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.LayerNorm;

/** Definitions of normalisation, with gradients. */
final class ReferenceNnNorm {
    private ReferenceNnNorm() {
    }

    static void register() {
        ReferenceBackend.define(BatchNorm.class, ReferenceNnNorm::batchNorm);
        ReferenceBackend.define(BatchNorm.InputGrad.class, ReferenceNnNorm::batchNormInputGrad);
        ReferenceBackend.define(LayerNorm.class, ReferenceNnNorm::layerNorm);
        ReferenceBackend.define(LayerNorm.InputGrad.class, ReferenceNnNorm::layerNormInputGrad);
    }

    /** Sum over each channel of (N, C, …) of a term of the element at each position. */
    private static double[] perChannel(RefArray x, IntToDoubleFunction term) {
        double[] sums = new double[x.dim(1)];
        for (int i = 0; i < x.values().length; i++) {
            sums[channel(x, i)] += term.applyAsDouble(i);
        }
        return sums;
    }

    private static int channel(RefArray x, int position) {
        int plane = (int) x.shape().slice(2, x.rank()).numel();
        return position / plane % x.dim(1);
    }

    private static void batchNorm(BatchNorm op, RefArray[] in, RefArray[] out) {
        double[] x = in[0].values();
        int channels = in[0].dim(1);
        double count = (double) x.length / channels;
        double[] mean = new double[channels];
        double[] inverse = new double[channels];
        int running = op.runningIndex();
        if (op.training()) {
            double[] sums = perChannel(in[0], i -> x[i]);
            for (int c = 0; c < channels; c++) {
                mean[c] = sums[c] / count;
            }
            double[] squares = perChannel(in[0], i -> square(x[i] - mean[channel(in[0], i)]));
            for (int c = 0; c < channels; c++) {
                inverse[c] = 1 / Math.sqrt(squares[c] / count + op.epsilon());
                out[1].values()[c] = mean[c];
                out[2].values()[c] = inverse[c];
                if (op.tracked()) {
                    out[3].values()[c] = (1 - op.momentum()) * in[running].values()[c] + op.momentum() * mean[c];
                    out[4].values()[c] = (1 - op.momentum()) * in[running + 1].values()[c]
                            + op.momentum() * squares[c] / (count - 1);
                }
            }
        } else {
            for (int c = 0; c < channels; c++) {
                mean[c] = in[running].values()[c];
                inverse[c] = 1 / Math.sqrt(in[running + 1].values()[c] + op.epsilon());
            }
        }
        for (int i = 0; i < x.length; i++) {
            int c = channel(in[0], i);
            double normal = (x[i] - mean[c]) * inverse[c];
            out[0].values()[i] = op.affine() ? normal * in[1].values()[c] + in[2].values()[c] : normal;
        }
    }

    private static double square(double x) {
        return x * x;
    }

    private static void batchNormInputGrad(BatchNorm.InputGrad op, RefArray[] in, RefArray[] out) {
        RefArray shape = in[1];
        double[] grad = in[0].values();
        double[] x = in[1].values();
        double[] mean = in[2].values();
        double[] inverse = in[3].values();
        double count = (double) x.length / shape.dim(1);
        double[] sums = perChannel(shape, i -> grad[i]);
        double[] products = perChannel(shape, i -> grad[i] * (x[i] - mean[channel(shape, i)])
                * inverse[channel(shape, i)]);
        for (int i = 0; i < x.length; i++) {
            int c = channel(shape, i);
            double normal = (x[i] - mean[c]) * inverse[c];
            double scale = op.affine() ? inverse[c] * in[4].values()[c] : inverse[c];
            out[0].values()[i] = scale * (grad[i] - sums[c] / count - normal * products[c] / count);
        }
        if (op.affine()) {
            System.arraycopy(products, 0, out[1].values(), 0, products.length);
            System.arraycopy(sums, 0, out[2].values(), 0, sums.length);
        }
    }

    private static void layerNorm(LayerNorm op, RefArray[] in, RefArray[] out) {
        double[] x = in[0].values();
        int length = (int) op.normalized().numel();
        for (int row = 0; row < out[1].values().length; row++) {
            int start = row * length;
            double sum = 0;
            for (int i = 0; i < length; i++) {
                sum += x[start + i];
            }
            double mean = sum / length; // no number when there is nothing
            double squares = 0;
            for (int i = 0; i < length; i++) {
                squares += square(x[start + i] - mean);
            }
            double variance = squares / length;
            double inverse = 1 / Math.sqrt(variance + op.epsilon());
            out[1].values()[row] = mean;
            out[2].values()[row] = inverse;
            for (int i = 0; i < length; i++) {
                double weight = in.length > 1 ? in[1].values()[i] : 1;
                double bias = in.length > 2 ? in[2].values()[i] : 0;
                out[0].values()[start + i] = (x[start + i] - mean) * inverse * weight + bias;
            }
        }
    }

    private static void layerNormInputGrad(LayerNorm.InputGrad op, RefArray[] in, RefArray[] out) {
        double[] grad = in[0].values();
        double[] x = in[1].values();
        int length = (int) op.normalized().numel();
        for (int row = 0; row < in[2].values().length; row++) {
            int start = row * length;
            double mean = in[2].values()[row];
            double inverse = in[3].values()[row];
            double sum = 0;
            double product = 0;
            for (int i = 0; i < length; i++) {
                double h = op.affine() ? grad[start + i] * in[4].values()[i] : grad[start + i];
                sum += h / length;
                product += h * (x[start + i] - mean) * inverse / length;
            }
            for (int i = 0; i < length; i++) {
                double normal = (x[start + i] - mean) * inverse;
                double h = op.affine() ? grad[start + i] * in[4].values()[i] : grad[start + i];
                out[0].values()[start + i] = inverse * (h - sum - normal * product);
                if (op.affine()) {
                    out[1].values()[i] += grad[start + i] * normal;
                    out[2].values()[i] += grad[start + i];
                }
            }
        }
    }
}

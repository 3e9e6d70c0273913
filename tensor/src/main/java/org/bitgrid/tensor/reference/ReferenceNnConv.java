package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.Window2d;

/** Definitions of convolutions and linear maps, with their gradients. */
final class ReferenceNnConv {
    private ReferenceNnConv() {
    }

    static void register() {
        ReferenceBackend.define(Conv2d.class, ReferenceNnConv::conv2d);
        ReferenceBackend.define(Conv2d.InputGrad.class, ReferenceNnConv::inputGrad);
        ReferenceBackend.define(Conv2d.WeightGrad.class, ReferenceNnConv::weightGrad);
        ReferenceBackend.define(Linear.class, ReferenceNnConv::linear);
        ReferenceBackend.define(Linear.InputGrad.class, ReferenceNnConv::linearInputGrad);
        ReferenceBackend.define(Linear.WeightGrad.class, ReferenceNnConv::linearWeightGrad);
    }

    /** Told of every product that a convolution adds up, by row-major positions. */
    @FunctionalInterface
    private interface Tap {
        void at(int x, int weight, int y);
    }

    /** Walks all products of a convolution, output by output: the one place that knows which elements meet. */
    private static void walk(RefArray x, RefArray weight, RefArray y, Window2d window, int groups, Tap tap) {
        int channels = x.dim(1);
        int filters = y.dim(1);
        int perGroup = channels / groups;
        for (int n = 0; n < y.dim(0); n++) {
            for (int k = 0; k < filters; k++) {
                int firstChannel = k / (filters / groups) * perGroup;
                for (int oh = 0; oh < y.dim(2); oh++) {
                    for (int ow = 0; ow < y.dim(3); ow++) {
                        int to = ((n * filters + k) * y.dim(2) + oh) * y.dim(3) + ow;
                        for (int c = 0; c < perGroup; c++) {
                            for (int r = 0; r < window.kernelH(); r++) {
                                int h = oh * window.strideH() - window.padH() + r * window.dilationH();
                                for (int s = 0; s < window.kernelW(); s++) {
                                    int w = ow * window.strideW() - window.padW() + s * window.dilationW();
                                    if (h >= 0 && h < x.dim(2) && w >= 0 && w < x.dim(3)) {
                                        tap.at(((n * channels + firstChannel + c) * x.dim(2) + h) * x.dim(3) + w,
                                                ((k * perGroup + c) * weight.dim(2) + r) * weight.dim(3) + s, to);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static void conv2d(Conv2d op, RefArray[] in, RefArray[] out) {
        double[] x = in[0].values();
        double[] weight = in[1].values();
        double[] y = out[0].values();
        walk(in[0], in[1], out[0], op.window(), op.groups(), (i, j, k) -> y[k] += x[i] * weight[j]);
        if (in.length == 3) {
            int plane = out[0].dim(2) * out[0].dim(3);
            for (int i = 0; i < y.length; i++) {
                y[i] += in[2].values()[i / plane % out[0].dim(1)];
            }
        }
    }

    private static void inputGrad(Conv2d.InputGrad op, RefArray[] in, RefArray[] out) {
        double[] grad = in[0].values();
        double[] weight = in[1].values();
        double[] x = out[0].values();
        walk(out[0], in[1], in[0], op.window(), op.groups(), (i, j, k) -> x[i] += grad[k] * weight[j]);
    }

    private static void weightGrad(Conv2d.WeightGrad op, RefArray[] in, RefArray[] out) {
        double[] x = in[0].values();
        double[] grad = in[1].values();
        double[] weight = out[0].values();
        walk(in[0], out[0], in[1], op.window(), op.groups(), (i, j, k) -> weight[j] += grad[k] * x[i]);
    }

    private static void linear(Linear op, RefArray[] in, RefArray[] out) {
        int features = in[1].dim(1);
        int outputs = in[1].dim(0);
        for (int i = 0; i < out[0].values().length; i++) {
            int row = i / outputs;
            int column = i % outputs;
            double sum = in.length == 3 ? in[2].values()[column] : 0;
            for (int k = 0; k < features; k++) {
                sum += in[0].values()[row * features + k] * in[1].values()[column * features + k];
            }
            out[0].values()[i] = sum;
        }
    }

    private static void linearInputGrad(Linear.InputGrad op, RefArray[] in, RefArray[] out) {
        int features = in[1].dim(1);
        int outputs = in[1].dim(0);
        for (int i = 0; i < out[0].values().length; i++) {
            double sum = 0;
            for (int k = 0; k < outputs; k++) {
                sum += in[0].values()[i / features * outputs + k] * in[1].values()[k * features + i % features];
            }
            out[0].values()[i] = sum;
        }
    }

    private static void linearWeightGrad(Linear.WeightGrad op, RefArray[] in, RefArray[] out) {
        int features = out[0].dim(1);
        int outputs = out[0].dim(0);
        int rows = features == 0 ? 0 : in[0].values().length / features;
        for (int i = 0; i < out[0].values().length; i++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += in[1].values()[row * outputs + i / features] * in[0].values()[row * features + i % features];
            }
            out[0].values()[i] = sum;
        }
    }
}

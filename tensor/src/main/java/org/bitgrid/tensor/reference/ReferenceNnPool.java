package org.bitgrid.tensor.reference;

import java.util.Arrays;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AdaptiveMaxPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Unfold;
import org.bitgrid.tensor.op.Window2d;

/** Definitions of pooling, with gradients. */
final class ReferenceNnPool {
    private ReferenceNnPool() {
    }

    static void register() {
        ReferenceBackend.define(MaxPool2d.class, ReferenceNnPool::maxPool);
        ReferenceBackend.define(MaxPool2d.InputGrad.class, ReferenceNnPool::maxPoolInputGrad);
        ReferenceBackend.define(AdaptiveMaxPool2d.class, (op, in, out) -> {
            double[] y = out[0].values();
            double[] places = out[1].values();
            Arrays.fill(places, -1);
            int plane = in[0].dim(2) * in[0].dim(3);
            adaptive(in[0], out[0], (i, k, count) -> {
                double value = in[0].values()[i];
                if (places[k] < 0 || value > y[k] || Double.isNaN(value) && !Double.isNaN(y[k])) {
                    y[k] = value;
                    places[k] = i % plane;
                }
            });
        });
        ReferenceBackend.define(Unfold.class, (op, in, out) ->
                windows(op.window(), in[0], out[0], (x, column) ->
                        out[0].values()[column] = in[0].values()[x]));
        ReferenceBackend.define(Unfold.Fold.class, (op, in, out) ->
                windows(op.window(), out[0], in[0], (x, column) ->
                        out[0].values()[x] += in[0].values()[column]));
        ReferenceBackend.define(AvgPool2d.class, (op, in, out) -> {
            double[] x = in[0].values();
            double[] y = out[0].values();
            average(op, in[0], out[0], (i, k, divisor) -> y[k] += x[i] / divisor);
        });
        ReferenceBackend.define(AvgPool2d.InputGrad.class, (op, in, out) -> {
            double[] grad = in[0].values();
            double[] x = out[0].values();
            average(op.pool(), out[0], in[0], (i, k, divisor) -> x[i] += grad[k] / divisor);
        });
        ReferenceBackend.define(AdaptiveAvgPool2d.class, (op, in, out) -> {
            double[] x = in[0].values();
            double[] y = out[0].values();
            adaptive(in[0], out[0], (i, k, divisor) -> y[k] += x[i] / divisor);
        });
        ReferenceBackend.define(AdaptiveAvgPool2d.InputGrad.class, (op, in, out) -> {
            double[] grad = in[0].values();
            double[] x = out[0].values();
            adaptive(out[0], in[0], (i, k, divisor) -> x[i] += grad[k] / divisor);
        });
    }

    /** Told of every input element in every window, by row-major positions. */
    @FunctionalInterface
    private interface Member {
        void at(int x, int y, int divisor);
    }

    /** An element of an image and its place among the columns of its windows, by row-major positions. */
    @FunctionalInterface
    private interface Pair {
        void at(int x, int column);
    }

    private static void windows(Window2d window, RefArray x, RefArray columns, Pair pair) {
        int rows = window.outputHeight("unfold", x.dim(2));
        int across = window.outputWidth("unfold", x.dim(3));
        for (int i = 0; i < columns.values().length; i++) {
            int place = i % (rows * across);
            int tap = i / (rows * across) % (window.kernelH() * window.kernelW());
            int image = i / (rows * across) / (window.kernelH() * window.kernelW());
            int h = place / across * window.strideH() - window.padH() + tap / window.kernelW() * window.dilationH();
            int w = place % across * window.strideW() - window.padW() + tap % window.kernelW() * window.dilationW();
            if (h >= 0 && h < x.dim(2) && w >= 0 && w < x.dim(3)) {
                pair.at((image * x.dim(2) + h) * x.dim(3) + w, i);
            }
        }
    }

    private static void maxPool(MaxPool2d op, RefArray[] in, RefArray[] out) {
        Window2d window = op.window();
        int height = in[0].dim(2);
        int width = in[0].dim(3);
        int columns = out[0].dim(3);
        int plane = out[0].dim(2) * columns;
        for (int i = 0; i < out[0].values().length; i++) {
            int base = i / plane * height * width;
            int row = i % plane / columns * window.strideH() - window.padH();
            int column = i % columns * window.strideW() - window.padW();
            double best = Double.NEGATIVE_INFINITY;
            int place = -1;
            for (int r = 0; r < window.kernelH(); r++) {
                for (int s = 0; s < window.kernelW(); s++) {
                    int h = row + r * window.dilationH();
                    int w = column + s * window.dilationW();
                    if (h < 0 || h >= height || w < 0 || w >= width) {
                        continue;
                    }
                    double value = in[0].values()[base + h * width + w];
                    if (place < 0 || value > best || Double.isNaN(value) && !Double.isNaN(best)) {
                        best = value;
                        place = h * width + w;
                    }
                }
            }
            out[0].values()[i] = best;
            out[1].values()[i] = place;
        }
    }

    private static void maxPoolInputGrad(MaxPool2d.InputGrad op, RefArray[] in, RefArray[] out) {
        int plane = in[0].dim(2) * in[0].dim(3);
        for (int i = 0; i < in[0].values().length; i++) {
            int place = (int) in[1].values()[i];
            if (place >= 0) {
                out[0].values()[i / plane * op.height() * op.width() + place] += in[0].values()[i];
            }
        }
    }

    private static void average(AvgPool2d op, RefArray x, RefArray y, Member member) {
        Window2d window = op.window();
        int height = x.dim(2);
        int width = x.dim(3);
        int columns = y.dim(3);
        int plane = y.dim(2) * columns;
        for (int i = 0; i < y.values().length; i++) {
            int outRow = i % plane / columns;
            int outColumn = i % columns;
            int divisor = op.divisor(outRow, outColumn, height, width);
            for (int r = 0; r < window.kernelH(); r++) {
                for (int s = 0; s < window.kernelW(); s++) {
                    int h = outRow * window.strideH() - window.padH() + r;
                    int w = outColumn * window.strideW() - window.padW() + s;
                    if (h >= 0 && h < height && w >= 0 && w < width) {
                        member.at((i / plane * height + h) * width + w, i, divisor);
                    }
                }
            }
        }
    }

    private static void adaptive(RefArray x, RefArray y, Member member) {
        int height = x.dim(2);
        int width = x.dim(3);
        int rows = y.dim(2);
        int columns = y.dim(3);
        for (int i = 0; i < y.values().length; i++) {
            int row = i / columns % rows;
            int column = i % columns;
            int top = AdaptiveAvgPool2d.start(row, height, rows);
            int bottom = AdaptiveAvgPool2d.end(row, height, rows);
            int left = AdaptiveAvgPool2d.start(column, width, columns);
            int right = AdaptiveAvgPool2d.end(column, width, columns);
            for (int h = top; h < bottom; h++) {
                for (int w = left; w < right; w++) {
                    member.at((i / (rows * columns) * height + h) * width + w, i, (bottom - top) * (right - left));
                }
            }
        }
    }
}

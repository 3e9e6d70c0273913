package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AdaptiveMaxPool2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Unfold;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.spi.Parallel;

/** Windows laid out as columns and added back, and adaptive maxima; each thread takes whole channels. */
final class WindowKernels {
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 14;

    private WindowKernels() {
    }

    static void register() {
        CpuBackend.define(Unfold.class, new Floats() {
            @Override
            public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
                channels(((Unfold) op).window(), inputs[0], outputs[0], false);
            }
        });
        CpuBackend.define(Unfold.Fold.class, new Floats() {
            @Override
            public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
                channels(((Unfold.Fold) op).window(), outputs[0], inputs[0], true);
            }
        });
        CpuBackend.define(AdaptiveMaxPool2d.class, (op, in, out) -> adaptiveMax(in[0], out[0], out[1]));
    }

    /** Takes floats only; unfolding would also be asked for integers. */
    private abstract static class Floats implements CpuKernel {
        @Override
        public final boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() == DType.FLOAT32;
        }
    }

    private static void channels(Window2d window, Tensor image, Tensor columns, boolean adds) {
        Shape shape = image.layout().shape();
        int height = shape.dim(2);
        int width = shape.dim(3);
        int rows = window.outputHeight("unfold", height);
        int across = window.outputWidth("unfold", width);
        int plane = height * width;
        int taps = window.kernelH() * window.kernelW();
        float[] x = image.storage().floats();
        float[] y = columns.storage().floats();
        int chunk = Math.max(1, PIECE / Math.max(1, taps * rows * across));
        Parallel.range(shape.dim(0) * shape.dim(1), chunk, (begin, end) -> {
            for (int channel = begin; channel < end; channel++) {
                int base = image.layout().offset() + channel * plane;
                int at = columns.layout().offset() + channel * taps * rows * across;
                if (adds) {
                    Arrays.fill(x, base, base + plane, 0);
                }
                for (int tap = 0; tap < taps; tap++) {
                    int down = tap / window.kernelW() * window.dilationH() - window.padH();
                    int right = tap % window.kernelW() * window.dilationW() - window.padW();
                    for (int row = 0; row < rows; row++, at += across) {
                        int h = row * window.strideH() + down;
                        if (h < 0 || h >= height) {
                            if (!adds) {
                                Arrays.fill(y, at, at + across, 0);
                            }
                        } else if (adds) {
                            addRow(y, at, across, x, base + h * width, width, right, window.strideW());
                        } else {
                            takeRow(x, base + h * width, width, right, window.strideW(), y, at, across);
                        }
                    }
                }
            }
        });
    }

    private static void takeRow(float[] x, int row, int width, int right, int stride, float[] y, int at, int across) {
        for (int i = 0; i < across; i++) {
            int w = i * stride + right;
            y[at + i] = w >= 0 && w < width ? x[row + w] : 0;
        }
    }

    private static void addRow(float[] y, int at, int across, float[] x, int row, int width, int right, int stride) {
        for (int i = 0; i < across; i++) {
            int w = i * stride + right;
            if (w >= 0 && w < width) {
                x[row + w] += y[at + i];
            }
        }
    }

    private static void adaptiveMax(Tensor input, Tensor values, Tensor places) {
        Shape from = input.layout().shape();
        Shape to = values.layout().shape();
        int height = from.dim(2);
        int width = from.dim(3);
        int rows = to.dim(2);
        int columns = to.dim(3);
        float[] x = input.storage().floats();
        float[] y = values.storage().floats();
        long[] chosen = places.storage().longs();
        Parallel.range(to.dim(0) * to.dim(1), Math.max(1, PIECE / Math.max(1, height * width)), (begin, end) -> {
            for (int p = begin; p < end; p++) {
                int base = input.layout().offset() + p * height * width;
                for (int i = 0; i < rows * columns; i++) {
                    int row = i / columns;
                    int column = i % columns;
                    int bottom = AdaptiveAvgPool2d.end(row, height, rows);
                    int right = AdaptiveAvgPool2d.end(column, width, columns);
                    int left = AdaptiveAvgPool2d.start(column, width, columns);
                    int best = AdaptiveAvgPool2d.start(row, height, rows) * width + left;
                    for (int h = AdaptiveAvgPool2d.start(row, height, rows); h < bottom; h++) {
                        for (int w = left; w < right; w++) {
                            float candidate = x[base + h * width + w];
                            float champion = x[base + best];
                            if (candidate > champion || candidate != candidate && champion == champion) {
                                best = h * width + w;
                            }
                        }
                    }
                    y[values.layout().offset() + p * rows * columns + i] = x[base + best];
                    chosen[places.layout().offset() + p * rows * columns + i] = best;
                }
            }
        });
    }
}

package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.spi.Parallel;

/** Pooling over height and width, plane by plane; windows are cut to the input before they are walked. */
final class PoolKernels {
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 14;

    private PoolKernels() {
    }

    static void register() {
        CpuBackend.define(MaxPool2d.class, PoolKernels::max);
        CpuBackend.define(MaxPool2d.InputGrad.class, PoolKernels::maxGrad);
        CpuBackend.define(AvgPool2d.class, (op, in, out) ->
                average(new Sliding((AvgPool2d) op, in[0].layout().shape()), in[0], out[0]));
        CpuBackend.define(AvgPool2d.InputGrad.class, (op, in, out) ->
                averageGrad(new Sliding(((AvgPool2d.InputGrad) op).pool(), out[0].layout().shape()), in[0], out[0]));
        CpuBackend.define(AdaptiveAvgPool2d.class, (op, in, out) ->
                average(new Adaptive(in[0].layout().shape(), out[0].layout().shape()), in[0], out[0]));
        CpuBackend.define(AdaptiveAvgPool2d.InputGrad.class, (op, in, out) ->
                averageGrad(new Adaptive(out[0].layout().shape(), in[0].layout().shape()), in[0], out[0]));
    }

    /** Which part of the input an average covers, and what its sum is divided by. */
    private abstract static class Windows {
        int top(int row) {
            return Math.max(0, startH(row));
        }

        int left(int column) {
            return Math.max(0, startW(column));
        }

        abstract int startH(int row);

        abstract int startW(int column);

        abstract int bottom(int row);

        abstract int right(int column);

        abstract int divisor(int row, int column);
    }

    private static final class Sliding extends Windows {
        private final AvgPool2d op;
        private final Window2d window;
        private final int height;
        private final int width;

        Sliding(AvgPool2d op, Shape input) {
            this.op = op;
            this.window = op.window();
            this.height = input.dim(2);
            this.width = input.dim(3);
        }

        @Override
        int startH(int row) {
            return row * window.strideH() - window.padH();
        }

        @Override
        int startW(int column) {
            return column * window.strideW() - window.padW();
        }

        @Override
        int bottom(int row) {
            return Math.min(height, startH(row) + window.kernelH());
        }

        @Override
        int right(int column) {
            return Math.min(width, startW(column) + window.kernelW());
        }

        @Override
        int divisor(int row, int column) {
            return op.divisor(row, column, height, width);
        }
    }

    private static final class Adaptive extends Windows {
        private final int height;
        private final int width;
        private final int rows;
        private final int columns;

        Adaptive(Shape input, Shape output) {
            this.height = input.dim(2);
            this.width = input.dim(3);
            this.rows = output.dim(2);
            this.columns = output.dim(3);
        }

        @Override
        int startH(int row) {
            return AdaptiveAvgPool2d.start(row, height, rows);
        }

        @Override
        int startW(int column) {
            return AdaptiveAvgPool2d.start(column, width, columns);
        }

        @Override
        int bottom(int row) {
            return AdaptiveAvgPool2d.end(row, height, rows);
        }

        @Override
        int right(int column) {
            return AdaptiveAvgPool2d.end(column, width, columns);
        }

        @Override
        int divisor(int row, int column) {
            return (bottom(row) - startH(row)) * (right(column) - startW(column));
        }
    }

    private static int planes(Shape shape) {
        return shape.dim(0) * shape.dim(1);
    }

    private static int chunk(Shape shape) {
        return Math.max(1, PIECE / Math.max(1, shape.dim(2) * shape.dim(3)));
    }

    private static void average(Windows windows, Tensor input, Tensor output) {
        Shape from = input.layout().shape();
        Shape to = output.layout().shape();
        float[] x = input.storage().floats();
        float[] y = output.storage().floats();
        int width = from.dim(3);
        int plane = from.dim(2) * width;
        int rows = to.dim(2);
        int columns = to.dim(3);
        Parallel.range(planes(to), chunk(from), (begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            for (int p = begin; p < end; p++) {
                int base = input.layout().offset() + p * plane;
                int at = output.layout().offset() + p * rows * columns;
                for (int row = 0; row < rows; row++) {
                    int top = windows.top(row);
                    int bottom = windows.bottom(row);
                    for (int column = 0; column < columns; column++) {
                        int left = windows.left(column);
                        int right = windows.right(column);
                        double sum = left == 0 && right == width
                                ? REDUCTIONS.sum(x, base + top * width, Math.max(0, bottom - top) * width, lanes)
                                : sum(x, base, width, top, bottom, left, right);
                        y[at++] = (float) (sum / windows.divisor(row, column));
                    }
                }
            }
        });
    }

    private static double sum(float[] x, int base, int width, int top, int bottom, int left, int right) {
        double sum = 0;
        for (int h = top; h < bottom; h++) {
            for (int w = left; w < right; w++) {
                sum += x[base + h * width + w];
            }
        }
        return sum;
    }

    private static void averageGrad(Windows windows, Tensor gradient, Tensor output) {
        Shape from = gradient.layout().shape();
        Shape to = output.layout().shape();
        float[] grad = gradient.storage().floats();
        float[] x = output.storage().floats();
        int width = to.dim(3);
        int plane = to.dim(2) * width;
        int rows = from.dim(2);
        int columns = from.dim(3);
        Parallel.range(planes(to), chunk(to), (begin, end) -> {
            for (int p = begin; p < end; p++) {
                int base = output.layout().offset() + p * plane;
                int at = gradient.layout().offset() + p * rows * columns;
                Arrays.fill(x, base, base + plane, 0);
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        float share = grad[at++] / windows.divisor(row, column);
                        int left = windows.left(column);
                        int right = windows.right(column);
                        for (int h = windows.top(row); h < windows.bottom(row); h++) {
                            add(x, base + h * width + left, right - left, share);
                        }
                    }
                }
            }
        });
    }

    private static void add(float[] x, int at, int count, float term) {
        for (int i = 0; i < count; i++) {
            x[at + i] += term;
        }
    }

    private static void max(Op op, Tensor[] in, Tensor[] out) {
        Window2d window = ((MaxPool2d) op).window();
        Shape from = in[0].layout().shape();
        Shape to = out[0].layout().shape();
        float[] x = in[0].storage().floats();
        float[] y = out[0].storage().floats();
        long[] places = out[1].storage().longs();
        int height = from.dim(2);
        int width = from.dim(3);
        int columns = to.dim(3);
        Parallel.range(planes(to), chunk(from), (begin, end) -> {
            for (int p = begin; p < end; p++) {
                int base = in[0].layout().offset() + p * height * width;
                int at = p * to.dim(2) * columns;
                for (int row = 0; row < to.dim(2); row++) {
                    int top = inside(row * window.strideH() - window.padH(), window.dilationH());
                    int bottom = Math.min(height, row * window.strideH() - window.padH()
                            + (window.kernelH() - 1) * window.dilationH() + 1);
                    for (int column = 0; column < columns; column++) {
                        int left = inside(column * window.strideW() - window.padW(), window.dilationW());
                        int right = Math.min(width, column * window.strideW() - window.padW()
                                + (window.kernelW() - 1) * window.dilationW() + 1);
                        int place = largest(x, base, width, top, bottom, window.dilationH(), left, right,
                                window.dilationW());
                        y[out[0].layout().offset() + at] = place < 0 ? Float.NEGATIVE_INFINITY : x[base + place];
                        places[out[1].layout().offset() + at++] = place;
                    }
                }
            }
        });
    }

    /** The first of start, start + step, … that is not negative. */
    private static int inside(int start, int step) {
        return start >= 0 ? start : start + (-start + step - 1) / step * step;
    }

    private static int largest(float[] x, int base, int width, int top, int bottom, int stepH, int left, int right,
                               int stepW) {
        int place = -1;
        float best = Float.NEGATIVE_INFINITY;
        for (int h = top; h < bottom; h += stepH) {
            for (int w = left; w < right; w += stepW) {
                float value = x[base + h * width + w];
                if (value > best || place < 0) {
                    best = value;
                    place = h * width + w;
                } else if (value != value && best == best) {
                    best = value;
                    place = h * width + w;
                }
            }
        }
        return place;
    }

    private static void maxGrad(Op op, Tensor[] in, Tensor[] out) {
        Shape from = in[0].layout().shape();
        Shape to = out[0].layout().shape();
        float[] grad = in[0].storage().floats();
        long[] places = in[1].storage().longs();
        float[] x = out[0].storage().floats();
        int count = from.dim(2) * from.dim(3);
        int plane = to.dim(2) * to.dim(3);
        Parallel.range(planes(to), chunk(to), (begin, end) -> {
            for (int p = begin; p < end; p++) {
                int base = out[0].layout().offset() + p * plane;
                Arrays.fill(x, base, base + plane, 0);
                for (int i = p * count; i < (p + 1) * count; i++) {
                    int place = (int) places[in[1].layout().offset() + i];
                    if (place >= 0) {
                        x[base + place] += grad[in[0].layout().offset() + i];
                    }
                }
            }
        });
    }
}

package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.spi.Parallel;

/**
 * Convolutions in which every filter sees one channel. A product of matrices would have one row, so each plane is done
 * by itself: its patches, one row for each tap and a few positions at a time, are added up in loops that the compiler
 * vectorises.
 */
final class DepthwiseConv {
    /** Positions at a time, so that the patches of a 3 x 3 window stay in cache. */
    private static final int POSITIONS = 1024;
    /** Multiply-adds in a chunk. */
    private static final int CHUNK = 50_000;

    private DepthwiseConv() {
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    private static int chunk(int count, long workOfOne) {
        return (int) Math.min(Math.max(1, count), 1 + CHUNK / Math.max(1, workOfOne));
    }

    private static PatchPanels patches(PatchGrid grid, Tensor images) {
        Shape shape = images.layout().shape();
        return new PatchPanels(grid, floats(images), offset(images), shape.dim(1) * shape.dim(2) * shape.dim(3));
    }

    /** x (N, C, H, W), weight (K, 1, R, S), optional bias (K) -> (N, K, Ho, Wo). */
    static void forward(PatchGrid grid, Tensor[] in, Tensor out) {
        int channels = in[0].layout().shape().dim(1);
        int filters = channels == 0 ? 0 : out.layout().shape().dim(1) / channels;
        int positions = grid.positions();
        int taps = grid.taps();
        float[] weight = floats(in[1]);
        float[] bias = in.length == 3 ? floats(in[2]) : null;
        float[] y = floats(out);
        PatchPanels patches = patches(grid, in[0]);
        int planes = in[0].layout().shape().dim(0) * channels;
        Parallel.range(planes, chunk(planes, (long) positions * taps), (begin, end) -> {
            for (int plane = begin; plane < end; plane++) {
                int channel = plane % channels;
                for (int p = 0; p < positions; p += POSITIONS) {
                    int count = Math.min(POSITIONS, positions - p);
                    int stride = Gemm.roundUp(count, Gemm.COLUMN_STEP);
                    float[] rows = rows(patches, channel * taps, taps, plane / channels * positions + p, count, stride);
                    for (int f = 0; f < filters; f++) {
                        int filter = channel * filters + f;
                        float start = bias == null ? 0 : bias[offset(in[2]) + filter];
                        combine(rows, stride, taps, weight, offset(in[1]) + filter * taps, start, y,
                                offset(out) + (plane * filters + f) * positions + p, count);
                    }
                }
            }
        });
    }

    /** Patches of some positions of one sample: row k at k · stride. */
    private static float[] rows(PatchPanels patches, int firstK, int depth, int first, int count, int stride) {
        float[] rows = Scratch.floats(Scratch.Use.RIGHT_PANELS, depth * stride + Gemm.TILE_COLUMNS);
        patches.packAll(firstK, depth, first, count, stride, Gemm.COLUMN_STEP, rows);
        return rows;
    }

    /** to[j] = start + sum over k of factors[k] · rows[k][j], in ascending k. */
    private static void combine(float[] rows, int stride, int depth, float[] factors, int factorsAt, float start,
                                float[] to, int at, int count) {
        for (int j = 0; j < count; j++) {
            to[at + j] = start;
        }
        int k = 0;
        for (; k < depth - 2; k += 3) {
            addThree(rows, k * stride, (k + 1) * stride, (k + 2) * stride, factors[factorsAt + k],
                    factors[factorsAt + k + 1], factors[factorsAt + k + 2], to, at, count);
        }
        for (; k < depth; k++) {
            addOne(rows, k * stride, factors[factorsAt + k], to, at, count);
        }
    }

    private static void addThree(float[] rows, int first, int second, int third, float x, float y, float z, float[] to,
                                 int at, int count) {
        for (int j = 0; j < count; j++) {
            to[at + j] = to[at + j] + x * rows[first + j] + y * rows[second + j] + z * rows[third + j];
        }
    }

    private static void addOne(float[] rows, int first, float x, float[] to, int at, int count) {
        for (int j = 0; j < count; j++) {
            to[at + j] += x * rows[first + j];
        }
    }

    /** A part of the input gradient: grad (N, K, Ho, Wo), weight (K, 1, R, S) -> (N, C, H, W). */
    static void inputGrad(ConvKernels.InputPart part, Window2d window, Tensor[] in, Tensor out) {
        Shape x = out.layout().shape();
        PatchGrid grid = part.grid();
        int[] used = part.taps();
        int channels = x.dim(1);
        int filters = in[0].layout().shape().dim(1) / channels;
        int taps = window.kernelH() * window.kernelW();
        int positions = grid.positions();
        int depth = filters * used.length;
        float[] weight = floats(in[1]);
        float[] gradient = floats(out);
        PatchPanels patches = patches(grid, in[0]);
        int planes = x.dim(0) * channels;
        Parallel.range(planes, chunk(planes, (long) positions * Math.max(1, depth)), (begin, end) -> {
            float[] factors = Scratch.floats(Scratch.Use.LEFT_PANELS, depth);
            float[] sums = Scratch.floats(Scratch.Use.SUMS, POSITIONS);
            for (int plane = begin; plane < end; plane++) {
                int channel = plane % channels;
                for (int k = 0; k < depth; k++) {
                    factors[k] = weight[offset(in[1]) + (channel * filters + k / used.length) * taps
                            + used[k % used.length]];
                }
                int corner = offset(out) + (plane * x.dim(2) + part.atH()) * x.dim(3) + part.atW();
                for (int p = 0; p < positions; p += POSITIONS) {
                    int count = Math.min(POSITIONS, positions - p);
                    int stride = Gemm.roundUp(count, Gemm.COLUMN_STEP);
                    float[] rows = depth == 0 ? sums : rows(patches, channel * depth, depth,
                            plane / channels * positions + p, count, stride);
                    combine(rows, stride, depth, factors, 0, 0, sums, 0, count);
                    scatter(sums, p, count, grid.outputW(), gradient, corner, window.strideH() * x.dim(3),
                            window.strideW());
                }
            }
        });
    }

    /** Brings positions from {@code first} of a grid to rows {@code rowStride} and columns {@code step} apart. */
    private static void scatter(float[] sums, int first, int count, int width, float[] to, int corner, int rowStride,
                                int step) {
        for (int j = 0; j < count; ) {
            int row = (first + j) / width;
            int column = (first + j) % width;
            int run = Math.min(count - j, width - column);
            int at = corner + row * rowStride + column * step;
            for (int i = 0; i < run; i++) {
                to[at + i * step] = sums[j + i];
            }
            j += run;
        }
    }

    /** x (N, C, H, W), grad (N, K, Ho, Wo) -> (K, 1, R, S): threads share the channels, samples in ascending order. */
    static void weightGrad(PatchGrid grid, Tensor[] in, Tensor out) {
        int channels = in[0].layout().shape().dim(1);
        int samples = in[0].layout().shape().dim(0);
        int filters = channels == 0 ? 0 : in[1].layout().shape().dim(1) / channels;
        int positions = grid.positions();
        int taps = grid.taps();
        float[] gradient = floats(in[1]);
        float[] to = floats(out);
        PatchPanels patches = patches(grid, in[0]);
        Parallel.range(channels, chunk(channels, (long) samples * positions * taps * filters), (begin, end) -> {
            Arrays.fill(to, offset(out) + begin * filters * taps, offset(out) + end * filters * taps, 0);
            for (int channel = begin; channel < end; channel++) {
                for (int n = 0; n < samples; n++) {
                    for (int p = 0; p < positions; p += POSITIONS) {
                        int count = Math.min(POSITIONS, positions - p);
                        int stride = Gemm.roundUp(count, Gemm.COLUMN_STEP);
                        float[] rows = rows(patches, channel * taps, taps, n * positions + p, count, stride);
                        for (int f = 0; f < filters; f++) {
                            int filter = channel * filters + f;
                            int from = offset(in[1]) + (n * channels * filters + filter) * positions + p;
                            for (int t = 0; t < taps; t++) {
                                to[offset(out) + filter * taps + t] += VectorMaths.MATH.dot(gradient, from, rows,
                                        t * stride, count);
                            }
                        }
                    }
                }
            }
        });
    }
}

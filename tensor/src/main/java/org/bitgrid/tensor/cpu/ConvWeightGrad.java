package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.cpu.simd.GemmKernel;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.spi.Parallel;

/**
 * The weight gradient of a convolution: gradients (K, positions) · patches (positions, taps · C), summed over all
 * samples. Both operands need neighbouring channels together, so a few samples at a time are brought into the order
 * (position, channel); then a row of a panel is a few vector copies. The sums run over samples and positions in
 * ascending order.
 *
 * <p>When the result is large, threads share its columns. When it is small, they share the samples, in parts that
 * depend on the problem only, and the parts' sums are added in the order of the parts.
 */
final class ConvWeightGrad {
    private static final GemmKernel KERNEL = VectorMaths.GEMM;
    private static final int RUN = KERNEL.runLength();
    /** Results with fewer elements are summed in parts. */
    private static final int SMALL_RESULT = 32 * 1024;
    private static final int PARTS = 16;
    /** Elements of samples to reorder at a time: 2 MB, which together with a chunk's sums stays in cache. */
    private static final int STAGED = 512 * 1024;

    /**
     * Planes of all samples.
     *
     * @param offset       of the first plane of the first sample
     * @param sampleStride distance in elements between samples
     * @param channels     number of planes of a sample that take part
     */
    record Images(float[] data, int offset, int sampleStride, int channels) {
    }

    /** Up to this many taps times channels, dot products beat packing. */
    private static final int FEW = 16;
    /** Positions in a dot product, so that their patches stay in cache. */
    private static final int POSITIONS = 1024;
    /** Positions to transpose at a time: their cache lines, a power of two apart, fit the first cache. */
    private static final int TRANSPOSED = 32;

    private final PatchGrid grid;
    private final int samples;
    private final Images x;
    private final Images gradients;
    private final int filters;
    private final int channels;
    private final int rowLength;
    /** Size of an image with the padding that windows reach. */
    private final int stagedH;
    private final int stagedW;

    ConvWeightGrad(PatchGrid grid, int samples, Images x, Images gradients) {
        this.grid = grid;
        this.samples = samples;
        this.x = x;
        this.gradients = gradients;
        this.filters = gradients.channels;
        this.channels = x.channels;
        this.rowLength = grid.taps() * channels;
        this.stagedH = (grid.outputH() - 1) * grid.stepH() + grid.spanH() + 1;
        this.stagedW = (grid.outputW() - 1) * grid.stepW() + grid.spanW() + 1;
    }

    /** Writes the gradient (K, C, R · S) to {@code to} from {@code at}. */
    void run(float[] to, int at) {
        int size = filters * rowLength;
        if (size == 0) {
            return;
        }
        int parts = size <= SMALL_RESULT ? Math.max(1, Math.min(PARTS, samples)) : 1;
        float[] sums = Scratch.floats(Scratch.Use.PARTIAL_SUMS, parts * size);
        Arrays.fill(sums, 0, parts * size, 0);
        int part = Gemm.ceilDiv(samples, parts);
        if (parts == 1) {
            addSamples(0, samples, sums, 0);
        } else {
            Parallel.range(parts, 1, (begin, end) -> {
                for (int i = begin; i < end; i++) {
                    addSamples(i * part, Math.min(samples, (i + 1) * part), sums, i * size);
                }
            });
        }
        for (int k = 0; k < filters; k++) {
            for (int t = 0; t < grid.taps(); t++) {
                for (int c = 0; c < channels; c++) {
                    int from = k * rowLength + t * channels + c;
                    float sum = sums[from];
                    for (int i = 1; i < parts; i++) {
                        sum += sums[from + i * size];
                    }
                    to[at + (k * channels + c) * grid.taps() + t] = sum;
                }
            }
        }
    }

    private void addSamples(int begin, int end, float[] sums, int sumsAt) {
        if (rowLength <= FEW && VectorMaths.bits() > 0) {
            addDots(begin, end, sums, sumsAt);
            return;
        }
        int stagedImage = stagedH * stagedW * channels;
        int stagedGradient = grid.positions() * filters;
        int atATime = Math.max(1, Math.min(end - begin, STAGED / Math.max(1, stagedImage + stagedGradient)));
        float[] images = Scratch.floats(Scratch.Use.SHARED, atATime * stagedImage + RUN);
        float[] grads = Scratch.floats(Scratch.Use.SHARED_TOO, atATime * stagedGradient + RUN);
        for (int first = begin; first < end; first += atATime) {
            int start = first;
            int count = Math.min(atATime, end - first);
            Parallel.range(count, 1, (from, until) -> {
                for (int n = from; n < until; n++) {
                    stageImage(start + n, images, n * stagedImage);
                    stageGradient(start + n, grads, n * stagedGradient);
                }
            });
            int depth = count * grid.positions();
            PanelSource left = new MatrixPanels(Matrix.rowMajor(grads, 0, depth, filters));
            Gemm.run(filters, rowLength, depth, left, new StagedPatches(images), new Sums(sums, sumsAt));
        }
    }

    /** The way for few taps and channels: gradients and patches as they lie, in dot products along the positions. */
    private void addDots(int begin, int end, float[] sums, int sumsAt) {
        PatchPanels patches = new PatchPanels(grid, x.data, x.offset, x.sampleStride);
        int positions = grid.positions();
        for (int n = begin; n < end; n++) {
            for (int p = 0; p < positions; p += POSITIONS) {
                int count = Math.min(POSITIONS, positions - p);
                int stride = Gemm.roundUp(count, Gemm.COLUMN_STEP);
                float[] rows = Scratch.floats(Scratch.Use.RIGHT_PANELS, rowLength * stride + Gemm.TILE_COLUMNS);
                patches.packAll(0, rowLength, n * positions + p, count, stride, Gemm.COLUMN_STEP, rows);
                for (int f = 0; f < filters; f++) {
                    int gradient = gradients.offset + n * gradients.sampleStride + f * positions + p;
                    for (int k = 0; k < rowLength; k++) {
                        int to = sumsAt + f * rowLength + k % grid.taps() * channels + k / grid.taps();
                        sums[to] += VectorMaths.MATH.dot(gradients.data, gradient, rows, k * stride, count);
                    }
                }
            }
        }
    }

    /** Brings the part of an image that windows meet into the order (row, column, channel), with zeros around it. */
    private void stageImage(int sample, float[] to, int at) {
        int left = Math.min(stagedW, Math.max(0, -grid.firstTapW()));
        int right = Math.max(left, Math.min(stagedW, grid.width() - grid.firstTapW()));
        int top = Math.min(stagedH, Math.max(0, -grid.firstTapH()));
        int bottom = Math.max(top, Math.min(stagedH, grid.height() - grid.firstTapH()));
        int rowSize = stagedW * channels;
        int[] sources = Scratch.ints(Scratch.Index.SOURCES, stagedH * stagedW);
        int[] targets = Scratch.ints(Scratch.Index.TARGETS, stagedH * stagedW);
        int count = 0;
        Arrays.fill(to, at, at + top * rowSize, 0);
        for (int u = top; u < bottom; u++) {
            int row = at + u * rowSize;
            Arrays.fill(to, row, row + left * channels, 0);
            Arrays.fill(to, row + right * channels, row + rowSize, 0);
            for (int v = left; v < right; v++) {
                sources[count] = (u + grid.firstTapH()) * grid.width() + v + grid.firstTapW();
                targets[count++] = row + v * channels;
            }
        }
        Arrays.fill(to, at + bottom * rowSize, at + stagedH * rowSize, 0);
        transpose(x.data, x.offset + sample * x.sampleStride, channels, grid.height() * grid.width(), sources, to,
                targets, count);
    }

    /** Brings the gradient of a sample into the order (position, filter). */
    private void stageGradient(int sample, float[] to, int at) {
        int positions = grid.positions();
        int[] sources = Scratch.ints(Scratch.Index.SOURCES, positions);
        int[] targets = Scratch.ints(Scratch.Index.TARGETS, positions);
        for (int i = 0; i < positions; i++) {
            sources[i] = i;
            targets[i] = at + i * filters;
        }
        transpose(gradients.data, gradients.offset + sample * gradients.sampleStride, filters, positions, sources, to,
                targets, positions);
    }

    /** Element (i, j) of a plane goes to targets[j] + i, from fromAt + i · stride + sources[j]. */
    private static void transpose(float[] from, int fromAt, int planes, int stride, int[] sources, float[] to,
                                  int[] targets, int count) {
        for (int begin = 0; begin < count; begin += TRANSPOSED) {
            int end = Math.min(count, begin + TRANSPOSED);
            int i = 0;
            for (; i < planes - 7; i += 8) {
                transposeEight(from, fromAt + i * stride, stride, sources, to, targets, i, begin, end);
            }
            for (; i < planes; i++) {
                int plane = fromAt + i * stride;
                for (int j = begin; j < end; j++) {
                    to[targets[j] + i] = from[plane + sources[j]];
                }
            }
        }
    }

    private static void transposeEight(float[] from, int plane, int stride, int[] sources, float[] to, int[] targets,
                                       int at, int begin, int end) {
        for (int j = begin; j < end; j++) {
            int source = plane + sources[j];
            int target = targets[j] + at;
            to[target] = from[source];
            to[target + 1] = from[source + stride];
            to[target + 2] = from[source + 2 * stride];
            to[target + 3] = from[source + 3 * stride];
            to[target + 4] = from[source + 4 * stride];
            to[target + 5] = from[source + 5 * stride];
            to[target + 6] = from[source + 6 * stride];
            to[target + 7] = from[source + 7 * stride];
        }
    }

    /** Patches of staged images: row k = n · positions + (oh, ow), column j = t · C + c. */
    private final class StagedPatches implements PanelSource {
        private final float[] images;

        StagedPatches(float[] images) {
            this.images = images;
        }

        @Override
        public void pack(int firstK, int depth, int first, int count, int width, float[] to, int at) {
            int[] rows = Scratch.ints(Scratch.Index.ROWS, depth);
            for (int k = 0; k < depth; k++) {
                int sample = (firstK + k) / grid.positions();
                int position = (firstK + k) % grid.positions();
                int h = position / grid.outputW() * grid.stepH();
                int w = position % grid.outputW() * grid.stepW();
                rows[k] = ((sample * stagedH + h) * stagedW + w) * channels;
            }
            int[] runs = Scratch.ints(Scratch.Index.RUNS, 2 * width);
            int used = 0;
            for (int j = 0; j < count; ) {
                int tap = (first + j) / channels;
                int channel = (first + j) % channels;
                int h = grid.tapH()[tap] - grid.firstTapH();
                int w = grid.tapW()[tap] - grid.firstTapW();
                runs[used++] = (h * stagedW + w) * channels + channel;
                runs[used++] = j;
                j += Math.min(RUN, Math.min(channels - channel, count - j));
            }
            KERNEL.copyRuns(images, rows, depth, runs, used / 2, to, at, width);
        }
    }

    /** Adds to sums (K, taps · C). */
    private final class Sums implements GemmOutput {
        private final float[] sums;
        private final int at;

        Sums(float[] sums, int at) {
            this.sums = sums;
            this.at = at;
        }

        @Override
        public void start(float[] block, int stride, int row, int rows, int column, int columns) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(sums, at + (row + i) * rowLength + column, block, i * stride, columns);
            }
        }

        @Override
        public void store(float[] block, int stride, int row, int rows, int column, int columns) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(block, i * stride, sums, at + (row + i) * rowLength + column, columns);
            }
        }
    }
}

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
 * <p>When the result is large, threads share its columns. When it is small, they share the samples, in parts that depend
 * on the problem only, and the parts' sums are added in the order of the parts.
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
                    transpose(gradients.data, gradients.offset + (start + n) * gradients.sampleStride, filters,
                            grid.positions(), grid.positions(), 1, grads, n * stagedGradient);
                }
            });
            int depth = count * grid.positions();
            PanelSource left = new MatrixPanels(Matrix.rowMajor(grads, 0, depth, filters));
            Gemm.run(filters, rowLength, depth, left, new StagedPatches(images), new Sums(sums, sumsAt));
        }
    }

    /** Brings the part of an image that windows meet into the order (row, column, channel). */
    private void stageImage(int sample, float[] to, int at) {
        int firstH = grid.firstTapH();
        int firstW = grid.firstTapW();
        int begin = Math.min(stagedW, Math.max(0, -firstW));
        int end = Math.max(begin, Math.min(stagedW, grid.width() - firstW));
        for (int u = 0; u < stagedH; u++) {
            int row = at + u * stagedW * channels;
            int h = u + firstH;
            if (h < 0 || h >= grid.height()) {
                Arrays.fill(to, row, row + stagedW * channels, 0);
                continue;
            }
            Arrays.fill(to, row, row + begin * channels, 0);
            Arrays.fill(to, row + end * channels, row + stagedW * channels, 0);
            int source = x.offset + sample * x.sampleStride + h * grid.width() + begin + firstW;
            transpose(x.data, source, channels, grid.height() * grid.width(), end - begin, 1, to,
                    row + begin * channels);
        }
    }

    /** from (rows, columns), rows {@code stride} apart, to (columns, rows). */
    private static void transpose(float[] from, int fromAt, int rows, int stride, int columns, int step, float[] to,
                                  int at) {
        int i = 0;
        for (; i < rows - 3; i += 4) {
            int first = fromAt + i * stride;
            int second = first + stride;
            int third = second + stride;
            int fourth = third + stride;
            int target = at + i;
            for (int j = 0; j < columns; j++) {
                to[target] = from[first + j];
                to[target + 1] = from[second + j];
                to[target + 2] = from[third + j];
                to[target + 3] = from[fourth + j];
                target += rows;
            }
        }
        for (; i < rows; i++) {
            int source = fromAt + i * stride;
            for (int j = 0; j < columns; j++) {
                to[at + j * rows + i] = from[source + j];
            }
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

package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.cpu.simd.GemmKernel;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.spi.Parallel;

/**
 * The weight gradient of a convolution: gradients (K, positions) · patches (positions, taps · C), summed over all
 * samples. The gradients are packed once for all. Threads share groups of channels; each brings its channels of a few
 * samples into the order (position, channel), where a row of a panel is a few vector copies, and keeps its sums in the
 * second cache. The sums run over samples and positions in ascending order.
 *
 * <p>When channels are few, threads share the samples too, in parts that depend on the problem only, and the parts'
 * sums are added in the order of the parts.
 */
final class ConvWeightGrad {
    private static final GemmKernel KERNEL = VectorMaths.GEMM;
    private static final int RUN = KERNEL.runLength();
    private static final int TILE_ROWS = KERNEL.tileRows();
    /** Columns of a group of channels: three of the widest panels. */
    private static final int GROUP_COLUMNS = Math.max(144, KERNEL.tileColumns());
    /** With fewer groups of channels than this, samples are shared too. */
    private static final int FEW_GROUPS = 8;
    /** Tasks to have then. */
    private static final int TASKS = 16;
    /** Longest block along the positions. */
    private static final int LONGEST_BLOCK = 320;
    /** Most elements of a staged sample: 512 KB. */
    private static final int MOST_STAGED = 128 * 1024;
    /** Most elements of the gradients that are packed at a time: 16 MB. */
    private static final int MOST_PACKED = 4 * 1024 * 1024;

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
    private final int positions;
    /** Filters, rounded up to whole panels. */
    private final int rows;
    private final StagedPlanes planes;
    /** Channels of a group but the last, and groups. */
    private final int width;
    private final int groups;
    /** Floats from row to row of a group's sums. */
    private final int stride;
    private final int parts;
    /** Samples of a part, and of those that are staged together. */
    private final int part;
    private final int together;

    ConvWeightGrad(PatchGrid grid, int samples, Images x, Images gradients) {
        this.grid = grid;
        this.samples = samples;
        this.x = x;
        this.gradients = gradients;
        this.filters = gradients.channels;
        this.channels = x.channels;
        this.positions = grid.positions();
        this.rows = Gemm.roundUp(filters, TILE_ROWS);
        this.planes = new StagedPlanes(grid);
        int most = Math.max(1, Math.min(GROUP_COLUMNS / Math.max(1, grid.taps()),
                MOST_STAGED / Math.max(1, planes.positions())) / RUN) * RUN;
        this.width = channels <= most ? Math.max(1, channels)
                : Gemm.roundUp(Gemm.ceilDiv(channels, Gemm.ceilDiv(channels, most)), RUN);
        this.groups = Gemm.ceilDiv(channels, width);
        this.stride = Gemm.roundUp(grid.taps() * width, Gemm.COLUMN_STEP);
        int wanted = groups >= FEW_GROUPS ? 1 : Math.min(samples, Gemm.ceilDiv(TASKS, Math.max(1, groups)));
        this.part = Math.max(1, Gemm.ceilDiv(samples, Math.max(1, wanted)));
        this.parts = Math.max(1, Gemm.ceilDiv(samples, part));
        this.together = Math.max(1, Math.min(part, LONGEST_BLOCK / Math.max(1, positions)));
    }

    /** Writes the gradient (K, C, R · S) to {@code to} from {@code at}. */
    void run(float[] to, int at) {
        if (filters * channels * grid.taps() == 0) {
            return;
        }
        if (ConvWeightDots.suit(grid, channels)) {
            new ConvWeightDots(grid, samples, x, gradients).run(to, at);
            return;
        }
        float[] sums = Scratch.floats(Scratch.Use.PARTIAL_SUMS, parts * groups * rows * stride);
        Arrays.fill(sums, 0, parts * groups * rows * stride, 0);
        // Of each part as many samples at a time as can be packed.
        int atATime = Math.max(1, MOST_PACKED / (rows * Math.max(1, positions) * Math.max(1, parts)));
        atATime = Math.min(part, Math.max(together, atATime / together * together));
        for (int first = 0; first < part; first += atATime) {
            addSamples(first, Math.min(atATime, part - first), sums);
        }
        int chunk = Gemm.ceilDiv(filters, TASKS);
        Parallel.range(filters, chunk, (begin, end) -> {
            for (int f = begin; f < end; f++) {
                writeFilter(f, sums, to, at);
            }
        });
    }

    /** Adds samples {@code first} to {@code first + count} of each part. */
    private void addSamples(int first, int count, float[] sums) {
        int packed = rows * count * positions;
        float[] left = Scratch.floats(Scratch.Use.LEFT_PANELS, parts * packed + RUN);
        int units = Gemm.ceilDiv(count, together);
        Parallel.range(parts * units, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int p = i / units;
                int from = i % units * together;
                int until = Math.min(end(p, first, count), from + together);
                packGradients(p * part + first + from, until - from, left, p * packed + from * positions * rows);
            }
        });
        Parallel.range(parts * groups, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int p = i / groups;
                addGroup(i % groups, p * part + first, end(p, first, count), left, p * packed, sums,
                        i * rows * stride);
            }
        });
    }

    /** Of {@code count} samples of a part from {@code first}, how many exist. */
    private int end(int p, int first, int count) {
        return Math.max(0, Math.min(count, samples - p * part - first));
    }

    /** Longest block along the positions of samples that are staged together. */
    private static int block(int depth) {
        return Gemm.ceilDiv(depth, Math.max(1, Gemm.ceilDiv(depth, LONGEST_BLOCK)));
    }

    /** Panels of one block along the positions lie together; within a block, panel by panel. */
    private void packGradients(int first, int count, float[] left, int at) {
        int depth = count * positions;
        int block = block(depth);
        for (int k = 0; k < depth; k += block) {
            int length = Math.min(block, depth - k);
            for (int f = 0; f < filters; f += TILE_ROWS) {
                int target = at + rows * k + f * length;
                for (int done = 0; done < length; ) {
                    int sample = first + (k + done) / positions;
                    int position = (k + done) % positions;
                    int run = Math.min(positions - position, length - done);
                    KERNEL.packLeft(gradients.data, gradients.offset + sample * gradients.sampleStride
                            + f * positions + position, positions, Math.min(TILE_ROWS, filters - f), run, left,
                            target + done * TILE_ROWS);
                    done += run;
                }
            }
        }
    }

    /** Adds the products of some samples to the sums of one group of channels. */
    private void addGroup(int group, int first, int count, float[] left, int leftAt, float[] sums, int sumsAt) {
        int firstChannel = group * width;
        int own = Math.min(width, channels - firstChannel);
        int columns = Gemm.roundUp(grid.taps() * own, Gemm.COLUMN_STEP);
        int plane = planes.positions() * own;
        float[] staged = Scratch.floats(Scratch.Use.STAGED, together * plane + RUN);
        Arrays.fill(staged, 0, Math.min(together, count) * plane, 0);
        int longest = block(together * positions);
        float[] right = Scratch.floats(Scratch.Use.RIGHT_PANELS, longest * columns + RUN + Gemm.TILE_COLUMNS);
        for (int n = 0; n < count; n += together) {
            int now = Math.min(together, count - n);
            for (int i = 0; i < now; i++) {
                planes.stage(x.data, x.offset + (first + n + i) * x.sampleStride
                        + firstChannel * grid.height() * grid.width(), own, staged, i * plane);
            }
            int depth = now * positions;
            int block = block(depth);
            for (int k = 0; k < depth; k += block) {
                int length = Math.min(block, depth - k);
                planes.pack(staged, plane, own, k, length, columns, right);
                Gemm.multiply(rows / TILE_ROWS, length, left, leftAt + rows * (n * positions + k), right, 0, sums,
                        sumsAt, columns, stride);
            }
        }
    }

    /** Adds the parts of one filter and brings them into the order (channel, tap). */
    private void writeFilter(int f, float[] sums, float[] to, int at) {
        int taps = grid.taps();
        int size = groups * rows * stride;
        for (int c = 0; c < channels; c++) {
            int own = Math.min(width, channels - c / width * width);
            int from = (c / width * rows + f) * stride + c % width;
            int target = at + (f * channels + c) * taps;
            for (int t = 0; t < taps; t++) {
                float sum = sums[from + t * own];
                for (int p = 1; p < parts; p++) {
                    sum += sums[from + t * own + p * size];
                }
                to[target + t] = sum;
            }
        }
    }
}

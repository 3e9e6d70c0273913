package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.cpu.simd.GemmKernel;
import org.bitgrid.tensor.cpu.simd.VectorMaths;

/**
 * The planes of some channels in the order (row, column, channel), with zeros around them where windows hang over the
 * edge: the order in which the patches of a position are a few runs.
 */
final class StagedPlanes {
    private static final GemmKernel KERNEL = VectorMaths.GEMM;
    private static final int RUN = KERNEL.runLength();

    private final PatchGrid grid;
    /** Size of a plane with the padding that windows reach. */
    private final int height;
    private final int width;
    /** The part of it that lies inside the image. */
    private final int top;
    private final int bottom;
    private final int left;
    private final int right;

    StagedPlanes(PatchGrid grid) {
        this.grid = grid;
        height = (grid.outputH() - 1) * grid.stepH() + grid.spanH() + 1;
        width = (grid.outputW() - 1) * grid.stepW() + grid.spanW() + 1;
        top = Math.min(height, Math.max(0, -grid.firstTapH()));
        bottom = Math.max(top, Math.min(height, grid.height() - grid.firstTapH()));
        left = Math.min(width, Math.max(0, -grid.firstTapW()));
        right = Math.max(left, Math.min(width, grid.width() - grid.firstTapW()));
    }

    /** Elements of a plane. */
    int positions() {
        return Math.max(0, height) * Math.max(0, width);
    }

    /** Brings the inside of the planes to {@code to} from {@code at}; what is around it stays as it is. */
    void stage(float[] from, int fromAt, int channels, float[] to, int at) {
        int columns = right - left;
        if (columns == 0 || bottom == top) {
            return;
        }
        int plane = grid.height() * grid.width();
        int source = fromAt + (top + grid.firstTapH()) * grid.width() + left + grid.firstTapW();
        int count = (bottom - top) * columns;
        int[] targets = Scratch.ints(Scratch.Index.TARGETS, count);
        for (int i = 0; i < count; i++) {
            targets[i] = at + ((top + i / columns) * width + left + i % columns) * channels;
        }
        // Whole rows lie together.
        int together = columns == grid.width() ? count : columns;
        int c = 0;
        for (; c < channels - RUN + 1; c += RUN) {
            for (int i = 0; i < count; i += together) {
                KERNEL.transpose(from, source + c * plane + i / columns * grid.width(), plane, together, to, targets,
                        i, c);
            }
        }
        for (; c < channels; c++) {
            for (int i = 0; i < count; i++) {
                to[targets[i] + c] = from[source + c * plane + i / columns * grid.width() + i % columns];
            }
        }
    }

    /** Packs the patches of {@code depth} positions from {@code first} into panels: column j = t · channels + c. */
    void pack(float[] staged, int sampleStride, int channels, int first, int depth, int columns, float[] to) {
        int[] rows = Scratch.ints(Scratch.Index.ROWS, depth);
        for (int k = 0; k < depth; k++) {
            int position = (first + k) % grid.positions();
            int h = position / grid.outputW() * grid.stepH();
            int w = position % grid.outputW() * grid.stepW();
            rows[k] = (first + k) / grid.positions() * sampleStride + (h * width + w) * channels;
        }
        int all = grid.taps() * channels;
        int[] runs = Scratch.ints(Scratch.Index.RUNS, 2 * Gemm.TILE_COLUMNS);
        for (int done = 0; done < columns; done += Gemm.TILE_COLUMNS) {
            int wide = Math.min(Gemm.TILE_COLUMNS, columns - done);
            int count = Math.min(wide, all - done);
            int used = 0;
            for (int j = 0; j < count; ) {
                int tap = (done + j) / channels;
                int channel = (done + j) % channels;
                int h = grid.tapH()[tap] - grid.firstTapH();
                int w = grid.tapW()[tap] - grid.firstTapW();
                runs[used++] = (h * width + w) * channels + channel;
                runs[used++] = j;
                j += Math.min(RUN, Math.min(channels - channel, count - j));
            }
            KERNEL.copyRuns(staged, rows, depth, runs, used / 2, to, done * depth, wide);
        }
    }
}

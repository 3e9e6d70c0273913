package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.cpu.simd.GemmKernel;
import org.bitgrid.tensor.cpu.simd.VectorMaths;

/**
 * The patches of a batch of images as the right operand of a product: row k = c · taps + t, column j = n · positions +
 * (oh, ow). They go straight into panels; the matrix of all patches never exists.
 *
 * <p>First the planes that a chunk needs are brought, with their padding, into an order in which every tap's row is
 * contiguous: with steps of 2, even and odd rows and columns go to planes of their own ("phases"). Then each row of a
 * panel is a few vector copies. Planes without padding and steps are read where they are.
 */
final class PatchPanels implements BlockSource {
    private static final GemmKernel KERNEL = VectorMaths.GEMM;
    private static final int RUN = KERNEL.runLength();

    private final PatchGrid grid;
    private final float[] data;
    private final int offset;
    private final int sampleStride;
    private final int planeStride;
    /** For each tap its phase, counting only phases that some tap uses, and its place there. */
    private final int[] tapPhase;
    private final int[] tapRow;
    private final int[] tapColumn;
    private final int[] phaseH;
    private final int[] phaseW;
    private final boolean plain;

    /**
     * Describes images.
     *
     * @param offset       of the first plane of the first sample
     * @param sampleStride distance in elements between samples
     */
    PatchPanels(PatchGrid grid, float[] data, int offset, int sampleStride) {
        this.grid = grid;
        this.data = data;
        this.offset = offset;
        this.sampleStride = sampleStride;
        this.planeStride = grid.height() * grid.width();
        this.plain = grid.isPlain();
        int taps = grid.taps();
        tapPhase = new int[taps];
        tapRow = new int[taps];
        tapColumn = new int[taps];
        int[] phases = new int[taps];
        int count = 0;
        for (int t = 0; t < taps; t++) {
            int u = grid.tapH()[t] - grid.firstTapH();
            int v = grid.tapW()[t] - grid.firstTapW();
            int phase = u % grid.stepH() * grid.stepW() + v % grid.stepW();
            int index = 0;
            while (index < count && phases[index] != phase) {
                index++;
            }
            if (index == count) {
                phases[count++] = phase;
            }
            tapPhase[t] = index;
            tapRow[t] = u / grid.stepH();
            tapColumn[t] = v / grid.stepW();
        }
        phaseH = new int[count];
        phaseW = new int[count];
        for (int i = 0; i < count; i++) {
            phaseH[i] = phases[i] / grid.stepW();
            phaseW[i] = phases[i] % grid.stepW();
        }
    }

    @Override
    public void packAll(int firstK, int depth, int first, int count, int width, int step, float[] to) {
        if (plain && endOfReach(firstK, depth, first, count) + RUN <= data.length) {
            packPlain(firstK, depth, first, count, width, step, to);
        } else {
            packStaged(firstK, depth, first, count, width, step, to);
        }
    }

    /** Beyond the last element that a chunk of plain patches reads. */
    private int endOfReach(int firstK, int depth, int first, int count) {
        int sample = (first + count - 1) / grid.positions();
        int channel = (firstK + depth - 1) / grid.taps();
        return offset + sample * sampleStride + (channel + 1) * planeStride;
    }

    private void packPlain(int firstK, int depth, int first, int count, int width, int step, float[] to) {
        int[] rows = Scratch.ints(Scratch.Index.ROWS, depth);
        for (int k = 0; k < depth; k++) {
            int channel = (firstK + k) / grid.taps();
            int tap = (firstK + k) % grid.taps();
            rows[k] = offset + channel * planeStride + grid.tapH()[tap] * grid.width() + grid.tapW()[tap];
        }
        copy(data, rows, depth, 0, sampleStride, 0, grid.width(), first, count, width, step, to);
    }

    private void packStaged(int firstK, int depth, int first, int count, int width, int step, float[] to) {
        int taps = grid.taps();
        int firstSample = first / grid.positions();
        int samples = (first + count - 1) / grid.positions() - firstSample + 1;
        int firstChannel = firstK / taps;
        int channels = (firstK + depth - 1) / taps - firstChannel + 1;
        // Of a single sample only the rows that the chunk needs.
        int firstRow = samples > 1 ? 0 : first % grid.positions() / grid.outputW();
        int lastRow = samples > 1 ? grid.outputH() - 1 : (first + count - 1) % grid.positions() / grid.outputW();
        int stagedH = lastRow - firstRow + 1 + grid.spanH() / grid.stepH();
        int stagedW = grid.outputW() + grid.spanW() / grid.stepW();
        int phaseSize = stagedH * stagedW;
        // Phase by phase, sample by sample, channel by channel: what copies drag along is overwritten by the next.
        int phaseStride = samples * channels * phaseSize;
        float[] staged = Scratch.floats(Scratch.Use.STAGED, phaseH.length * phaseStride + RUN);
        int corner = offset + firstSample * sampleStride + firstChannel * planeStride;
        for (int phase = 0; phase < phaseH.length; phase++) {
            stage(corner, samples, channels, phase, firstRow, stagedH, stagedW, staged, phase * phaseStride);
        }
        int[] rows = Scratch.ints(Scratch.Index.ROWS, depth);
        for (int k = 0; k < depth; k++) {
            int channel = (firstK + k) / taps - firstChannel;
            int tap = (firstK + k) % taps;
            rows[k] = tapPhase[tap] * phaseStride + channel * phaseSize + tapRow[tap] * stagedW + tapColumn[tap];
        }
        copy(staged, rows, depth, firstSample, channels * phaseSize, firstRow, stagedW, first, count, width, step, to);
    }

    /** Copies one phase of all planes, with zeros where the window hangs over the edge. */
    private void stage(int corner, int samples, int channels, int phase, int firstRow, int stagedH, int stagedW,
                       float[] staged, int at) {
        int firstW = grid.firstTapW() + phaseW[phase];
        int firstH = grid.firstTapH() + phaseH[phase] + firstRow * grid.stepH();
        int left = firstInside(firstW, grid.stepW(), stagedW);
        int right = endInside(firstW, grid.stepW(), grid.width(), left, stagedW);
        int top = firstInside(firstH, grid.stepH(), stagedH);
        int bottom = endInside(firstH, grid.stepH(), grid.height(), top, stagedH);
        int source = corner + (firstH + top * grid.stepH()) * grid.width() + firstW + left * grid.stepW();
        for (int n = 0; n < samples; n++) {
            for (int c = 0; c < channels; c++) {
                int target = at + (n * channels + c) * stagedH * stagedW;
                copyInside(source + n * sampleStride + c * planeStride, bottom - top, right - left, staged,
                        target + top * stagedW + left, stagedW);
                if (top > 0) {
                    Arrays.fill(staged, target, target + top * stagedW, 0);
                }
                if (bottom < stagedH) {
                    Arrays.fill(staged, target + bottom * stagedW, target + stagedH * stagedW, 0);
                }
                zeroColumns(staged, target + top * stagedW, bottom - top, stagedW, 0, left);
                zeroColumns(staged, target + top * stagedW, bottom - top, stagedW, right, stagedW);
            }
        }
    }

    /** The first of the places first, first + step, … (count of them) that is not negative. */
    private static int firstInside(int first, int step, int count) {
        return Math.min(count, first >= 0 ? 0 : Gemm.ceilDiv(-first, step));
    }

    /** The end of those that are also below {@code size}. */
    private static int endInside(int first, int step, int size, int begin, int count) {
        return Math.max(begin, Math.min(count, Math.floorDiv(size - 1 - first, step) + 1));
    }

    private void copyInside(int source, int rows, int columns, float[] staged, int at, int stagedW) {
        int step = grid.stepW();
        int rowStride = grid.stepH() * grid.width();
        if (step <= 2) {
            KERNEL.copyRows(data, source, rowStride, step, rows, columns, staged, at, stagedW);
            return;
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                staged[at + i * stagedW + j] = data[source + i * rowStride + j * step];
            }
        }
    }

    private static void zeroColumns(float[] staged, int at, int rows, int stride, int begin, int end) {
        for (int j = begin; j < end; j++) {
            for (int i = 0; i < rows; i++) {
                staged[at + i * stride + j] = 0;
            }
        }
    }

    /** Fills the panels from planes in which the positions of an output row lie together. */
    private void copy(float[] from, int[] rows, int depth, int firstSample, int sampleDistance, int firstRow,
                      int rowDistance, int first, int count, int width, int step, float[] to) {
        int outputW = grid.outputW();
        boolean joined = rowDistance == outputW;
        int[] runs = Scratch.ints(Scratch.Index.RUNS, 2 * width);
        for (int done = 0; done < count; done += width) {
            int columns = Math.min(width, count - done);
            int used = 0;
            for (int j = 0; j < columns; ) {
                int sample = (first + done + j) / grid.positions();
                int position = (first + done + j) % grid.positions();
                int row = position / outputW;
                int column = position % outputW;
                int together = joined ? grid.positions() - position : outputW - column;
                runs[used++] = (sample - firstSample) * sampleDistance + (row - firstRow) * rowDistance + column;
                runs[used++] = j;
                j += Math.min(RUN, Math.min(together, columns - j));
            }
            KERNEL.copyRuns(from, rows, depth, runs, used / 2, to, done * depth,
                    columns == width ? width : Gemm.roundUp(columns, step));
        }
    }
}

package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.cpu.simd.GemmKernel;
import org.bitgrid.tensor.cpu.simd.VectorMaths;

/**
 * {@link PatchPanels} for small planes, whose rows are shorter than a vector. Planes lie without padding, so that what
 * a tap meets from position to position is one run over all rows, and over all samples that were brought together; a
 * mask for each tap puts zeros where the window hangs over the edge.
 *
 * <p>With steps of 2, even and odd rows and columns go to planes of their own first ("phases"), each as wide as the
 * output. Planes that are as wide already are read where they are.
 */
final class DensePatches implements BlockSource {
    private static final GemmKernel KERNEL = VectorMaths.GEMM;
    private static final int RUN = KERNEL.runLength();
    /** Most positions of planes that are staged as wholes, however few of them a chunk needs. */
    private static final int MOST_STAGED = 64;
    /** Most elements of all masks: 64 KB. */
    private static final int MOST_MASKED = 16 * 1024;

    private final PatchGrid grid;
    private final float[] data;
    private final int offset;
    private final int sampleStride;
    /** For each tap its phase, counting only phases that some tap uses, and its distance from the position. */
    private final int[] tapPhase;
    private final int[] tapShift;
    private final int[] phaseH;
    private final int[] phaseW;
    private final int leastShift;
    private final int mostShift;
    /** For each tap and position all bits or none; once around, and on by a vector. */
    private final int[] masks;
    private final int maskLength;

    private DensePatches(PatchGrid grid, float[] data, int offset, int sampleStride) {
        this.grid = grid;
        this.data = data;
        this.offset = offset;
        this.sampleStride = sampleStride;
        int taps = grid.taps();
        tapPhase = new int[taps];
        tapShift = new int[taps];
        phaseH = new int[taps];
        phaseW = new int[taps];
        int phases = 0;
        int least = 0;
        int most = 0;
        for (int t = 0; t < taps; t++) {
            int h = Math.floorMod(grid.tapH()[t], grid.stepH());
            int w = Math.floorMod(grid.tapW()[t], grid.stepW());
            int phase = 0;
            while (phase < phases && (phaseH[phase] != h || phaseW[phase] != w)) {
                phase++;
            }
            if (phase == phases) {
                phaseH[phases] = h;
                phaseW[phases++] = w;
            }
            tapPhase[t] = phase;
            tapShift[t] = Math.floorDiv(grid.tapH()[t], grid.stepH()) * grid.outputW()
                    + Math.floorDiv(grid.tapW()[t], grid.stepW());
            least = Math.min(least, tapShift[t]);
            most = Math.max(most, tapShift[t]);
        }
        leastShift = least;
        mostShift = most;
        maskLength = grid.positions() + RUN;
        masks = masks();
    }

    private int[] masks() {
        int[] all = new int[grid.taps() * maskLength];
        for (int t = 0; t < grid.taps(); t++) {
            for (int i = 0; i < maskLength; i++) {
                int position = i % grid.positions();
                int h = position / grid.outputW() * grid.stepH() + grid.tapH()[t];
                int w = position % grid.outputW() * grid.stepW() + grid.tapW()[t];
                boolean inside = h >= 0 && h < grid.height() && w >= 0 && w < grid.width();
                all[t * maskLength + i] = inside ? -1 : 0;
            }
        }
        return all;
    }

    /** Patches of images: dense where planes are small, else with their padding. */
    static BlockSource of(PatchGrid grid, float[] data, int offset, int sampleStride) {
        boolean small = grid.outputW() < RUN && grid.taps() * (grid.positions() + RUN) <= MOST_MASKED
                && (isDense(grid) || fitsStaged(grid));
        return small && !grid.isPlain() ? new DensePatches(grid, data, offset, sampleStride)
                : new PatchPanels(grid, data, offset, sampleStride);
    }

    /** Whether positions are the elements of the plane, so that it need not be staged. */
    private static boolean isDense(PatchGrid grid) {
        return grid.stepH() == 1 && grid.stepW() == 1 && grid.width() == grid.outputW()
                && grid.height() == grid.outputH();
    }

    private static boolean fitsStaged(PatchGrid grid) {
        return grid.stepW() <= 2 && grid.positions() <= MOST_STAGED
                && Gemm.ceilDiv(grid.width(), grid.stepW()) <= grid.outputW()
                && Gemm.ceilDiv(grid.height(), grid.stepH()) <= grid.outputH();
    }

    @Override
    public void packAll(int firstK, int depth, int first, int count, int width, int step, float[] to) {
        int taps = grid.taps();
        int firstSample = first / grid.positions();
        int samples = (first + count - 1) / grid.positions() - firstSample + 1;
        int firstChannel = firstK / taps;
        int channels = (firstK + depth - 1) / taps - firstChannel + 1;
        int plane = grid.height() * grid.width();
        int corner = offset + firstSample * sampleStride + firstChannel * plane;
        int last = corner + (samples - 1) * sampleStride + channels * plane;
        if (isDense(grid) && corner + leastShift >= 0 && last + mostShift + RUN <= data.length) {
            copy(data, firstK, depth, corner, 0, plane, sampleStride, first, count, width, step, to);
            return;
        }
        int positions = grid.positions();
        int phaseStride = channels * samples * positions;
        int phases = 1;
        for (int phase : tapPhase) {
            phases = Math.max(phases, phase + 1);
        }
        float[] staged = Scratch.floats(Scratch.Use.STAGED, phases * phaseStride - leastShift + mostShift + 2 * RUN);
        for (int phase = 0; phase < phases; phase++) {
            stage(corner, samples, channels, phase, staged, phase * phaseStride - leastShift);
        }
        copy(staged, firstK, depth, -leastShift, phaseStride, samples * positions, positions, first, count, width,
                step, to);
    }

    /** Copies one phase of all planes, channel by channel, sample by sample. */
    private void stage(int corner, int samples, int channels, int phase, float[] staged, int at) {
        int rows = Math.max(0, Gemm.ceilDiv(grid.height() - phaseH[phase], grid.stepH()));
        int columns = Math.max(0, Gemm.ceilDiv(grid.width() - phaseW[phase], grid.stepW()));
        int source = corner + phaseH[phase] * grid.width() + phaseW[phase];
        int plane = grid.height() * grid.width();
        for (int c = 0; c < channels; c++) {
            for (int n = 0; n < samples; n++) {
                KERNEL.copyRows(data, source + c * plane + n * sampleStride, grid.stepH() * grid.width(),
                        grid.stepW(), rows, columns, staged, at + (c * samples + n) * grid.positions(),
                        grid.outputW());
            }
        }
    }

    /** Fills the panels from planes at {@code from}, which lie at these distances. */
    private void copy(float[] from, int firstK, int depth, int start, int phaseStride, int channelStride,
                      int imageStride, int first, int count, int width, int step, float[] to) {
        int taps = grid.taps();
        int positions = grid.positions();
        int[] rows = Scratch.ints(Scratch.Index.ROWS, depth);
        int[] maskRows = Scratch.ints(Scratch.Index.MASKS, depth);
        int channel = 0;
        int tap = firstK % taps;
        for (int k = 0; k < depth; k++) {
            rows[k] = start + tapPhase[tap] * phaseStride + channel * channelStride + tapShift[tap];
            maskRows[k] = tap * maskLength;
            if (++tap == taps) {
                tap = 0;
                channel++;
            }
        }
        boolean joined = imageStride == positions;
        int firstSample = first / positions;
        int[] runs = Scratch.ints(Scratch.Index.RUNS, 3 * width);
        for (int done = 0; done < count; done += width) {
            int columns = Math.min(width, count - done);
            int used = 0;
            for (int j = 0; j < columns; ) {
                int sample = (first + done + j) / positions;
                int position = (first + done + j) % positions;
                runs[used++] = (sample - firstSample) * imageStride + position;
                runs[used++] = j;
                runs[used++] = position;
                j += Math.min(RUN, Math.min(joined ? RUN : positions - position, columns - j));
            }
            KERNEL.copyMasked(from, rows, depth, runs, used / 3, masks, maskRows, to, done * depth,
                    columns == width ? width : Gemm.roundUp(columns, step));
        }
    }
}

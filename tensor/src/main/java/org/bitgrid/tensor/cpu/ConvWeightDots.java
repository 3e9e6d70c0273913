package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.spi.Parallel;

/**
 * The weight gradient of a convolution with few taps and channels: gradients and patches as they lie, in dot products
 * along the positions. Threads share the samples, in parts that depend on the problem only.
 */
record ConvWeightDots(PatchGrid grid, int samples, ConvWeightGrad.Images x, ConvWeightGrad.Images gradients) {
    /** Up to this many taps times channels, dot products beat packing. */
    private static final int FEW = 16;
    private static final int PARTS = 16;
    /** Positions in a dot product, so that their patches stay in cache. */
    private static final int POSITIONS = 1024;

    static boolean suit(PatchGrid grid, int channels) {
        return grid.taps() * channels <= FEW && VectorMaths.bits() > 0;
    }

    /** Writes the gradient (K, C, R · S) to {@code to} from {@code at}. */
    void run(float[] to, int at) {
        int size = gradients.channels() * x.channels() * grid.taps();
        int parts = Math.max(1, Math.min(PARTS, samples));
        int part = Gemm.ceilDiv(samples, parts);
        float[] sums = Scratch.floats(Scratch.Use.PARTIAL_SUMS, parts * size);
        Arrays.fill(sums, 0, parts * size, 0);
        Parallel.range(parts, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                addSamples(i * part, Math.min(samples, (i + 1) * part), sums, i * size);
            }
        });
        for (int i = 0; i < size; i++) {
            float sum = sums[i];
            for (int p = 1; p < parts; p++) {
                sum += sums[i + p * size];
            }
            to[at + i] = sum;
        }
    }

    private void addSamples(int begin, int end, float[] sums, int sumsAt) {
        PatchPanels patches = new PatchPanels(grid, x.data(), x.offset(), x.sampleStride());
        int positions = grid.positions();
        int rowLength = x.channels() * grid.taps();
        for (int n = begin; n < end; n++) {
            for (int p = 0; p < positions; p += POSITIONS) {
                int count = Math.min(POSITIONS, positions - p);
                int stride = Gemm.roundUp(count, Gemm.COLUMN_STEP);
                float[] rows = Scratch.floats(Scratch.Use.RIGHT_PANELS, rowLength * stride + Gemm.TILE_COLUMNS);
                patches.packAll(0, rowLength, n * positions + p, count, stride, Gemm.COLUMN_STEP, rows);
                for (int f = 0; f < gradients.channels(); f++) {
                    int gradient = gradients.offset() + n * gradients.sampleStride() + f * positions + p;
                    for (int k = 0; k < rowLength; k++) {
                        sums[sumsAt + f * rowLength + k] += VectorMaths.MATH.dot(gradients.data(), gradient, rows,
                                k * stride, count);
                    }
                }
            }
        }
    }
}

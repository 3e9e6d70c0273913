package org.bitgrid.tensor.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import org.bitgrid.tensor.spi.PeakProbe;
import org.junit.jupiter.api.Test;

/** The matrix tile in use comes near the machine's peak: a compiler that spills its accumulators does not go unnoticed. */
class TileRateTest {
    private static final int DEPTH = 256;
    private static final int PANELS = 8;
    private static final double LEAST = 0.6;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    @Test
    void reachesSixTenthsOfThePeak() {
        GemmKernel kernel = VectorMaths.GEMM;
        int columns = kernel.tileColumns();
        int rows = kernel.tileRows();
        float[] a = new float[PANELS * DEPTH * rows];
        float[] b = new float[DEPTH * columns];
        float[] c = new float[PANELS * rows * columns];
        double peak = PeakProbe.oneThread();
        double best = 0;
        // Other processes slow single runs down; none is too fast. Stop as soon as one was fast enough.
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (best < LEAST * peak && System.nanoTime() < end) {
            long start = System.nanoTime();
            for (int i = 0; i < PANELS; i++) {
                kernel.tile(columns, DEPTH, a, i * DEPTH * rows, b, 0, c, i * rows * columns, columns);
            }
            best = Math.max(best, 2.0 * PANELS * DEPTH * rows * columns / (System.nanoTime() - start));
        }
        System.out.printf("tile rate with %s: %.1f of %.1f GFLOP/s when it was enough%n", PeakProbe.simd(), best, peak);
        assertThat(best / peak).as("part of the peak").isGreaterThanOrEqualTo(LEAST);
    }
}

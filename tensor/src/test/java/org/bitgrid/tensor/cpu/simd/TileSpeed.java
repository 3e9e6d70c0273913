package org.bitgrid.tensor.cpu.simd;

import java.util.Arrays;
import org.bitgrid.tensor.spi.PeakProbe;

/** How fast the tile kernels are on one thread, as a part of the peak. Run by hand. */
public final class TileSpeed {
    private TileSpeed() {
    }

    public static void main(String[] arguments) {
        double before = PeakProbe.oneThread();
        GemmKernel kernel = VectorMaths.GEMM;
        StringBuilder lines = new StringBuilder();
        double[] best = new double[kernel.tileColumns() / kernel.columnStep() + 1];
        for (int depth : new int[] {64, 128, 192, 256, 288, 384}) {
            for (int columns = kernel.columnStep(); columns <= kernel.tileColumns(); columns += kernel.columnStep()) {
                double rate = rate(kernel, columns, depth);
                best[columns / kernel.columnStep()] = rate;
            }
            lines.append("depth ").append(depth).append(": ").append(Arrays.toString(best)).append('\n');
        }
        double peak = Math.max(before, PeakProbe.oneThread());
        System.out.printf("%s, peak of one thread %.1f (before %.1f) GFLOP/s%n%s", PeakProbe.simd(), peak, before,
                lines);
    }

    private static double rate(GemmKernel kernel, int columns, int depth) {
        int panels = 8; // of A, so that they come from the second cache
        float[] a = new float[panels * depth * kernel.tileRows()];
        float[] b = new float[depth * columns];
        float[] c = new float[panels * kernel.tileRows() * columns];
        double best = 0;
        for (int repeat = 0; repeat < 60; repeat++) {
            long start = System.nanoTime();
            int times = 40;
            for (int t = 0; t < times; t++) {
                for (int i = 0; i < panels; i++) {
                    kernel.tile(columns, depth, a, i * depth * kernel.tileRows(), b, 0, c,
                            i * kernel.tileRows() * columns, columns);
                }
            }
            long nanos = System.nanoTime() - start;
            best = Math.max(best, 2.0 * times * panels * depth * kernel.tileRows() * columns / nanos);
        }
        return Math.round(best * 10) / 10.0;
    }
}

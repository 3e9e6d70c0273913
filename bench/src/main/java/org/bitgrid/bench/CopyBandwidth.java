package org.bitgrid.bench;

import org.bitgrid.tensor.spi.Parallel;

/** How fast memory can be copied, all threads together. */
final class CopyBandwidth {
    private static final int FLOATS = 1 << 24;
    private static final int CHUNK = 1 << 18;
    private static final int RUNS = 30;

    private CopyBandwidth() {
    }

    /** Bytes read plus bytes written, the best of several runs. */
    static double gigabytesPerSecond() {
        float[] from = new float[FLOATS];
        float[] to = new float[FLOATS];
        double best = 0;
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            Parallel.range(FLOATS, CHUNK, (begin, end) -> System.arraycopy(from, begin, to, begin, end - begin));
            best = Math.max(best, 2.0 * Float.BYTES * FLOATS / (System.nanoTime() - start));
        }
        return best;
    }
}

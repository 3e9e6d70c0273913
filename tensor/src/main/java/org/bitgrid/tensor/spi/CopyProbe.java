package org.bitgrid.tensor.spi;

/** Measures how fast memory can be copied, all threads together: the limit of operators that compute little. */
public final class CopyProbe {
    /** 64 MB, four times what most last-level caches of two cores hold. */
    private static final int FLOATS = 1 << 24;
    private static final int CHUNK = 1 << 18;
    private static final int RUNS = 30;
    private static final int BYTES_MOVED_PER_FLOAT = 2 * Float.BYTES;

    private CopyProbe() {
    }

    /** Bytes read plus bytes written, in GB/s, the best of several runs; takes less than half a second. */
    public static double gigabytesPerSecond() {
        float[] from = new float[FLOATS];
        float[] to = new float[FLOATS];
        double best = 0;
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            Parallel.range(FLOATS, CHUNK, (begin, end) -> System.arraycopy(from, begin, to, begin, end - begin));
            best = Math.max(best, (double) FLOATS * BYTES_MOVED_PER_FLOAT / (System.nanoTime() - start));
        }
        return best;
    }
}

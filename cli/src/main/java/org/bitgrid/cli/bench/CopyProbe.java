package org.bitgrid.cli.bench;

import org.bitgrid.tensor.spi.Parallel;

/** Measures how fast memory can be copied, all threads together. */
final class CopyProbe {
    /** 64 MB, four times what most last-level caches of two cores hold. */
    private static final int FLOATS = 1 << 24;
    private static final int CHUNK = 1 << 18;
    private static final int BYTES_MOVED_PER_FLOAT = 2 * Float.BYTES;

    private CopyProbe() {
    }

    /** Bytes read plus bytes written per second, the best of several runs. */
    static double bytesPerSecond() {
        float[] from = new float[FLOATS];
        float[] to = new float[FLOATS];
        Timing timing = Timing.of(() -> Parallel.range(FLOATS, CHUNK,
                (begin, end) -> System.arraycopy(from, begin, to, begin, end - begin)), 3, 15, 300);
        return (double) FLOATS * BYTES_MOVED_PER_FLOAT / (timing.min() / 1e3);
    }
}

package org.bitgrid.opencl;

/** How long sums are cut into chunks: by the sizes of the problem alone, so that results are the same everywhere. */
final class ClSums {
    /** Elements that one work-item adds, at least. */
    private static final int LEAST_PER_CHUNK = 16;
    private static final int MOST_CHUNKS = 1024;
    /** Work-items that fill any device. */
    private static final int ENOUGH = 1 << 17;

    private ClSums() {
    }

    /** Chunks, a power of two, for each of {@code outputs} sums of {@code length} elements. */
    static int chunks(int outputs, int length) {
        int most = Math.min(MOST_CHUNKS, Math.min(length / LEAST_PER_CHUNK, ENOUGH / Math.max(1, outputs)));
        return Math.max(1, Integer.highestOneBit(Math.max(1, most)));
    }

    /** Bytes of a number that sums are kept in: {@code acc_t} of {@code common.cl}. */
    static int bytes(ClRuntime runtime) {
        return runtime.device().float64() ? Double.BYTES : Float.BYTES;
    }
}

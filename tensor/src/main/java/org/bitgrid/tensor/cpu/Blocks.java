package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.Parallel;

/** How elementwise kernels cut their work: chunks for threads, blocks that stay in the first-level cache. */
final class Blocks {
    /** Elements that one thread takes at a time. */
    static final int CHUNK = 1 << 15;
    /** Elements staged in a buffer at a time: 8 KB of floats. */
    static final int BLOCK = 2048;

    private Blocks() {
    }

    /** Runs {@code body} over the elements of the output, in chunks and on several threads. */
    static void parallel(Tensor output, Parallel.Body body) {
        Parallel.range((int) output.numel(), CHUNK, body);
    }

    /** Writes {@code count} longs to the storage from position {@code at}, wrapped to its integer type. */
    static void write(long[] values, int count, Storage target, int at) {
        switch (target.dtype()) {
            case INT64 -> System.arraycopy(values, 0, target.longs(), at, count);
            case INT32 -> {
                int[] y = target.ints();
                for (int i = 0; i < count; i++) {
                    y[at + i] = (int) values[i];
                }
            }
            case INT8, UINT8 -> {
                byte[] y = target.bytes();
                for (int i = 0; i < count; i++) {
                    y[at + i] = (byte) values[i];
                }
            }
            case BOOL -> {
                byte[] y = target.bytes();
                for (int i = 0; i < count; i++) {
                    y[at + i] = (byte) (values[i] != 0 ? 1 : 0);
                }
            }
            case FLOAT32 -> {
                float[] y = target.floats();
                for (int i = 0; i < count; i++) {
                    y[at + i] = values[i];
                }
            }
            case FLOAT64 -> {
                double[] y = target.doubles();
                for (int i = 0; i < count; i++) {
                    y[at + i] = values[i];
                }
            }
        }
    }
}

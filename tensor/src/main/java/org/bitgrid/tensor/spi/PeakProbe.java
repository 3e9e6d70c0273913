package org.bitgrid.tensor.spi;

import java.util.function.IntToDoubleFunction;
import org.bitgrid.tensor.cpu.simd.PeakLoop;
import org.bitgrid.tensor.cpu.simd.VectorMaths;

/**
 * Measures how fast this machine multiplies and adds: the limit that the time of a matrix product is compared with.
 * Neither kernels nor their choice depend on it.
 */
public final class PeakProbe {
    private static final int[] CHAINS = {8, 12, 16};
    private static final long TARGET_NANOS = 4_000_000;
    private static final int WARM_UP = 12;
    private static final int REPEATS = 12;
    private static volatile float sink;

    private PeakProbe() {
    }

    /** The vectors in use, for messages: {@code 512-bit vectors}, or {@code plain Java}. */
    public static String simd() {
        return VectorMaths.description();
    }

    /** Width in bits of the vectors in use; 0 for plain Java. */
    public static int simdBits() {
        return VectorMaths.bits();
    }

    /** Rate of one thread in GFLOP/s, a multiply-add counting two; takes about a third of a second. */
    public static double oneThread() {
        return largest(chains -> rate(chains, 1));
    }

    /** Rate of all threads of {@link Parallel} together in GFLOP/s; takes about a third of a second. */
    public static double allThreads() {
        return largest(chains -> rate(chains, Parallel.threads()));
    }

    /** A loop that is not compiled yet, or shares its core, is slow; none is too fast. Hence the largest of many. */
    private static double largest(IntToDoubleFunction rate) {
        double largest = 0;
        for (int chains : CHAINS) {
            for (int i = 0; i < REPEATS; i++) {
                largest = Math.max(largest, rate.applyAsDouble(chains));
            }
        }
        return largest;
    }

    private static double rate(int chains, int threads) {
        PeakLoop loop = VectorMaths.PEAK;
        int rounds = rounds(loop, chains);
        long start = System.nanoTime();
        Parallel.range(threads, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                sink = loop.run(chains, rounds);
            }
        });
        long nanos = System.nanoTime() - start;
        return 2.0 * threads * rounds * loop.multiplyAddsPerRound(chains) / nanos;
    }

    /** How many rounds fill the target time, after enough calls for the compiler to have noticed the loop. */
    private static int rounds(PeakLoop loop, int chains) {
        int rounds = 1000;
        long nanos = 1;
        for (int i = 0; i < WARM_UP; i++) {
            long start = System.nanoTime();
            sink = loop.run(chains, rounds);
            nanos = Math.max(1, System.nanoTime() - start);
            if (nanos < TARGET_NANOS / 2) {
                rounds = (int) Math.min(Integer.MAX_VALUE / 2, Math.max(rounds, 2L * rounds));
            }
        }
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, (double) rounds * TARGET_NANOS / nanos));
    }
}

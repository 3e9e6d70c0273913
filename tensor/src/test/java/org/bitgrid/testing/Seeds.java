package org.bitgrid.testing;

import java.util.function.Consumer;
import org.bitgrid.tensor.Rng;

/**
 * Random numbers of tests. The seed is fixed, so that a run can be repeated; {@code -Dbitgrid.seed=N} sets another and
 * {@code -Dbitgrid.seed=random} draws one. A failure names the seed that repeats it.
 */
public final class Seeds {
    /** The seed of this run. */
    public static final long SEED = chosen();

    private static final long DEFAULT_SEED = 20_260_114;

    private Seeds() {
    }

    private static long chosen() {
        String wanted = System.getProperty("bitgrid.seed", "");
        if (wanted.isEmpty()) {
            return DEFAULT_SEED;
        }
        long seed = wanted.equals("random") ? System.nanoTime() : Long.parseLong(wanted);
        System.out.println("seed of this run: -Dbitgrid.seed=" + seed);
        return seed;
    }

    /** The generator of one test: its numbers depend on the seed and on the name alone. */
    public static Rng rng(String name) {
        return new Rng(SEED).fork(name.hashCode());
    }

    /** Runs a test with the generator of its name; a failure is told with the seed. */
    public static void run(String name, Consumer<Rng> test) {
        try {
            test.accept(rng(name));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(name + ": " + failure.getMessage() + " [repeat with -Dbitgrid.seed=" + SEED + "]",
                    failure);
        }
    }
}

package org.bitgrid.bench;

import java.util.Arrays;
import java.util.Locale;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;

/** Times training steps and inference of whole networks beside the machine's limit. Arguments: names of networks. */
public final class NetworkMain {
    private static final int RUNS = 10;
    private static final int WARM_UPS = 4;

    private NetworkMain() {
    }

    public static void main(String[] arguments) {
        System.out.printf(Locale.ROOT, "java %s, %s, %d threads, peak %.1f GFLOP/s, milliseconds, shortest of %d runs%n",
                System.getProperty("java.version"), PeakProbe.simd(), Parallel.threads(), PeakProbe.allThreads(), RUNS);
        for (Network network : networks(arguments)) {
            BitgridRun run = new BitgridRun(network);
            System.out.printf(Locale.ROOT, "%-14s batch %3d   training step %9.2f   inference %9.2f%n", network,
                    network.images()[0], millis(run::step), millis(run::infer));
        }
    }

    static Network[] networks(String[] names) {
        return names.length == 0 ? Network.values()
                : Arrays.stream(names).map(name -> Network.valueOf(name.toUpperCase(Locale.ROOT))).toArray(Network[]::new);
    }

    /** Shortest of several runs. */
    static double millis(Runnable work) {
        double shortest = Double.MAX_VALUE;
        for (int i = 0; i < WARM_UPS + RUNS; i++) {
            long start = System.nanoTime();
            work.run();
            double millis = (System.nanoTime() - start) / 1e6;
            if (i >= WARM_UPS) {
                shortest = Math.min(shortest, millis);
            }
        }
        return shortest;
    }
}

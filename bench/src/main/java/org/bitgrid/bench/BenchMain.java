package org.bitgrid.bench;

import java.util.Collection;
import java.util.Locale;
import org.bitgrid.tensor.spi.CopyProbe;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs benchmarks as JMH's own main class does, with the same arguments, and then prints for each kernel its rate and
 * what part that is of this machine's limit, measured in the same run: of the peak multiply-add rate for matrix products
 * and convolutions, of the copy bandwidth for all others. Rates are those of the fastest sample.
 */
public final class BenchMain {
    private BenchMain() {
    }

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        double peak = PeakProbe.allThreads();
        Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
        peak = Math.max(peak, PeakProbe.allThreads());
        double copy = CopyProbe.gigabytesPerSecond();
        System.out.printf(Locale.ROOT, "%njava %s, %s, %d threads, peak %.1f GFLOP/s, copy %.1f GB/s%n",
                System.getProperty("java.version"), PeakProbe.simd(), Parallel.threads(), peak, copy);
        System.out.printf(Locale.ROOT, "%-44s%12s%14s%12s%10s%n", "kernel", "us", "GFLOP/s", "GB/s", "of limit");
        for (RunResult result : results) {
            String name = result.getParams().getParam("kernel");
            if (name != null) {
                print(KernelCases.named(name), result.getPrimaryResult().getStatistics().getMin(), peak, copy);
            }
        }
    }

    private static void print(KernelCase kernel, double nanos, double peak, double copy) {
        double flopRate = kernel.flops() / nanos;
        double byteRate = kernel.bytes() / nanos;
        System.out.printf(Locale.ROOT, "%-44s%12.1f%14.1f%12.1f%10.2f%n", kernel.family() + " " + kernel.name(),
                nanos / 1e3, flopRate, byteRate, kernel.isArithmetic() ? flopRate / peak : byteRate / copy);
    }
}

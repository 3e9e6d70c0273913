package org.bitgrid.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long something took.
 *
 * @param min    shortest run, milliseconds
 * @param median middle run, milliseconds
 */
record Timing(double min, double median) {
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Times {@code work}: runs that do not count, {@code warmups} at least and for {@code warmMillis} at least, because
     * the compiler works meanwhile on the same processors; then runs until both limits are reached.
     */
    static Timing of(Runnable work, int warmups, double warmMillis, int leastRuns, double leastMillis) {
        long begin = System.nanoTime();
        for (int i = 0; i < warmups || System.nanoTime() - begin < warmMillis * NANOS_PER_MILLI; i++) {
            work.run();
        }
        double[] times = new double[leastRuns];
        int count = 0;
        double total = 0;
        while (count < leastRuns || total < leastMillis) {
            long start = System.nanoTime();
            work.run();
            double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = millis;
            total += millis;
        }
        double[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return new Timing(sorted[0], sorted[count / 2]);
    }

    /** For a JSON file. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("min", min);
        values.put("median", median);
        return values;
    }
}

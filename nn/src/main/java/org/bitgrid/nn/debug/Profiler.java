package org.bitgrid.nn.debug;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.tensor.spi.Interceptor;

/**
 * Measures the operators that run on its thread until it is closed, those of backward passes included.
 *
 * <pre>{@code
 * try (Profiler profiler = Profiler.start()) {
 *     loss.backward();
 *     System.out.print(profiler);
 * }
 * }</pre>
 */
public final class Profiler implements AutoCloseable {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final LongSupplier nanoTime;
    private final Dispatch.Scope scope;

    /**
     * All calls of one operator.
     *
     * @param operator name
     * @param calls    how often it ran
     * @param nanos    time in all
     * @param flops    multiplications and additions in all
     * @param bytes    bytes read and written in all; views move none
     */
    public record Entry(String operator, long calls, long nanos, long flops, long bytes) {
        /** Operations for each second. */
        public double flopsPerSecond() {
            return nanos == 0 ? 0 : flops * 1e9 / nanos;
        }

        /** Bytes for each second. */
        public double bytesPerSecond() {
            return nanos == 0 ? 0 : bytes * 1e9 / nanos;
        }

        private Entry plus(Entry other) {
            return new Entry(operator, calls + other.calls, nanos + other.nanos, flops + other.flops,
                    bytes + other.bytes);
        }
    }

    private Profiler(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        scope = Dispatch.intercept(new Stopwatch());
    }

    /** Begins to measure. */
    public static Profiler start() {
        return new Profiler(System::nanoTime);
    }

    /** Begins to measure by another clock. */
    static Profiler start(LongSupplier nanoTime) {
        return new Profiler(nanoTime);
    }

    /** Ends measuring; what was measured stays. */
    @Override
    public void close() {
        scope.close();
    }

    /** Forgets what was measured. */
    public void reset() {
        entries.clear();
    }

    /** One entry for each operator, those that took longest first. */
    public List<Entry> entries() {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::nanos).reversed());
        return sorted;
    }

    /** Time of all operators, in nanoseconds. */
    public long totalNanos() {
        return entries.values().stream().mapToLong(Entry::nanos).sum();
    }

    /** A table: operator, calls, time, share of the time, time of a call, rates, bytes. */
    @Override
    public String toString() {
        TextTable table = new TextTable("operator", "calls", "ms", "%", "us/call", "GFLOP/s", "GB/s", "MB");
        long total = Math.max(1, totalNanos());
        for (Entry entry : entries()) {
            table.add(entry.operator(), Long.toString(entry.calls()), decimal(entry.nanos() / 1e6, 2),
                    decimal(100.0 * entry.nanos() / total, 1), decimal(entry.nanos() / 1e3 / entry.calls(), 1),
                    entry.flops() == 0 ? "-" : decimal(entry.flopsPerSecond() / 1e9, 2),
                    entry.bytes() == 0 ? "-" : decimal(entry.bytesPerSecond() / 1e9, 2),
                    decimal(entry.bytes() / 1e6, 2));
        }
        return table + "operators: " + decimal(totalNanos() / 1e6, 2) + " ms\n";
    }

    private static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Takes the time of each operator. */
    private final class Stopwatch implements Interceptor {
        @Override
        public Tensor[] intercept(Op op, Tensor[] inputs, Chain chain) {
            List<TensorSpec> specs = Arrays.stream(inputs).map(Tensor::spec).toList();
            long start = nanoTime.getAsLong();
            Tensor[] outputs = chain.proceed(op, inputs);
            long nanos = nanoTime.getAsLong() - start;
            long bytes = 0;
            if (!(op instanceof ViewOp)) {
                bytes = specs.stream().mapToLong(Stopwatch::bytes).sum()
                        + Arrays.stream(outputs).mapToLong(output -> bytes(output.spec())).sum();
            }
            entries.merge(op.name(), new Entry(op.name(), 1, nanos, op.flops(specs), bytes), Entry::plus);
            return outputs;
        }

        private static long bytes(TensorSpec spec) {
            return spec.shape().numel() * spec.dtype().byteSize();
        }
    }
}

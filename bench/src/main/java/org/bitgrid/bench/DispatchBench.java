package org.bitgrid.bench;

import java.util.concurrent.TimeUnit;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.Parallel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one operator costs apart from its loop, and what starting all threads costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 2, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC"})
public class DispatchBench {
    private final Tensor one = Tensors.ones(1);
    private final Tensor matrix = Tensors.ones(8, 8);

    @Benchmark
    public Tensor addOneElement() {
        try (TensorScope scope = TensorScope.open()) {
            return one.add(one);
        }
    }

    @Benchmark
    public Tensor view() {
        return matrix.transpose(0, 1);
    }

    @Benchmark
    public Tensor addThroughAnInterceptor() {
        try (Dispatch.Scope watching = Dispatch.intercept((op, inputs, chain) -> chain.proceed(op, inputs));
             TensorScope scope = TensorScope.open()) {
            return one.add(one);
        }
    }

    @Benchmark
    public void emptyParallelLoop() {
        Parallel.range(2, 1, (begin, end) -> { });
    }
}

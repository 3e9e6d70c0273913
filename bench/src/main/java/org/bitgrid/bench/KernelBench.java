package org.bitgrid.bench;

import java.util.concurrent.TimeUnit;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Runs a {@link KernelCase} through the dispatcher, inside a scope, and returns its first output. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 2, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmx4g"})
public abstract class KernelBench {
    private KernelCase kernel;
    private Tensor[] inputs;
    private Dispatch.Scope noGrad;

    /** Makes inputs and checks a small run against the reference. */
    protected final void prepare(String name) {
        noGrad = Dispatch.gradEnabled(false);
        kernel = KernelCases.named(name);
        kernel.check();
        inputs = kernel.timedInputs();
    }

    protected final Tensor run() {
        try (TensorScope scope = TensorScope.open()) {
            return Dispatch.applyAll(kernel.op(), inputs)[0];
        }
    }

    protected final void finish() {
        noGrad.close();
    }
}

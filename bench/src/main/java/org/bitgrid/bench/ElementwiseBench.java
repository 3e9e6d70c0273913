package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Functions of single elements. */
public class ElementwiseBench extends KernelBench {
    @Param({
            "relu", "exp", "tanh", "sigmoid", "gelu", "add", "mul_by_channel"
    })
    private String kernel;

    @Setup
    public void setUp() {
        prepare(kernel);
    }

    @TearDown
    public void tearDown() {
        finish();
    }

    @Benchmark
    public Tensor time() {
        return run();
    }
}

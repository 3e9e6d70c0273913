package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Softmax along rows and along channels. */
public class SoftmaxBench extends KernelBench {
    @Param({
            "softmax_1000", "log_softmax_1000", "softmax_channels"
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

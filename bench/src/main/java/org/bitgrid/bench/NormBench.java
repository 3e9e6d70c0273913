package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Batch and layer normalisation. */
public class NormBench extends KernelBench {
    @Param({
            "batch_norm_training", "batch_norm_gradient", "layer_norm"
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

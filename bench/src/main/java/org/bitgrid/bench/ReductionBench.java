package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Sums and means. */
public class ReductionBench extends KernelBench {
    @Param({
            "sum_all", "sum_by_channel", "mean_of_rows"
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

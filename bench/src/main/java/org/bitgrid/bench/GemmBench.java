package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Matrix products: square, tall, odd sizes. */
public class GemmBench extends KernelBench {
    @Param({
            "gemm_1024x1024x1024", "gemm_512x512x512", "gemm_128x12544x10", "gemm_4096x64x64",
            "gemm_333x777x555", "gemm_8192x256x32"
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

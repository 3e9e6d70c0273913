package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Quantize-dequantize and its gradient, per tensor and per channel. */
public class QuantizeBench extends KernelBench {
    @Param({
            "fake_quantize_per_tensor", "fake_quantize_gradient_per_tensor", "fake_quantize_per_channel",
            "fake_quantize_gradient_per_channel"
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

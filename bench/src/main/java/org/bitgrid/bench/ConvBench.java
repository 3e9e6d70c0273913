package org.bitgrid.bench;

import org.bitgrid.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Convolutions of the quickstart, of ResNet-18 and of MobileNetV2: forward and both gradients. */
public class ConvBench extends KernelBench {
    @Param({
            "quickstart_conv1_forward", "quickstart_conv1_weight_grad", "quickstart_conv1_input_grad",
            "quickstart_conv2_forward", "quickstart_conv2_weight_grad", "quickstart_conv2_input_grad",
            "resnet_stem_forward", "resnet_stem_weight_grad", "resnet_stem_input_grad", "resnet_56_forward",
            "resnet_56_weight_grad", "resnet_56_input_grad", "resnet_28_down_forward",
            "resnet_28_down_weight_grad", "resnet_28_down_input_grad", "resnet_14_forward",
            "resnet_14_weight_grad", "resnet_14_input_grad", "resnet_7_forward", "resnet_7_weight_grad",
            "resnet_7_input_grad", "resnet_shortcut_forward", "resnet_shortcut_weight_grad",
            "resnet_shortcut_input_grad", "mobile_expand_56_forward", "mobile_expand_56_weight_grad",
            "mobile_expand_56_input_grad", "mobile_project_7_forward", "mobile_project_7_weight_grad",
            "mobile_project_7_input_grad", "depthwise_112_forward", "depthwise_112_weight_grad",
            "depthwise_112_input_grad", "depthwise_56_down_forward", "depthwise_56_down_weight_grad",
            "depthwise_56_down_input_grad"
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

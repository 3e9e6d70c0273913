package org.bitgrid.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.nn.io.Json;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.prepare.PrepareOptions;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** A network that was written elsewhere is traced as it was written there. */
class StructureNetworkTest {
    private static final String STRUCTURE = """
            {"modules": {
               "body": {"type": "Body", "attributes": {}},
               "body.conv": {"type": "Conv2d", "attributes": {"in_channels": 2, "out_channels": 4, "kernel_size": [3, 3],
                 "stride": [1, 1], "padding": [1, 1], "dilation": [1, 1], "groups": 1}, "bias": true},
               "body.act": {"type": "LeakyReLU", "attributes": {"negative_slope": 0.1, "inplace": false}},
               "head": {"type": "Linear", "attributes": {"in_features": 4, "out_features": 3}, "bias": true}},
             "nodes": [
               {"name": "image", "op": "placeholder", "target": "image", "args": [], "kwargs": {}},
               {"name": "body_conv", "op": "call_module", "target": "body.conv", "args": [{"node": "image"}],
                "kwargs": {}},
               {"name": "body_act", "op": "call_module", "target": "body.act", "args": [{"node": "body_conv"}],
                "kwargs": {}},
               {"name": "max_pool2d", "op": "call_function", "target": "max_pool2d", "args": [{"node": "body_act"}, 2],
                "kwargs": {"stride": null, "padding": 0, "dilation": 1, "ceil_mode": false, "return_indices": false}},
               {"name": "mean", "op": "call_method", "target": "mean", "args": [{"node": "max_pool2d"}],
                "kwargs": {"dim": [2, 3], "keepdim": true}},
               {"name": "mul", "op": "call_function", "target": "mul", "args": [2, {"node": "mean"}], "kwargs": {}},
               {"name": "size", "op": "call_method", "target": "size", "args": [{"node": "mul"}, 0], "kwargs": {}},
               {"name": "view", "op": "call_method", "target": "view", "args": [{"node": "mul"}, {"node": "size"}, -1],
                "kwargs": {}},
               {"name": "head", "op": "call_module", "target": "head", "args": [{"node": "view"}], "kwargs": {}},
               {"name": "leaky_relu", "op": "call_function", "target": "leaky_relu", "args": [{"node": "head"}],
                "kwargs": {"negative_slope": 0.3, "inplace": false}},
               {"name": "output", "op": "output", "target": "output", "args": [{"node": "leaky_relu"}], "kwargs": {}}]}
            """;

    private static final Tensor SAMPLE = Tensors.randn(new Rng(1), 3, 2, 6, 6);

    @Test
    void isTracedAndPreparedAsItWasWritten() {
        StructureNetwork network = new StructureNetwork(Json.parse(STRUCTURE));
        assertThat(network.inputNames()).containsExactly("image");
        Tracer tracer = new Tracer().inputNames("image");
        assertThat(tracer.trace(network, SAMPLE).code()).isEqualTo("""
                def forward(self, image):
                    body_conv = self.body.conv(image);  image = None
                    body_act = self.body.act(body_conv);  body_conv = None
                    max_pool2d = torch.nn.functional.max_pool2d(body_act, 2, stride = None, padding = 0, dilation = 1, \
                ceil_mode = False, return_indices = False);  body_act = None
                    mean = max_pool2d.mean(dim = (2, 3), keepdim = True);  max_pool2d = None
                    mul = 2 * mean;  mean = None
                    size = mul.size(0)
                    view = mul.view(size, -1);  mul = size = None
                    head = self.head(view);  view = None
                    leaky_relu = torch.nn.functional.leaky_relu(head, negative_slope = 0.3, inplace = False);  head = None
                    return leaky_relu
                   \s""");
        GraphModule prepared;
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            prepared = ModelPreparer.prepareModel(network, PrepareOptions.defaults().inputNames("image"), SAMPLE);
        }
        assertThat(prepared.toString()).isEqualTo("""
                GraphModule(
                  (body): Module(
                    (conv): Conv2d(2, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
                    (act): LeakyReLU(negative_slope=0.1)
                  )
                  (head): Linear(in_features=4, out_features=3, bias=True)
                  (module_max_pool2d): MaxPool2d()
                  (module_mean): Mean()
                  (module_mul): Multiply()
                  (module_leaky_relu): LeakyReLU(negative_slope=0.3)
                )



                def forward(self, image):
                    body_conv = self.body.conv(image);  image = None
                    body_act = self.body.act(body_conv);  body_conv = None
                    module_max_pool2d = self.module_max_pool2d(body_act, 2, stride = None, padding = 0, dilation = 1, \
                ceil_mode = False, return_indices = False);  body_act = None
                    module_mean = self.module_mean(module_max_pool2d, dim = (2, 3), keepdim = True);  \
                module_max_pool2d = None
                    module_mul = self.module_mul(2, module_mean);  module_mean = None
                    size = module_mul.size(0)
                    view = module_mul.view(size, -1);  module_mul = size = None
                    head = self.head(view);  view = None
                    module_leaky_relu = self.module_leaky_relu(head);  head = None
                    return module_leaky_relu
                   \s
                # To see more debug info, please use `graph_module.print_readable()`""");
        for (int batch : new int[] {1, 4}) {
            Tensor x = Tensors.randn(new Rng(9), batch, 2, 6, 6);
            assertThat(prepared.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
        }
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> new StructureNetwork(Json.parse(STRUCTURE.replace("LeakyReLU", "Wobbly"))))
                .hasMessageContaining("no layer is known for body.act of type Wobbly");
        StructureNetwork network = new StructureNetwork(Json.parse(STRUCTURE.replace("\"mul\", \"args\"",
                "\"muddle\", \"args\"")));
        assertThatThrownBy(() -> network.call(SAMPLE)).hasMessageContaining("no function is known for muddle");
    }
}

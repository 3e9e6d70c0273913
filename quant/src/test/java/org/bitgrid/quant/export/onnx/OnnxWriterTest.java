package org.bitgrid.quant.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.graph.GraphException;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.junit.jupiter.api.Test;

class OnnxWriterTest {
    /** Names, functional steps, a module used twice, a step that vanishes. */
    private static final class Network extends Module {
        final Sequential stem = add("stem", new Sequential(new Conv2d(1, 4, 3).padding(1), new BatchNorm2d(4),
                new ReLU()));
        final ReLU relu = add("relu", new ReLU());
        final Dropout drop = add("drop", new Dropout(0.5));
        final Linear linear = add("linear", new Linear(64, 3));

        @Override
        protected Tensor forward(Tensor x) {
            x = relu.call(stem.call(x).mul(2.0).sub(0.5));
            x = drop.call(relu.call(x.add(x)));
            return F.softmax(linear.call(x.view(x.size(0), -1)), -1);
        }
    }

    private static final Tensor SAMPLE = Tensors.randn(new Rng(1), 3, 1, 4, 4);

    private static GraphModule traced(Module network) {
        network.eval();
        return new Tracer().trace(network, SAMPLE);
    }

    @Test
    void tensorsAreNamedAfterModuleAndOperator() {
        OnnxGraph graph = new OnnxWriter().write(traced(new Network()), SAMPLE).model().graph();
        assertThat(graph.tensorNames()).contains("input", "stem.0.weight", "stem.0.bias", "stem.1.running_mean",
                "linear.weight", "/stem/stem.0/Conv_output_0", "/stem/stem.1/BatchNormalization_output_0",
                "/stem/stem.2/Relu_output_0", "/Mul_output_0", "/Constant_output_0", "/Sub_output_0",
                "/relu/Relu_output_0", "/Add_output_0", "/relu/Relu_1_output_0", "/Reshape_output_0",
                "/linear/Gemm_output_0", "output").doesNotContain("/Softmax_output_0");
        assertThat(graph.inputs()).containsExactly(new OnnxValue("input", OnnxType.FLOAT,
                List.of("batch", 1L, 4L, 4L)));
        assertThat(graph.outputs()).containsExactly(new OnnxValue("output", OnnxType.FLOAT, List.of("batch", 3L)));
    }

    @Test
    void numbersCarryThePartBeforeThem() {
        assertThat(OnnxGraphBuilder.scope("")).isEmpty();
        assertThat(OnnxGraphBuilder.scope("conv1")).isEqualTo("/conv1");
        assertThat(OnnxGraphBuilder.scope("layer1.0.conv1")).isEqualTo("/layer1/layer1.0/conv1");
        assertThat(OnnxGraphBuilder.scope("features.1.conv.0.0"))
                .isEqualTo("/features/features.1/conv/conv.0/conv.0.0");
        assertThat(OnnxGraphBuilder.scope("0.weight")).isEqualTo("/0/weight");
    }

    @Test
    void itSaysWhatGoesInAndOutOfEachModule() {
        List<OnnxExport.ModuleTensors> calls = new OnnxWriter().write(traced(new Network()), SAMPLE).calls();
        assertThat(calls).contains(
                new OnnxExport.ModuleTensors("stem.0", List.of("input"), List.of("/stem/stem.0/Conv_output_0"), true),
                new OnnxExport.ModuleTensors("relu", List.of("/Add_output_0"), List.of("/relu/Relu_1_output_0"), true),
                new OnnxExport.ModuleTensors("drop", List.of("/relu/Relu_1_output_0"),
                        List.of("/relu/Relu_1_output_0"), false));
    }

    @Test
    void aModuleThatDoesNothingCanHaveTensorsOfItsOwn() {
        GraphModule model = traced(new Network());
        OnnxExport export = new OnnxWriter().ownOutput("drop", 0).ownInput("linear", 0).write(model, SAMPLE);
        assertThat(export.calls()).contains(
                new OnnxExport.ModuleTensors("drop", List.of("/relu/Relu_1_output_0"),
                        List.of("/drop/Identity_output_0"), true),
                new OnnxExport.ModuleTensors("linear", List.of("/linear/Identity_output_0"),
                        List.of("/linear/Gemm_output_0"), true));
        agrees(model, export);
    }

    @Test
    void itRunsOnAnyBatchSizeAndLeavesTheModelAsItWas() {
        GraphModule model = traced(new Network());
        model.train();
        model.get("drop").eval();
        OnnxExport export = new OnnxWriter().write(model, SAMPLE);
        assertThat(model.isTraining()).isTrue();
        assertThat(model.get("drop").isTraining()).isFalse();
        assertThat(model.get("stem.1").isTraining()).isTrue();
        model.eval();
        agrees(model, export);
    }

    private static void agrees(Module model, OnnxExport export) {
        try (OnnxRuntime runtime = OnnxRuntime.of(export.model())) {
            for (int batch : new int[] {1, 7, 128}) {
                Tensor x = Tensors.randn(new Rng(batch), batch, 1, 4, 4);
                OnnxOpsTest.compare(runtime.run(x).get(0), model.call(x), 1e-5);
            }
        }
    }

    @Test
    void parametersCanHaveOtherValues() {
        GraphModule model = traced(new Network());
        Tensor zeros = Tensors.zeros(3, 64);
        OnnxGraph graph = new OnnxWriter().values(Map.of("linear.weight", zeros)).write(model, SAMPLE).model().graph();
        assertThat(graph.initializersByName().get("linear.weight").tensor().toFloatArray())
                .isEqualTo(zeros.toFloatArray());
        assertThat(model.get("linear").ownParameters().get("weight").tensor().toFloatArray())
                .isNotEqualTo(zeros.toFloatArray());
    }

    @Test
    void severalInputsAndOutputsAreNumbered() {
        Module network = new Module() {
            @Override
            protected Tensor[] forwardAll(Tensor... inputs) {
                Tensor sum = inputs[0].add(inputs[1]);
                return new Tensor[] {sum, inputs[1], sum, sum.mul(2.0)};
            }
        };
        Tensor x = Tensors.randn(new Rng(1), 2, 3);
        Tensor y = Tensors.randn(new Rng(2), 3);
        OnnxExport export = new OnnxWriter().write(network, x, y);
        OnnxGraph graph = export.model().graph();
        assertThat(graph.inputs()).extracting(OnnxValue::name).containsExactly("input0", "input1");
        assertThat(graph.inputs()).extracting(OnnxValue::dims).containsExactly(List.of("batch", 3L), List.of(3L));
        assertThat(graph.outputs()).extracting(OnnxValue::name).containsExactly("output0", "output1", "output2",
                "output3");
        try (OnnxRuntime runtime = OnnxRuntime.of(export.model())) {
            List<Tensor> outputs = runtime.run(x, y);
            assertThat(outputs.get(1).toFloatArray()).isEqualTo(y.toFloatArray());
            assertThat(outputs.get(2).toFloatArray()).isEqualTo(x.add(y).toFloatArray());
        }
    }

    @Test
    void theSameModelGivesTheSameBytes() {
        GraphModule model = traced(new Network());
        byte[] once = OnnxRuntime.bytes(new OnnxWriter().write(model, SAMPLE).model());
        assertThat(OnnxRuntime.bytes(new OnnxWriter().write(model, SAMPLE).model())).isEqualTo(once);
        assertThat(OnnxRuntime.bytes(OnnxModel.parse(once, "model"))).isEqualTo(once);
    }

    /** A network that fits one batch size only is written for that one. */
    @Test
    void aFixedBatchSizeStaysFixed() {
        Module network = new Module() {
            @Override
            protected Tensor forward(Tensor x) {
                return x.view(4, 3, 16).sum(1);
            }
        };
        Tensor x = Tensors.randn(new Rng(1), 3, 4, 16);
        OnnxExport export = new OnnxWriter().write(network, x);
        assertThat(export.model().graph().inputs().get(0).dims()).containsExactly(3L, 4L, 16L);
        try (OnnxRuntime runtime = OnnxRuntime.of(export.model())) {
            OnnxOpsTest.compare(runtime.run(x).get(0), network.call(x), 1e-5);
        }
    }

    private record Unknown() implements Op {
        @Override
        public String name() {
            return "unknown";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            return inputs;
        }
    }

    @Test
    void anOperatorWithoutCounterpartIsNamedWithItsNodeAndLine() {
        Module network = new Module() {
            @Override
            protected Tensor forward(Tensor x) {
                return Dispatch.apply(new Unknown(), x.relu());
            }
        };
        GraphModule model = traced(network);
        assertThatThrownBy(() -> new OnnxWriter().write(model, SAMPLE)).isInstanceOf(GraphException.class)
                .hasMessageStartingWith("onnx export: operator unknown has no counterpart in ONNX; got Unknown; "
                        + "expected one of [AdaptiveAvgPool2d, ArgReduce, ")
                .hasMessageContaining("(in unknown of the traced graph");
    }

    @Test
    void aSizeThatOnnxCannotExpressIsAnError() {
        Module network = new Module() {
            @Override
            protected Tensor forward(Tensor x) {
                return x.mul(Tensors.randn(new Rng(1), x.size(0), 1, 1, 1));
            }
        };
        network.eval();
        assertThatThrownBy(() -> new OnnxWriter().write(network, SAMPLE)).isInstanceOf(GraphException.class)
                .hasMessage("onnx export: the size of a constant depends on the batch size; got (2, 1, 1, 1) and "
                        + "(3, 1, 1, 1) in the model; compute it from the input instead");
        assertThat(SAMPLE.shape()).isEqualTo(Shape.of(3, 1, 4, 4));
    }
}

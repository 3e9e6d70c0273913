package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.debug.ModelSummary;
import org.bitgrid.nn.debug.Profiler;
import org.bitgrid.nn.graph.GraphDrawing;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Tables and pictures of networks, as a user asks for them. */
class DebuggingTest {
    static final class Network extends Module {
        final Sequential stem = add("stem", new Sequential(new Conv2d(3, 8, 3).padding(1).bias(false),
                new BatchNorm2d(8)));
        final ReLU relu = add("relu", new ReLU());
        final Linear head = add("head", new Linear(8, 5));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = relu.call(stem.call(x));
            y = relu.call(y.add(0.5)).mean(List.of(2, 3), false);
            return F.matmul(head.call(y), Tensors.ones(5, 5));
        }
    }

    private static final Tensor SAMPLE = Tensors.randn(new Rng(1), 2, 3, 4, 4);

    @Test
    void summaryListsLayersWithShapesParametersAndProducts() {
        Network network = new Network();
        network.head.requiresGrad(false);
        ModelSummary summary = ModelSummary.of(network, SAMPLE);
        // convolution 2·8·16 outputs of 27 products; linear 2·5 of 8; matmul 2·5 of 5
        assertThat(summary.toString()).isEqualTo("""
                layer               output shape  parameters   MACs
                ---------------------------------------------------
                Network                   (2, 5)         277  7,042
                  stem: Sequential  (2, 8, 4, 4)         232  6,912
                    0: Conv2d       (2, 8, 4, 4)         216  6,912
                    1: BatchNorm2d  (2, 8, 4, 4)          16      -
                  relu: ReLU        (2, 8, 4, 4)           -      -
                  relu: ReLU        (2, 8, 4, 4)     (again)      -
                  head: Linear            (2, 5)          45     80
                parameters: 277, of which learnable: 232
                multiply-accumulates: 7,042
                """);
        assertThat(summary.rows().get(0).outputs()).containsExactly(Shape.of(2, 5));
        assertThat(network.isTraining()).isTrue();
        assertThat(((BatchNorm2d) network.get("stem.1")).numBatchesTracked().tensor().itemLong()).isZero();
        assertThat(network.summary(SAMPLE)).isEqualTo(summary.toString());
    }

    @Test
    void summaryWorksWithoutValues() {
        Tensor meta = Tensor.meta(SAMPLE.shape(), SAMPLE.dtype());
        assertThat(new Network().summary(meta)).isEqualTo(new Network().summary(SAMPLE));
    }

    @Test
    void profilerCountsOperatorsForwardAndBackward() {
        Network network = new Network();
        try (Profiler profiler = Profiler.start()) {
            network.call(SAMPLE).sum().backward();
            List<String> operators = profiler.entries().stream().map(Profiler.Entry::operator).toList();
            assertThat(operators).contains("conv2d", "conv2d_weight_grad", "batch_norm", "relu", "linear", "sum");
            Profiler.Entry convolution = profiler.entries().stream()
                    .filter(entry -> entry.operator().equals("conv2d")).findFirst().orElseThrow();
            assertThat(convolution.calls()).isEqualTo(1);
            assertThat(convolution.flops()).isEqualTo(2 * 6912);
            // input 2·3·16, weight 8·27, output 2·8·16, four bytes each
            assertThat(convolution.bytes()).isEqualTo(4 * (96 + 216 + 256));
            assertThat(convolution.nanos()).isPositive();
            assertThat(profiler.totalNanos()).isGreaterThanOrEqualTo(convolution.nanos());
            assertThat(profiler.toString()).startsWith("operator").contains("conv2d_weight_grad").endsWith(" ms\n");
            profiler.reset();
            assertThat(profiler.entries()).isEmpty();
            profiler.close();
            network.call(SAMPLE);
            assertThat(profiler.entries()).isEmpty();
        }
    }

    @Test
    void drawsGraphs() throws Exception {
        GraphModule graph = new Tracer().trace(new Network(), SAMPLE);
        String dot = GraphDrawing.dot(graph);
        assertThat(dot).startsWith("digraph model {\n").endsWith("}\n")
                .contains("\"stem_0\" [label=\"stem_0: Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), "
                        + "bias=False)\\n(2, 8, 4, 4) float32\", fillcolor=\"#dae8fc\"];")
                .contains("\"stem_0\" -> \"stem_1\";").contains("\"relu_1\" -> \"mean\";");
        String svg = GraphDrawing.svg(graph);
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(graph.graph().nodes().size());
        assertThat(document.getElementsByTagName("path").getLength())
                .isEqualTo(graph.graph().nodes().stream().map(Node::inputs).mapToInt(List::size).sum());
        assertThat(svg).contains(">mean: torch.mean</text>").contains(">(2, 8) float32</text>");
    }
}

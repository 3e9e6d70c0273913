package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.graph.GraphException;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.GraphPatch;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.nn.graph.TraceException;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Traces modules as users write them; lives outside the library's packages, as users' code does. */
class TracerTest {
    static final class Attention extends Module {
        final Linear query = add("query", new Linear(8, 8));
        final Linear key = add("key", new Linear(8, 8));
        final Dropout drop = add("drop", new Dropout(0.5));
        final ReLU relu = add("relu", new ReLU());

        @Override
        protected Tensor forward(Tensor x) {
            Tensor q = relu.call(query.call(x)).view(x.size(0), 2, 4);
            Tensor k = relu.call(key.call(x)).view(x.size(0), 2, 4).transpose(1, 2);
            Tensor scores = F.softmax(F.matmul(q, k).div(2.0), -1);
            return drop.call(F.cat(List.of(scores, scores.sub(0.5)), 1)).reshape(2 * x.size(0), -1).mean(1);
        }
    }

    private static Tensor random(int... shape) {
        return Tensors.randn(new Rng(3), shape);
    }

    @Test
    void printsAsTorchFxDoes() {
        GraphModule graph = new Tracer().trace(new Attention(), random(3, 8));
        assertThat(graph.toString()).isEqualTo("""
                GraphModule(
                  (query): Linear(in_features=8, out_features=8, bias=True)
                  (relu): ReLU()
                  (key): Linear(in_features=8, out_features=8, bias=True)
                  (drop): Dropout(p=0.5, inplace=False)
                )



                def forward(self, x):
                    query = self.query(x)
                    relu = self.relu(query);  query = None
                    getattr_1 = x.shape
                    getitem = getattr_1[0];  getattr_1 = None
                    view = relu.view(getitem, 2, 4);  relu = getitem = None
                    key = self.key(x)
                    relu_1 = self.relu(key);  key = None
                    getattr_2 = x.shape
                    getitem_1 = getattr_2[0];  getattr_2 = None
                    view_1 = relu_1.view(getitem_1, 2, 4);  relu_1 = getitem_1 = None
                    transpose = view_1.transpose(1, 2);  view_1 = None
                    matmul = torch.matmul(view, transpose);  view = transpose = None
                    truediv = matmul / 2.0;  matmul = None
                    softmax = torch.nn.functional.softmax(truediv, dim = -1);  truediv = None
                    sub = softmax - 0.5
                    cat = torch.cat([softmax, sub], 1);  softmax = sub = None
                    drop = self.drop(cat);  cat = None
                    getattr_3 = x.shape;  x = None
                    getitem_2 = getattr_3[0];  getattr_3 = None
                    mul = getitem_2 * 2;  getitem_2 = None
                    reshape = drop.reshape(mul, -1);  drop = mul = None
                    mean = reshape.mean(1);  reshape = None
                    return mean
                   \s
                # To see more debug info, please use `graph_module.print_readable()`""");
    }

    @Test
    void runsOnAnyBatchSizeWithTheSameResult() {
        Module network = new Attention().eval();
        GraphModule graph = new Tracer().trace(network, random(3, 8));
        assertThat(graph.isTraining()).isFalse();
        for (int batch : new int[] {1, 2, 3, 7}) {
            Tensor x = random(batch, 8);
            assertThat(graph.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
        }
    }

    @Test
    void leavesGeneratorsStatisticsAndHooksAlone() {
        BatchNorm2d norm = new BatchNorm2d(2);
        Sequential network = new Sequential(norm, new Dropout(0.5));
        int[] calls = {0};
        norm.onForward((module, arguments, outputs) -> {
            calls[0]++;
            return null;
        });
        network.onForward((module, arguments, outputs) -> {
            calls[0]++;
            return null;
        });
        Rng.State before = Rng.current().state();
        new Tracer().trace(network, random(2, 2, 3, 3));
        assertThat(calls[0]).isZero();
        assertThat(norm.numBatchesTracked().tensor().itemLong()).isZero();
        assertThat(Rng.current().state()).isEqualTo(before);
    }

    static final class Direct extends Module {
        final Parameter scale = addParameter("scale", new Parameter(Tensors.of(new float[] {1, 2})));
        final Identity same = add("same", new Identity());
        final Tensor shift = Tensors.of(new float[] {3, 4});

        @Override
        protected Tensor forward(Tensor x) {
            return same.call(x).mul(scale.tensor()).add(x).add(shift);
        }
    }

    @Test
    void keepsParametersAndConstantsThatForwardUsesItself() {
        Direct network = new Direct();
        GraphModule graph = new Tracer().trace(network, random(3, 2));
        assertThat(graph.code()).isEqualTo("""
                def forward(self, x):
                    same = self.same(x)
                    scale = self.scale
                    mul = same * scale;  same = scale = None
                    add = mul + x;  mul = x = None
                    _tensor_constant0 = self._tensor_constant0
                    add_1 = add + _tensor_constant0;  add = _tensor_constant0 = None
                    return add_1
                   \s""");
        network.scale.set(Tensors.of(new float[] {5, 6}));
        Tensor x = random(4, 2);
        assertThat(graph.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
    }

    static final class Reading extends Module {
        @Override
        protected Tensor forward(Tensor x) {
            return x.sum().item() > 0 ? x : x.neg();
        }
    }

    static final class Deciding extends Module {
        @Override
        protected Tensor forward(Tensor x) {
            return x.size(0) > 1500 ? F.relu(x) : x.neg();
        }
    }

    @Test
    void namesTheLineThatCannotBeTraced() {
        assertThatThrownBy(() -> new Tracer().trace(new Reading(), random(3))).isInstanceOf(TraceException.class)
                .hasMessageMatching("trace: Reading.forward \\(TracerTest.java:\\d+\\) reads the value of a traced "
                        + "tensor by item\\(\\); control flow on values .*");
        assertThatThrownBy(() -> new Tracer().trace(new Deciding(), random(3))).isInstanceOf(TraceException.class)
                .hasMessageMatching("trace: at Deciding.forward \\(TracerTest.java:\\d+\\) the module does different "
                        + "things for different batch sizes; .*");
    }

    @Test
    void namesNodeAndLineWhenAGraphFails() {
        GraphModule graph = new Tracer().trace(new Attention(), random(3, 8));
        assertThatThrownBy(() -> graph.call(random(3, 9))).isInstanceOf(ShapeException.class)
                .hasMessageMatching("linear: .* \\(in query of the traced graph, made by Attention.forward "
                        + "\\(TracerTest.java:\\d+\\)\\)");
    }

    @Test
    void refusesEditsThatChangeShapes() {
        GraphModule graph = new Tracer().trace(new Sequential(new Conv2d(1, 2, 3), new ReLU()), random(2, 1, 5, 5));
        Node.CallModule conv = graph.graph().nodesOf(Node.CallModule.class).get(0);
        GraphPatch patch = new GraphPatch(graph, "widen");
        assertThatThrownBy(() -> patch.replaceModule(conv, new Conv2d(1, 4, 3))).isInstanceOf(GraphException.class)
                .hasMessageStartingWith("widen: _0 would be replaced by something of another shape or type; got");
    }
}

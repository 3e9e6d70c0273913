package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.BatchNorm1d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.TraceException;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.prepare.PrepareOptions;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.StateException;
import org.junit.jupiter.api.Test;

/** Prepares networks as users write them; lives outside the library's packages, as users' code does. */
class ModelPreparerTest {
    private final List<String> lines = new ArrayList<>();

    private GraphModule prepare(Module model, PrepareOptions options, Object... arguments) {
        try (var scope = QuantLog.listen((level, area, message) -> {
            if (level == System.Logger.Level.INFO) {
                lines.add(message);
            }
        })) {
            return ModelPreparer.prepareModel(model, options, arguments);
        }
    }

    private GraphModule prepare(Module model, Object... arguments) {
        return prepare(model, PrepareOptions.defaults(), arguments);
    }

    private static Tensor random(int... shape) {
        return Tensors.randn(new Rng(3), shape);
    }

    /** Functions and a reused module inside a block of the user's. */
    static final class Block extends Module {
        final Linear first = add("first", new Linear(8, 8));
        final ReLU relu = add("relu", new ReLU());
        final Linear second = add("second", new Linear(8, 8));

        @Override
        protected Tensor forward(Tensor x) {
            return relu.call(second.call(relu.call(first.call(x))).add(x));
        }
    }

    /** A block whose own children are not called: the graph does not have it. */
    static final class Scaling extends Module {
        @Override
        protected Tensor forward(Tensor x) {
            return F.sigmoid(x).mul(x);
        }
    }

    static final class Nested extends Module {
        final Sequential layers = add("layers", new Sequential(new Block(), new Block()));
        final Scaling scaling = add("scaling", new Scaling());

        @Override
        protected Tensor forward(Tensor x) {
            return F.relu(scaling.call(layers.call(x)));
        }
    }

    @Test
    void putsModulesWhereTheirFunctionsAre() {
        Nested network = new Nested();
        GraphModule prepared = prepare(network, random(2, 8));
        assertThat(lines).containsExactly(
                "Functional         : Adding new module for node: {layers.0.module_add} ",
                "Reused/Duplicate   : Adding new module for node: {layers.0.module_relu_1} ",
                "Functional         : Adding new module for node: {layers.1.module_add_1} ",
                "Reused/Duplicate   : Adding new module for node: {layers.1.module_relu_1} ",
                "Functional         : Adding new module for node: {module_sigmoid} ",
                "Functional         : Adding new module for node: {module_mul} ",
                "Functional         : Adding new module for node: {module_relu} ");
        assertThat(prepared.toString()).startsWith("""
                GraphModule(
                  (layers): Module(
                    (0): Module(
                      (first): Linear(in_features=8, out_features=8, bias=True)
                      (relu): ReLU()
                      (second): Linear(in_features=8, out_features=8, bias=True)
                      (module_add): Add()
                      (module_relu_1): ReLU()
                    )
                    (1): Module(
                      (first): Linear(in_features=8, out_features=8, bias=True)
                      (relu): ReLU()
                      (second): Linear(in_features=8, out_features=8, bias=True)
                      (module_add_1): Add()
                      (module_relu_1): ReLU()
                    )
                  )
                  (module_sigmoid): Sigmoid()
                  (module_mul): Multiply()
                  (module_relu): ReLU()
                )
                """);
        assertThat(prepared.code()).contains("""
                    layers_1_first = getattr(self.layers, "1").first(layers_0_module_relu_1)
                    layers_1_relu = getattr(self.layers, "1").relu(layers_1_first);  layers_1_first = None
                    layers_1_second = getattr(self.layers, "1").second(layers_1_relu);  layers_1_relu = None
                    layers_1_module_add_1 = getattr(self.layers, "1").module_add_1(\
                layers_1_second, layers_0_module_relu_1);  layers_1_second = layers_0_module_relu_1 = None
                """);
        Tensor x = random(5, 8);
        assertThat(prepared.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
    }

    @Test
    void preparesWhatIsPreparedWithoutChangingIt() {
        GraphModule prepared = prepare(new Nested(), random(2, 8));
        lines.clear();
        GraphModule again = prepare(prepared, random(2, 8));
        assertThat(lines).isEmpty();
        assertThat(again.code()).isEqualTo(prepared.code());
    }

    static final class Twice extends Module {
        final Linear linear = add("linear", new Linear(4, 4));
        final BatchNorm1d norm = add("norm", new BatchNorm1d(4));

        @Override
        protected Tensor forward(Tensor x) {
            return norm.call(linear.call(norm.call(linear.call(x))));
        }
    }

    @Test
    void copiesModulesThatAreCalledAgain() {
        Twice network = new Twice();
        GraphModule prepared = prepare(network, random(2, 4));
        assertThat(lines).containsExactly(
                "Reused/Duplicate   : Adding new module for node: {module_linear_1} ",
                "Reused/Duplicate   : Adding new module for node: {module_norm_1} ");
        network.eval();
        prepared.eval();
        Tensor x = random(3, 4);
        assertThat(prepared.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
        Linear copy = (Linear) prepared.get("module_linear_1");
        assertThat(prepared.get("linear")).isSameAs(network.linear);
        assertThat(copy.weight()).isNotSameAs(network.linear.weight());
        network.linear.weight().set(Tensors.zeros(4, 4));
        assertThat(copy.weight().held().abs().max().item()).isPositive();
        assertThat(prepared.parameters()).hasSize(8);
    }

    @Test
    void leavesModesAsTheyWere() {
        Twice network = new Twice();
        network.norm.eval();
        GraphModule prepared = prepare(network, random(2, 4));
        assertThat(network.isTraining()).isTrue();
        assertThat(network.linear.isTraining()).isTrue();
        assertThat(network.norm.isTraining()).isFalse();
        assertThat(prepared.isTraining()).isTrue();
        assertThat(network.norm.numBatchesTracked().tensor().itemLong()).isZero();
    }

    /** Cannot be traced: it decides by values. */
    static final class Deciding extends Module {
        final Linear linear = add("linear", new Linear(4, 4));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = linear.call(x);
            return y.sum().item() > 0 ? F.relu(y) : y.neg();
        }
    }

    static final class Holding extends Module {
        final Deciding deciding = add("deciding", new Deciding());

        @Override
        protected Tensor forward(Tensor x) {
            return F.relu(deciding.call(x));
        }
    }

    @Test
    void excludesModulesAndClasses() {
        Holding network = new Holding();
        assertThatThrownBy(() -> prepare(network, random(2, 4))).isInstanceOf(TraceException.class)
                .hasMessageMatching("trace: Deciding.forward \\(ModelPreparerTest.java:\\d+\\) reads the value .*");
        assertThat(network.isTraining()).isTrue();
        for (PrepareOptions options : List.of(PrepareOptions.defaults().excludeModules(network.deciding),
                PrepareOptions.defaults().excludeClasses(Deciding.class))) {
            GraphModule prepared = prepare(network, options, random(2, 4));
            assertThat(prepared.code()).contains("deciding = self.deciding(x)")
                    .contains("module_relu = self.module_relu(deciding)");
            Tensor x = random(3, 4);
            assertThat(prepared.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
        }
    }

    /** Takes a switch and a factor beside its input. */
    static final class Switching extends Module {
        final Linear linear = add("linear", new Linear(4, 4));

        @Override
        protected Tensor[] forwardWith(List<Object> arguments) {
            Tensor y = linear.call((Tensor) arguments.get(0));
            return new Tensor[] {(Boolean) arguments.get(1) ? F.relu(y) : y.mul((Double) arguments.get(2))};
        }
    }

    @Test
    void makesConcreteArgumentsPartOfTheGraph() {
        Switching network = new Switching();
        Tensor x = random(3, 4);
        GraphModule active = prepare(network, x, true, 2.0);
        GraphModule scaled = prepare(network, x, false, 2.0);
        assertThat(active.code()).contains("def forward(self, x)").contains("module_relu").doesNotContain("mul");
        assertThat(scaled.code()).contains("module_mul = self.module_mul(linear, 2.0)");
        assertThat(scaled.call(x).toFloatArray())
                .isEqualTo(network.callWith(List.of(x, false, 2.0))[0].toFloatArray());
    }

    /** Calls a convolution as a function, once with its own parameters, once with a weight that it computes. */
    static final class FunctionalConvolution extends Module {
        final Parameter weight = addParameter("weight", new Parameter(random(6, 2, 3, 3)));
        final Parameter bias = addParameter("bias", new Parameter(random(6)));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = F.conv2d(x, weight.tensor(), bias.tensor(), 2, 1, 1, 2);
            return F.conv2d(y, weight.tensor().mul(0.5), null, 1, 1, 1, 3);
        }
    }

    @Test
    void turnsFunctionalConvolutionsIntoLayers() {
        FunctionalConvolution network = new FunctionalConvolution();
        GraphModule prepared = prepare(network, random(2, 4, 8, 8));
        assertThat(prepared.get("module_conv2d").toString())
                .isEqualTo("Conv2d(4, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), groups=2)");
        assertThat(((Conv2d) prepared.get("module_conv2d")).bias()).isNotNull();
        assertThat(prepared.get("module_conv2d_1").toString()).isEqualTo("DynamicConv2d()");
        assertThat(prepared.code()).contains("module_conv2d = self.module_conv2d(x)")
                .contains("module_conv2d_1 = self.module_conv2d_1(module_conv2d, module_mul)").doesNotContain("bias");
        Tensor x = random(3, 4, 8, 8);
        assertThat(prepared.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
    }

    /** Has a member of the name that a new module would get. */
    static final class Colliding extends Module {
        final Linear linear = add("module_relu", new Linear(4, 4));

        @Override
        protected Tensor forward(Tensor x) {
            return F.relu(linear.call(x));
        }
    }

    @Test
    void doesNotReplaceModulesOfTheUsersByItsOwn() {
        Colliding network = new Colliding();
        GraphModule prepared = prepare(network, random(2, 4));
        assertThat(prepared.get("module_relu")).isSameAs(network.linear);
        Tensor x = random(3, 4);
        assertThat(prepared.call(x).toFloatArray()).isEqualTo(network.call(x).toFloatArray());
    }

    static final class Further extends Module {
        @Override
        protected Tensor forward(Tensor x) {
            return x.abs().sqrt().add(x.neg());
        }
    }

    @Test
    void replacesFurtherFunctionsOnRequest() {
        assertThat(prepare(new Further(), random(4)).namedChildren().keySet()).containsExactly("module_add");
        GraphModule every = prepare(new Further(), PrepareOptions.defaults().everyFunction(true), random(4));
        assertThat(every.namedChildren().keySet())
                .containsExactly("module_abs_1", "module_sqrt", "module_neg", "module_add");
        Tensor x = random(5);
        assertThat(every.call(x).toFloatArray()).isEqualTo(new Further().call(x).toFloatArray());
    }

    @Test
    void copiesPreparedModels() {
        GraphModule prepared = prepare(new Nested(), random(2, 8));
        GraphModule copy = (GraphModule) prepared.copy();
        assertThat(copy.code()).isEqualTo(prepared.code());
        assertThat(copy.stateDict().keySet()).isEqualTo(prepared.stateDict().keySet());
        Tensor x = random(4, 8);
        float[] before = prepared.call(x).toFloatArray();
        assertThat(copy.call(x).toFloatArray()).isEqualTo(before);
        copy.parameters().forEach(parameter -> parameter.set(Tensors.zerosLike(parameter.held())));
        assertThat(prepared.call(x).toFloatArray()).isEqualTo(before);
        // A copy prints its children in the order in which they run, as copies of torch.fx's graph modules do.
        GraphModule flat = prepare(new Colliding(), random(2, 4));
        assertThat(flat.copy().namedChildren().keySet()).containsExactly("module_relu", "module_relu_1");
    }

    @Test
    void refusesToCopyModulesThatHoldMembersInFields() {
        assertThatThrownBy(() -> new Block().copy()).isInstanceOf(StateException.class).hasMessageMatching(
                "copy: cannot copy .*Block, which may hold members in fields; override newCopy .*");
    }
}

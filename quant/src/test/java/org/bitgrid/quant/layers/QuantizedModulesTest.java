package org.bitgrid.quant.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.LeafPolicy;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.quant.functional.FunctionalModule;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The registry of layer classes. */
class QuantizedModulesTest {
    /** Library modules that have no quantizers themselves: containers, and modules made of other layers. */
    private static final Set<String> WITHOUT_SLOTS = Set.of("Identity", "Sequential", "ModuleList", "ModuleDict",
            "ParameterList", "ParameterDict", "MultiheadAttention", "TransformerEncoder", "TransformerEncoderLayer",
            "CustomSiLU");

    /** Scales by a learnt number. */
    static class Scale extends Module {
        Scale() {
            addParameter("weight", new org.bitgrid.nn.Parameter(Tensors.ones(1)));
        }

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(ownParameters().get("weight").tensor());
        }

        @Override
        protected Module newCopy(org.bitgrid.nn.ModuleCopier copier) {
            return copier.fill(this, new Scale());
        }
    }

    /** Turns signs. */
    static class Flip extends Module {
        @Override
        protected Tensor forward(Tensor x) {
            return x.neg();
        }
    }

    static class Network extends Module {
        final Linear linear = add("linear", new Linear(4, 4));
        final Scale scale = add("scale", new Scale());
        final Flip flip = add("flip", new Flip());
        final ReLU relu = add("relu", new ReLU());

        @Override
        protected Tensor forward(Tensor x) {
            return relu.call(flip.call(scale.call(linear.call(x))));
        }
    }

    private static final Tensor X = Tensors.randn(new Rng(1), 2, 4);

    private static GraphModule traced() {
        Network network = new Network();
        return new Tracer().leaves(LeafPolicy.libraryLayers().and(Set.of(network.scale, network.flip)))
                .trace(network, X);
    }

    @AfterEach
    void forget() {
        QuantizedModules.forget(Scale.class);
        QuantizedModules.forget(Flip.class);
    }

    @Test
    void namesAllUnknownClassesAtOnce() {
        assertThatThrownBy(() -> new QuantizationSimModel(traced(), X, QuantSimOptions.defaults()))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("quantization: 2 classes of layers are not known; got ")
                .hasMessageContaining("QuantizedModulesTest$Scale (scale)")
                .hasMessageContaining("QuantizedModulesTest$Flip (flip)")
                .hasMessageContaining("QuantizedModules.implement(Scale.class, LayerSlots.unary());")
                .hasMessageContaining("QuantizedModules.ignore(Flip.class);");
    }

    @Test
    void implementsAndIgnores() {
        QuantizedModules.implement(Scale.class, LayerSlots.unary());
        QuantizedModules.ignore(Flip.class);
        QuantizationSimModel sim = new QuantizationSimModel(traced(), X, QuantSimOptions.defaults());
        assertThat(sim.quantizedModules().keySet()).containsExactly("linear", "scale", "relu");
        assertThat(sim.quantizers().keySet()).contains("scale.param_quantizers.weight", "scale.output_quantizers.0");
        assertThat(sim.model().get("flip")).isInstanceOf(Flip.class);
        sim.computeEncodings(model -> model.call(X));
        assertThat(sim.model().get("scale").toString()).startsWith("QuantizedScale(");
        assertThat(sim.model().call(X).shape()).isEqualTo(X.shape());
    }

    @Test
    void aUsersWordIsTheLast() {
        QuantizedModules.ignore(Scale.class);
        QuantizedModules.implement(Scale.class, LayerSlots.binary("Mul"));
        assertThat(QuantizedModules.isIgnored(new Scale())).isFalse();
        assertThat(QuantizedModules.slots(new Scale()).inputs()).isEqualTo(2);
        QuantizedModules.forget(Scale.class);
        assertThat(QuantizedModules.slots(new Scale())).isNull();
    }

    @Test
    void everyLayerOfTheLibraryHasSlots() throws IOException, URISyntaxException {
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Class<?> sample : List.of(Linear.class, FunctionalModule.class)) {
            Path place = Path.of(sample.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path classes = Files.isDirectory(place) ? place : place.resolveSibling("classes"); // beside the jar
            Path folder = classes.resolve(sample.getPackageName().replace('.', '/'));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".class")).sorted().toList()) {
                    String name = file.getFileName().toString().replace(".class", "");
                    if (name.contains("$") || WITHOUT_SLOTS.contains(name)) {
                        continue;
                    }
                    Class<?> type = load(sample.getPackageName() + "." + name);
                    boolean layer = Module.class.isAssignableFrom(type)
                            && !java.lang.reflect.Modifier.isAbstract(type.getModifiers());
                    if (layer) {
                        found++;
                        if (!LibraryLayers.slots().containsKey(type.getName())) {
                            missing.add(type.getName());
                        }
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(80);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, QuantizedModulesTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}

package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitgrid.tensor.reference.ReferenceBackend;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.junit.jupiter.api.Test;

/** Names the operators for which something is missing that every operator must have. */
class OpCoverageTest {
    /** All operators of the package {@code org.bitgrid.tensor.op}, those inside others included. */
    static List<Class<?>> operators() {
        try {
            Path classes = Path.of(Op.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path folder = classes.resolve("org/bitgrid/tensor/op");
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".class"))
                        .sorted().map(OpCoverageTest::load)
                        .filter(type -> Op.class.isAssignableFrom(type) && !type.isInterface()
                                && !Modifier.isAbstract(type.getModifiers()))
                        .collect(Collectors.toList());
            }
        } catch (IOException | URISyntaxException failed) {
            throw new AssertionError("the classes of operators cannot be listed", failed);
        }
    }

    private static Class<?> load(String fileName) {
        try {
            return Class.forName("org.bitgrid.tensor.op." + fileName.substring(0, fileName.length() - 6));
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Set<String> without(Predicate<Class<?>> property) {
        return operators().stream().filter(property.negate())
                .map(type -> type.getName().substring(type.getPackageName().length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyOperatorIsFound() {
        assertThat(operators()).contains(Conv2d.class, Conv2d.InputGrad.class, Softmax.class).hasSizeGreaterThan(80);
    }

    @Test
    void everyOperatorHasASample() {
        Set<Class<?>> sampled = OpSamples.all().stream().map(OpSample::op).map(Object::getClass)
                .collect(Collectors.toSet());
        assertThat(without(sampled::contains)).as("operators without an entry in OpSamples").isEmpty();
    }

    @Test
    void everyOperatorHasADefinition() {
        assertThat(without(type -> ReferenceBackend.operators().contains(type) || ViewOp.class.isAssignableFrom(type)
                || ComposedOp.class.isAssignableFrom(type)))
                .as("operators that the reference does not define and that are not made of others").isEmpty();
    }

    @Test
    void everyOperatorHasAGradientOrAReason() {
        assertThat(without(OpCoverageTest::hasGradientOrReason))
                .as("operators without vjp that do not say why by NotDifferentiable").isEmpty();
    }

    private static boolean hasGradientOrReason(Class<?> type) {
        try {
            boolean own = type.getMethod("vjp", VjpContext.class).getDeclaringClass() != Op.class;
            return own || ComposedOp.class.isAssignableFrom(type);
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A sample may say that it is not differentiated; some sample of a differentiable operator must be. */
    @Test
    void everyGradientIsChecked() {
        Set<Class<?>> checked = OpSamples.all().stream().filter(sample -> sample.differentiableTimes() > 0)
                .map(OpSample::op).map(Object::getClass).collect(Collectors.toSet());
        // Indices; and straight-through gradients, which have tests of their own.
        Set<Class<?>> others = Set.of(OneHot.class, Quantize.class, FakeQuantize.class, FloatFakeQuantize.class);
        assertThat(without(type -> checked.contains(type) || others.contains(type)
                || NotDifferentiable.class.isAssignableFrom(type)))
                .as("operators with a gradient that no sample checks").isEmpty();
    }

    @Test
    void reasonsAreGiven() {
        for (OpSample sample : OpSamples.all()) {
            if (sample.differentiableTimes() < 2) {
                assertThat(sample.differentiableReason()).as(sample.name()).isNotBlank();
            }
            assertThat(sample.roundingsReason()).as(sample.name()).isNotBlank();
        }
    }
}

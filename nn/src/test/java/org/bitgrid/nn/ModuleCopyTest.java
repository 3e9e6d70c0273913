package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Copies compute what their originals compute and share nothing with them. */
class ModuleCopyTest {
    private record Sample(Module module, int... input) {
    }

    private static final List<Sample> SAMPLES = List.of(
            new Sample(new Conv2d(3, 4, 3).padding(1).bias(false), 2, 3, 5, 5),
            new Sample(new Linear(5, 3), 2, 5),
            new Sample(new BatchNorm2d(3), 2, 3, 4, 4),
            new Sample(new Sequential(new Linear(5, 4), new ReLU(), new LayerNorm(4)), 2, 5),
            new Sample(new PReLU(3), 2, 3, 4),
            new Sample(new TransformerEncoder(() -> new TransformerEncoderLayer(8, 2).hidden(16), 2), 3, 2, 8));

    @TestFactory
    Stream<DynamicTest> sameResultsAndNothingShared() {
        return SAMPLES.stream().map(sample -> dynamicTest(sample.module().typeName(), () -> {
            Module original = sample.module().eval();
            Tensor x = Tensors.randn(new Rng(2), sample.input());
            float[] before = original.call(x).toFloatArray();
            Module copy = original.copy();
            assertThat(copy.toString()).isEqualTo(original.toString());
            assertThat(copy.isTraining()).isFalse();
            assertThat(copy.call(x).toFloatArray()).isEqualTo(before);
            copy.namedParameters().values().forEach(parameter ->
                    parameter.set(Tensors.zerosLike(parameter.held())));
            copy.train();
            copy.call(x);
            assertThat(original.isTraining()).isFalse();
            assertThat(original.call(x).toFloatArray()).isEqualTo(before);
        }));
    }

    @Test
    void keepsWhatIsSharedFrozenOrAbsent() {
        Linear first = new Linear(4, 4);
        Linear second = new Linear(4, 4);
        second.setBias(first.bias());
        first.weight().requiresGrad(false);
        ModuleList list = new ModuleList(List.of(first, second, first)).append(null);
        ModuleList copy = (ModuleList) list.copy();
        assertThat(copy.get(0)).isNotSameAs(first).isSameAs(copy.get(2));
        assertThat(copy.get(3)).isNull();
        assertThat(((Linear) copy.get(1)).bias()).isSameAs(((Linear) copy.get(0)).bias()).isNotSameAs(first.bias());
        assertThat(((Linear) copy.get(0)).weight().requiresGrad()).isFalse();
        assertThat(((Linear) copy.get(1)).weight().requiresGrad()).isTrue();
        assertThat(new ModuleDict().put("none", null).put("one", first).copy().toString())
                .isEqualTo("ModuleDict(\n  (none): None\n  (one): Linear(in_features=4, out_features=4, bias=True)\n)");
    }
}

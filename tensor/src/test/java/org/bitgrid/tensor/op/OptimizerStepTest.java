package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Optimizer steps in float32 against the reference in double precision, over several steps. */
class OptimizerStepTest {
    private record Case(String name, int states, IntFunction<Op> step) {
    }

    private static List<Case> cases() {
        return List.of(
                new Case("sgd", 0, t -> new SgdStep(0.1, 0, 0, 0.01, false, false, false)),
                new Case("sgd maximize", 0, t -> new SgdStep(0.1, 0, 0, 0, false, true, false)),
                new Case("sgd momentum", 1, t -> new SgdStep(0.1, 0.9, 0.2, 0.01, false, false, t == 1)),
                new Case("sgd nesterov", 1, t -> new SgdStep(0.1, 0.9, 0, 0.01, true, false, t == 1)),
                new Case("adam", 2, t -> new AdamStep(0.01, 0.9, 0.999, 1e-8, 0.1, false, false, false, t)),
                new Case("adamw", 2, t -> new AdamStep(0.01, 0.9, 0.999, 1e-8, 0.1, true, false, true, t)),
                new Case("amsgrad", 3, t -> new AdamStep(0.01, 0.9, 0.99, 1e-8, 0, false, true, false, t)),
                new Case("rmsprop", 1, t -> new RmsPropStep(0.01, 0.9, 1e-8, 0.01, 0, false, false)),
                new Case("rmsprop momentum", 2, t -> new RmsPropStep(0.01, 0.9, 1e-8, 0, 0.9, false, true)),
                new Case("adagrad", 1, t -> new AdagradStep(0.1 / t, 1e-10, 0.01, false)),
                new Case("moments", 2, t -> new MomentStep(0.9, 0.999, 1e-8, 0.99, 0.01, 0.002, 0.01,
                        1 - Math.pow(0.999, t), false)),
                new Case("moments without denominator", 2, t -> new MomentStep(0.9, 0.999, 1e-8, 1, 0, 0, 0.01, 0,
                        true)));
    }

    @TestFactory
    Stream<DynamicTest> stepsAgreeWithTheReference() {
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            Rng rng = new Rng(7);
            int count = 1003;
            float[] start = Tensors.randn(rng, count).toFloatArray();
            List<Tensor> single = tensors(start, c.states, DType.FLOAT32);
            List<Tensor> exact = tensors(start, c.states, DType.FLOAT64);
            for (int t = 1; t <= 12; t++) {
                Tensor gradient = Tensors.randn(rng, count).mul(0.1 * t);
                run(c.step.apply(t), single, gradient);
                run(c.step.apply(t), exact, gradient.to(DType.FLOAT64));
            }
            for (int i = 0; i < single.size(); i++) {
                double[] got = single.get(i).toDoubleArray();
                double[] expected = exact.get(i).toDoubleArray();
                double largest = 0;
                for (double value : expected) {
                    largest = Math.max(largest, Math.abs(value));
                }
                // Twelve steps of a dozen roundings each.
                double bound = 144 * 0x1p-24 * largest;
                for (int j = 0; j < count; j++) {
                    assertThat(got[j]).as("tensor %d element %d", i, j).isCloseTo(expected[j],
                            offset(bound));
                }
            }
        }));
    }

    private static List<Tensor> tensors(float[] start, int states, DType type) {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(Tensors.of(start, start.length).to(type).clone());
        for (int i = 0; i < states; i++) {
            tensors.add(Tensors.zeros(tensors.get(0).spec().shape(), type));
        }
        return tensors;
    }

    private static void run(Op op, List<Tensor> states, Tensor gradient) {
        List<Tensor> inputs = new ArrayList<>(states);
        inputs.add(gradient);
        Tensor[] outputs = Dispatch.applyAll(op, inputs.toArray(Tensor[]::new));
        assertThat(outputs).hasSize(states.size());
        assertThat(outputs[0]).isSameAs(states.get(0));
    }

    @Test
    void overwritesInPlaceAndCountsVersions() {
        Tensor parameter = Tensors.of(1f, 2f);
        int version = parameter.storage().version();
        Dispatch.apply(new SgdStep(0.5, 0, 0, 0, false, false, false), parameter, Tensors.of(2f, -2f));
        assertThat(parameter.toFloatArray()).containsExactly(0f, 3f);
        assertThat(parameter.storage().version()).isGreaterThan(version);
    }

    @Test
    void saysWhatDoesNotFit() {
        SgdStep step = new SgdStep(0.5, 0, 0, 0, false, false, false);
        assertThatThrownBy(() -> Dispatch.apply(step, Tensors.ones(3), Tensors.ones(4)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("sgd_step: gradient has the wrong shape; got (4,); expected (3,)");
        assertThatThrownBy(() -> Dispatch.apply(step, Tensors.arange(3), Tensors.ones(3)))
                .isInstanceOf(DTypeException.class).hasMessageContaining("sgd_step: parameter must be floating point");
        assertThatThrownBy(() -> Dispatch.apply(step, Tensors.ones(3)))
                .isInstanceOf(ShapeException.class).hasMessage("sgd_step: got 1 tensors; expected 2");
    }
}

package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static Tensor doubles(double... values) {
        return Tensors.of(values, values.length).requiresGrad(true);
    }

    @Test
    void gradientsAreTheSameAsWithoutAndTheSegmentRunsTwice() {
        AtomicInteger runs = new AtomicInteger();
        Tensor w = doubles(0.5, -0.25);
        UnaryOperator<Tensor> segment = in -> {
            runs.incrementAndGet();
            return in.mul(w).tanh().exp().mul(in);
        };
        Tensor x = doubles(1, 2);
        segment.apply(x.mul(3.0)).square().sum().backward();
        double[] expectedX = x.grad().toDoubleArray();
        double[] expectedW = w.grad().toDoubleArray();
        x.setGrad(null);
        w.setGrad(null);
        runs.set(0);
        Tensor loss = Checkpoint.run(segment, x.mul(3.0)).square().sum();
        assertThat(runs).hasValue(1);
        loss.backward();
        assertThat(runs).hasValue(2);
        assertThat(x.grad().toDoubleArray()).containsExactly(expectedX);
        assertThat(w.grad().toDoubleArray()).containsExactly(expectedW);
    }

    @Test
    void segmentsNestAndDifferentiateTwice() {
        UnaryOperator<Tensor> inner = in -> in.tanh().mul(in);
        UnaryOperator<Tensor> outer = in -> Checkpoint.run(inner, in.square()).exp();
        GradCheck.DEFAULT.check(in -> Checkpoint.run(outer, in[0]), Tensors.of(new double[] {0.3, -0.4}, 2));
        GradCheck.DEFAULT.checkSecondOrder(in -> Checkpoint.run(outer, in[0]), Tensors.of(new double[] {0.3, -0.4}, 2));
    }

    @Test
    void randomNumbersAreTheSameInBothRuns() {
        Rng before = Rng.current();
        try {
            Rng.setCurrent(new Rng(3));
            Tensor x = Tensors.of(1f, 1f, 1f).requiresGrad(true);
            Tensor[] masks = new Tensor[2];
            AtomicInteger runs = new AtomicInteger();
            Tensor y = Checkpoint.run(in -> {
                Tensor mask = Tensors.rand(Rng.current(), 3);
                masks[runs.getAndIncrement()] = mask.clone();
                return in.mul(mask);
            }, x);
            long drawn = Rng.current().state().position();
            float[] output = y.toFloatArray();
            y.sum().backward();
            assertThat(x.grad().toFloatArray()).containsExactly(output);
            assertThat(Rng.current().state().position()).isEqualTo(drawn);
            assertThat(runs).hasValue(2);
        } finally {
            Rng.setCurrent(before);
        }
    }

    @Test
    void aSegmentThatDoesSomethingElseTheSecondTimeIsAnError() {
        AtomicInteger runs = new AtomicInteger();
        Tensor x = doubles(1, 2);
        Tensor y = Checkpoint.run(in -> runs.getAndIncrement() == 0 ? in.exp().square() : in.exp().tanh(), x);
        assertThatThrownBy(() -> y.sum().backward()).isInstanceOf(StateException.class)
                .hasMessage("checkpoint: segment ran other operators when it was computed again; got "
                        + "Pointwise1[kind=TANH] at position 1; expected Pointwise1[kind=SQUARE]; make it depend on "
                        + "nothing but its inputs, parameters and Rng.current()");
    }

    @Test
    void intermediateValuesAreGivenBackRightAfterTheForwardRun() {
        Tensor x = Tensors.of(1f, 2f).requiresGrad(true);
        Tensor[] intermediate = new Tensor[2];
        AtomicInteger runs = new AtomicInteger();
        try (TensorScope scope = TensorScope.open()) {
            Tensor hidden = x.mul(2.0);
            Tensor y = Checkpoint.run(in -> {
                Tensor made = in.exp();
                intermediate[runs.getAndIncrement()] = made;
                return made.square();
            }, hidden);
            assertThat(intermediate[0].storage().isReleased()).isTrue();
            assertThat(y.storage().isReleased()).isFalse();
            y.sum().backward();
            assertThat(intermediate[1].storage().isReleased()).isTrue();
            assertThat(TensorAccess.get().holders(hidden)).as("only the scope").isEqualTo(1);
        }
        assertThat(x.grad().at(0)).isCloseTo(4 * StrictMath.exp(4), within(1e-3));
    }

    @Test
    void withoutRecordingItJustRuns() {
        Tensor x = doubles(2);
        assertThat(Autograd.noGrad(() -> Checkpoint.run(Tensor::square, x)).requiresGrad()).isFalse();
    }
}

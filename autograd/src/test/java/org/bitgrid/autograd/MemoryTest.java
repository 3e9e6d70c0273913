package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Interceptor;
import org.bitgrid.tensor.spi.TensorAccess;
import org.junit.jupiter.api.Test;

/** Who holds what after a step. Released arrays are filled with NaN in tests, so that a holder too few shows. */
class MemoryTest {
    /** Notes every tensor with memory of its own that an operator makes on this thread. */
    private static final class Ledger implements Interceptor {
        final List<Tensor> made = new ArrayList<>();

        @Override
        public Tensor[] intercept(Op op, Tensor[] inputs, Chain chain) {
            Tensor[] outputs = chain.proceed(op, inputs);
            for (Tensor output : outputs) {
                if (Arrays.stream(inputs).noneMatch(input -> input.storage() == output.storage())) {
                    made.add(output);
                }
            }
            return outputs;
        }

        long alive() {
            return made.stream().map(Tensor::storage).distinct().filter(storage -> !storage.isReleased()).count();
        }
    }

    private static Tensor loss(Tensor x, Tensor w1, Tensor w2) {
        Tensor hidden = x.matmul(w1).tanh();
        return hidden.add(hidden.mul(hidden)).matmul(w2).sigmoid().square().mean();
    }

    private final Rng rng = new Rng(1);
    private final Tensor x = Tensors.randn(rng, 8, 5);
    private final Tensor w1 = Tensors.randn(rng, 5, 6).requiresGrad(true);
    private final Tensor w2 = Tensors.randn(rng, 6, 2).requiresGrad(true);

    @Test
    void whatTheEngineMakesGoesBackWithoutAnyScope() {
        Tensor loss = loss(x, w1, w2);
        Ledger ledger = new Ledger();
        try (Dispatch.Scope watch = Dispatch.intercept(ledger)) {
            loss.backward();
        }
        assertThat(ledger.made).hasSizeGreaterThan(10);
        assertThat(ledger.alive()).as("the gradients of the two leaves").isEqualTo(2);
    }

    @Test
    void afterAStepInAScopeOnlyTheLeavesGradientsRemain() {
        Ledger ledger = new Ledger();
        try (Dispatch.Scope watch = Dispatch.intercept(ledger)) {
            for (int step = 0; step < 3; step++) {
                try (TensorScope scope = TensorScope.open()) {
                    loss(x, w1, w2).backward();
                }
                assertThat(ledger.alive()).isEqualTo(2);
                assertThat(w1.grad().at(0, 0)).isFinite();
            }
            w1.setGrad(null);
            try (TensorScope scope = TensorScope.open()) {
                w2.grad();
            }
            w2.setGrad(null);
        }
    }

    @Test
    void forgottenGradientsGoBackToThePool() {
        try (TensorScope scope = TensorScope.open()) {
            loss(x, w1, w2).backward();
        }
        Tensor seen;
        try (TensorScope scope = TensorScope.open()) {
            seen = w1.grad();
            w1.setGrad(null);
            assertThat(seen.at(0, 0)).isFinite();
        }
        assertThat(seen.storage().isReleased()).isTrue();
    }

    @Test
    void gradientsAskedForBelongToTheScopeAroundTheCall() {
        Tensor[] grads;
        try (TensorScope scope = TensorScope.open()) {
            grads = Autograd.grad(loss(x, w1, w2), w1, w2);
            for (Tensor grad : grads) {
                assertThat(TensorAccess.get().holders(grad)).isEqualTo(1);
                assertThat(grad.toFloatArray()).doesNotContain(Float.NaN);
            }
        }
        for (Tensor grad : grads) {
            assertThat(grad.storage().isReleased()).isTrue();
        }
        assertThat(Autograd.grad(loss(x, w1, w2), w1)[0].toFloatArray()).doesNotContain(Float.NaN);
    }

    @Test
    void whatTheGraphSavedOutlivesTheScopeAndGoesBackWhenItWasRead() {
        Tensor loss;
        Ledger ledger = new Ledger();
        try (Dispatch.Scope watch = Dispatch.intercept(ledger); TensorScope scope = TensorScope.open()) {
            loss = scope.keep(loss(x, w1, w2));
        }
        assertThat(ledger.alive()).isGreaterThan(1);
        loss.backward();
        assertThat(ledger.alive()).as("the loss").isEqualTo(1);
        float[] late = w1.grad().toFloatArray();
        w1.setGrad(null);
        loss(x, w1, w2).backward();
        assertThat(w1.grad().toFloatArray()).containsExactly(late);
    }

    @Test
    void anErrorOnTheWayGivesEverythingBack() {
        Ledger ledger = new Ledger();
        Tensor hidden = x.matmul(w1);
        GradHooks.onTensor(hidden, grad -> {
            throw new IllegalStateException("stop");
        });
        Tensor loss = hidden.tanh().matmul(w2).square().sum();
        try (Dispatch.Scope watch = Dispatch.intercept(ledger); TensorScope scope = TensorScope.open()) {
            assertThat(catchThrowable(loss::backward)).hasMessage("stop");
        }
        assertThat(ledger.alive()).as("the gradient of w2 if it came first").isLessThanOrEqualTo(1);
        assertThat(Dispatch.isGradEnabled()).isTrue();
        assertThat(TensorScope.current()).isNull();
    }

    @Test
    void aSecondOrderStepLeavesNothingBehindEither() {
        Ledger ledger = new Ledger();
        try (Dispatch.Scope watch = Dispatch.intercept(ledger); TensorScope scope = TensorScope.open()) {
            Tensor slope = Autograd.grad(List.of(loss(x, w1, w2)), List.of(w1),
                    GradOptions.DEFAULT.withCreateGraph())[0];
            slope.square().sum().backward();
            assertThat(w2.grad().toFloatArray()).doesNotContain(Float.NaN);
        }
        assertThat(w1.grad().toFloatArray()).doesNotContain(Float.NaN);
    }
}

package org.bitgrid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Pointwise2;
import org.junit.jupiter.api.Test;

/** What is put off gives the same bits as what is not, whoever looks and whatever changes in between. */
class FusionTest {
    private static final BatchNorm NORM = new BatchNorm(true, true, true, 0.1, 1e-5);

    private final Rng rng = new Rng(5);
    private final Tensor x = Tensors.randn(rng, 6, 25, 7, 13);
    private final Tensor grad = Tensors.randn(rng, 6, 25, 7, 13);
    private final Tensor weight = Tensors.randn(rng, 25);
    private final Tensor bias = Tensors.randn(rng, 25);
    private final Tensor mean = Tensors.zeros(25);
    private final Tensor variance = Tensors.ones(25);

    private Tensor norm() {
        return Dispatch.applyAll(NORM, x, weight, bias, mean, variance)[0];
    }

    private Tensor[] gradients(Tensor output) {
        Tensor[] all = Dispatch.applyAll(NORM, x, weight, bias, mean, variance);
        Tensor gated = Pointwise2.Kind.RELU_GRAD.apply(grad, output);
        return Dispatch.applyAll(new BatchNorm.InputGrad(true), gated, x, all[1], all[2], weight);
    }

    private static <T> T unfused(Supplier<T> action) {
        boolean before = Fusion.setEnabled(false);
        try {
            return action.get();
        } finally {
            Fusion.setEnabled(before);
        }
    }

    private static boolean isPending(Tensor tensor) {
        return ((Storage.Floats) tensor.storage()).pending() != null;
    }

    @Test
    void reluOfBatchNormHasTheSameBits() {
        float[] expected = unfused(() -> norm().relu().toFloatArray());
        Tensor between = norm();
        assertThat(isPending(between)).isTrue();
        Tensor relu = between.relu();
        assertThat(isPending(between)).as("nobody looked").isTrue();
        assertThat(relu.toFloatArray()).isEqualTo(expected);
        assertThat(between.toFloatArray()).isEqualTo(unfused(() -> norm().toFloatArray()));
        assertThat(isPending(between)).isFalse();
        assertThat(between.relu().toFloatArray()).isEqualTo(expected);
    }

    @Test
    void gradientThroughBothHasTheSameBits() {
        Tensor output = unfused(() -> norm().relu());
        Tensor[] expected = unfused(() -> gradients(output));
        Tensor[] fused = gradients(output);
        for (int i = 0; i < expected.length; i++) {
            assertThat(fused[i].toFloatArray()).isEqualTo(expected[i].toFloatArray());
        }
        Tensor gated = Pointwise2.Kind.RELU_GRAD.apply(grad, output);
        assertThat(isPending(gated)).isTrue();
        assertThat(gated.toFloatArray())
                .isEqualTo(unfused(() -> Pointwise2.Kind.RELU_GRAD.apply(grad, output).toFloatArray()));
    }

    @Test
    void evaluationIsFusedToo() {
        BatchNorm norm = new BatchNorm(false, true, true, 0.1, 1e-5);
        Supplier<float[]> run = () -> Dispatch.applyAll(norm, x, weight, bias, mean, variance)[0].relu().toFloatArray();
        assertThat(run.get()).isEqualTo(unfused(run));
    }

    @Test
    void changingWhatIsStillToBeReadComputesFirst() {
        float[] expected = unfused(() -> norm().toFloatArray());
        Tensor between = norm();
        AddInPlace.apply(x, 1, grad);
        assertThat(isPending(between)).isFalse();
        assertThat(between.toFloatArray()).isEqualTo(expected);
    }

    @Test
    void viewsAndOtherConsumersSeeTheElements() {
        List<float[]> expected = unfused(() -> List.of(norm().slice(1, 3, 5).relu().toFloatArray(),
                norm().add(1.0).toFloatArray(), norm().transpose(1, 2).relu().toFloatArray()));
        assertThat(norm().slice(1, 3, 5).relu().toFloatArray()).isEqualTo(expected.get(0));
        assertThat(norm().add(1.0).toFloatArray()).isEqualTo(expected.get(1));
        assertThat(norm().transpose(1, 2).relu().toFloatArray()).isEqualTo(expected.get(2));
    }

    @Test
    void scopesReleaseWhatNobodyLookedAt() {
        float[] expected = unfused(() -> norm().toFloatArray());
        Tensor kept;
        Tensor dropped;
        Tensor source;
        try (TensorScope scope = TensorScope.open()) {
            source = x.add(0.0);
            dropped = Dispatch.applyAll(NORM, source, weight, bias, mean, variance)[0];
            kept = scope.keep(norm());
        }
        assertThat(dropped.storage().isReleased()).isTrue();
        assertThat(source.storage().isReleased()).isTrue();
        assertThat(kept.toFloatArray()).isEqualTo(expected);
    }

    @Test
    void keptResultOutlivesWhatItReads() {
        float[] expected = unfused(() -> norm().toFloatArray());
        Tensor kept;
        try (TensorScope scope = TensorScope.open()) {
            Tensor source = x.add(0.0);
            kept = scope.keep(Dispatch.applyAll(NORM, source, weight, bias, mean, variance)[0]);
        }
        assertThat(isPending(kept)).isTrue();
        assertThat(kept.toFloatArray()).isEqualTo(expected);
    }
}

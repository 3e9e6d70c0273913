package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Interceptor;
import org.bitgrid.tensor.spi.TensorAccess;
import org.junit.jupiter.api.Test;

/** Memory of a small convolutional network's training step: who holds how much, and when. */
class ConvNetMemoryTest {
    /** Keeps account of the bytes that are alive after every operator. */
    private static final class Account implements Interceptor {
        final Set<Storage> storages = Collections.newSetFromMap(new IdentityHashMap<>());
        final Set<Storage> before = Collections.newSetFromMap(new IdentityHashMap<>());
        long peak;

        @Override
        public Tensor[] intercept(Op op, Tensor[] inputs, Chain chain) {
            Tensor[] outputs = chain.proceed(op, inputs);
            Arrays.stream(inputs).map(Tensor::storage).filter(each -> !storages.contains(each)).forEach(before::add);
            Arrays.stream(outputs).map(Tensor::storage).filter(each -> !before.contains(each)).forEach(storages::add);
            peak = Math.max(peak, alive());
            return outputs;
        }

        long alive() {
            return storages.stream().filter(each -> !each.isReleased())
                    .mapToLong(each -> (long) each.length() * each.dtype().byteSize()).sum();
        }
    }

    private static final int BATCH = 4;

    private final Rng rng = new Rng(3);
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tensor conv = parameter(6, 1, 3, 3);
    private final Tensor scale = parameter(6);
    private final Tensor shift = parameter(6);
    private final Tensor conv2 = parameter(8, 6, 3, 3);
    private final Tensor weight = parameter(10, 8 * 7 * 7);
    private final Tensor bias = parameter(10);
    private final Tensor images = Tensors.rand(rng, BATCH, 1, 28, 28);
    private final Tensor labels = Tensors.of(new long[] {3, 1, 4, 1}, BATCH);
    private Tensor runningMean = Tensors.zeros(6);
    private Tensor runningVariance = Tensors.ones(6);

    private Tensor parameter(int... dims) {
        Tensor tensor = Tensors.randn(rng, dims).mul(0.1).detach().requiresGrad(true);
        parameters.add(tensor);
        return tensor;
    }

    private Tensor loss() {
        Tensor[] normal = images.conv2d(conv, null, 1, 1, 1, 1)
                .batchNormTraining(runningMean, runningVariance, scale, shift, 0.1, 1e-5);
        hold(normal[3].detach(), normal[4].detach());
        Tensor pooled = normal[0].relu().maxPool2d(2);
        Tensor features = pooled.conv2d(conv2, null, 1, 1, 1, 1).relu().maxPool2d(2).flatten(1);
        return features.linear(weight, bias).crossEntropy(labels);
    }

    /** Running statistics outlive the step's scope. */
    private void hold(Tensor mean, Tensor variance) {
        TensorAccess.get().retain(mean);
        TensorAccess.get().retain(variance);
        TensorAccess.get().release(runningMean);
        TensorAccess.get().release(runningVariance);
        runningMean = mean;
        runningVariance = variance;
    }

    private static long bytes(List<Tensor> tensors) {
        return tensors.stream().mapToLong(each -> each.numel() * each.dtype().byteSize()).sum();
    }

    @Test
    void onlyGradientsAndRunningStatisticsOutliveAStep() {
        Account account = new Account();
        List<Double> losses = new ArrayList<>();
        long held = bytes(parameters) + bytes(List.of(runningMean, runningVariance));
        try (Dispatch.Scope watch = Dispatch.intercept(account)) {
            for (int step = 0; step < 3; step++) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor loss = loss();
                    losses.add(loss.item());
                    loss.backward();
                }
                assertThat(account.alive()).as("after step %d", step).isEqualTo(held);
                try (Dispatch.Scope off = Autograd.noGrad(); TensorScope scope = TensorScope.open()) {
                    for (Tensor each : parameters) {
                        each.addInPlace(each.grad().mul(-0.1));
                        each.setGrad(null);
                    }
                }
                assertThat(account.alive()).isEqualTo(bytes(List.of(runningMean, runningVariance)));
            }
        }
        assertThat(losses.get(2)).isLessThan(losses.get(0));
    }

    @Test
    void backwardGivesActivationsBackAsItGoes() {
        Account forward = new Account();
        Tensor loss;
        try (Dispatch.Scope watch = Dispatch.intercept(forward); TensorScope scope = TensorScope.open()) {
            loss = scope.keep(loss());
        }
        long kept = forward.alive();
        Account backward = new Account();
        try (Dispatch.Scope watch = Dispatch.intercept(backward)) {
            loss.backward();
        }
        assertThat(forward.alive()).as("the loss and the running statistics").isEqualTo(4 + 2 * 6 * 4);
        assertThat(kept).isGreaterThan(BATCH * 6 * 28 * 28 * 4L);
        assertThat(backward.alive()).as("the gradients").isEqualTo(bytes(parameters));
        // Never more than the gradients of the parameters and a few of the largest activation's size at a time.
        assertThat(backward.peak).isLessThan(bytes(parameters) + 4L * BATCH * 6 * 28 * 28 * 4);
    }

    @Test
    void checkpointsTradeTimeForMemory() {
        Tensor x = Tensors.randn(rng, 64, 64);
        Tensor start = parameter(64, 64);
        long plain = keptByForward(x.matmul(start), false);
        long checkpointed = keptByForward(x.matmul(start), true);
        assertThat(checkpointed).isLessThan(plain / 3);
    }

    private static long keptByForward(Tensor input, boolean checkpoint) {
        Account account = new Account();
        try (Dispatch.Scope watch = Dispatch.intercept(account); TensorScope scope = TensorScope.open()) {
            Tensor y = input;
            for (int i = 0; i < 4; i++) {
                y = checkpoint ? Checkpoint.run(ConvNetMemoryTest::segment, y) : segment(y);
            }
            scope.keep(y);
        }
        return account.alive();
    }

    private static Tensor segment(Tensor x) {
        Tensor y = x;
        for (int i = 0; i < 5; i++) {
            y = y.tanh();
        }
        return y;
    }
}

package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** How much memory a training step of the quickstart asks for. */
class TrainingAllocationTest {
    private static final int BATCH = 32;
    private static final int WARM_UPS = 30;
    private static final int MEASURED = 30;

    private final QuickstartNetwork model = new QuickstartNetwork();
    private final CrossEntropyLoss lossFunction = new CrossEntropyLoss();
    private final Adam optimizer = new Adam(model.parameters(), 1e-4);
    private final Tensor images = Tensors.rand(new Rng(1), BATCH, 1, 28, 28);
    private final Tensor labels = Tensors.of(new long[BATCH], BATCH);

    private void step() {
        lossFunction.call(model.call(images), labels).backward();
        optimizer.step();
        optimizer.zeroGrad();
    }

    private void stepInScope() {
        try (TensorScope scope = TensorScope.open()) {
            step();
        }
    }

    /** Bytes allocated by all threads. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).filter(b -> b > 0).sum();
    }

    private static long allocatedBy(Runnable action) {
        long before = allocated();
        action.run();
        return allocated() - before;
    }

    /** Loops that are not compiled yet put each of their vectors on the heap; the least of many steps is without. */
    private static long leastAllocatedBy(Runnable action) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MEASURED; i++) {
            least = Math.min(least, allocatedBy(action));
        }
        return least;
    }

    /** Bytes of all storages that operators made during one step: outputs and gradients. */
    private long outputBytes() {
        Set<Storage> known = Collections.newSetFromMap(new IdentityHashMap<>());
        long[] bytes = new long[1];
        try (Dispatch.Scope scope = Dispatch.intercept((op, inputs, chain) -> {
            Arrays.stream(inputs).forEach(input -> known.add(input.storage()));
            Tensor[] outputs = chain.proceed(op, inputs);
            for (Tensor output : outputs) {
                if (known.add(output.storage())) {
                    bytes[0] += (long) output.storage().length() * output.dtype().byteSize();
                }
            }
            return outputs;
        })) {
            step();
        }
        return bytes[0];
    }

    @Test
    void allocatesLittleMoreThanItsOutputsAndAlmostNothingInAScope() {
        GoldenData.assumeFastConvolution();
        for (int i = 0; i < WARM_UPS; i++) {
            step();
            stepInScope();
        }
        long outputs = outputBytes();
        long free = leastAllocatedBy(this::step);
        long scoped = leastAllocatedBy(this::stepInScope);
        System.out.printf("allocated bytes per training step of %d images: %,d without scope (operator outputs and "
                + "gradients: %,d), %,d inside a TensorScope%n", BATCH, free, outputs, scoped);
        assertThat(free).isLessThanOrEqualTo(outputs * 3 / 2);
        assertThat(scoped).isLessThan(1 << 20);
    }
}

package org.bitgrid.tensor.op;

import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.testing.BackendReferenceTest;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Variants;
import org.bitgrid.testing.Variants.Variant;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operator on the CPU backend; and the same bits for any number of threads. */
class OpReferenceTest extends BackendReferenceTest {
    @Override
    protected Device device() {
        return Device.CPU;
    }

    @Override
    protected Tensor[] move(Tensor... tensors) {
        return tensors;
    }

    @Override
    protected Tensor[] back(Tensor... tensors) {
        return tensors;
    }

    @TestFactory
    Stream<DynamicTest> threadsDoNotMatter() {
        return OpSamples.tests(sample -> {
            for (Variant variant : Variants.longer(sample.inputs(), 1301, 40_000)) {
                if (Variants.accepted(sample.op(), variant.inputs())) {
                    sameOnThreads(sample, variant);
                }
            }
        });
    }

    private static void sameOnThreads(OpSample sample, Variant variant) {
        int before = Parallel.threads();
        try {
            Function<Integer, Tensor[]> run = threads -> {
                Parallel.setThreads(threads);
                return sample.run(variant.inputs());
            };
            if (failure(() -> run.apply(1)) != null) {
                return;
            }
            Tensor[] alone = run.apply(1);
            Tensor[] together = run.apply(3);
            for (int i = 0; i < alone.length; i++) {
                Near.same(sample.name() + ", " + variant.name(), together[i], alone[i]);
            }
        } finally {
            Parallel.setThreads(before);
        }
    }
}

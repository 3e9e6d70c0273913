package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.testing.Guarded;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Variants;
import org.bitgrid.testing.Variants.Variant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operator on the CPU backend against its definition in double precision, for inputs of many forms. */
class OpReferenceTest {
    private static final AtomicInteger TAKEN = new AtomicInteger();
    private static final AtomicInteger REFUSED = new AtomicInteger();

    @AfterAll
    static void count() {
        System.out.println("other shapes of samples: " + TAKEN + " computed, " + REFUSED
                + " that the operator does not take");
    }

    @TestFactory
    Stream<DynamicTest> cpuAgreesWithTheDefinition() {
        return OpSamples.tests(sample -> {
            Tensor[] inputs = sample.inputs();
            sample.check(sample.name(), sample.magnitude(), inputs, sample.run(inputs));
        });
    }

    @TestFactory
    Stream<DynamicTest> emptyInputs() {
        return OpSamples.tests(sample -> compareAll(sample, Variants.empty(sample.inputs())));
    }

    @TestFactory
    Stream<DynamicTest> broadcastInputs() {
        return OpSamples.tests(sample -> compareAll(sample, Variants.broadcast(sample.inputs())));
    }

    @TestFactory
    Stream<DynamicTest> longInputs() {
        return OpSamples.tests(sample -> {
            compareAll(sample, Variants.longer(sample.inputs(), 37, 4000));
            compareAll(sample, Variants.longer(sample.inputs(), 261, 10_000));
        });
    }

    private static void compareAll(OpSample sample, List<Variant> variants) {
        for (Variant variant : variants) {
            String what = sample.name() + ", " + variant.name();
            if (!Variants.accepted(sample.op(), variant.inputs())) {
                REFUSED.incrementAndGet();
                continue;
            }
            TAKEN.incrementAndGet();
            BitgridException refused = failure(() -> sample.expected(variant.inputs()));
            if (refused != null) {
                assertThat(failure(() -> sample.run(variant.inputs()))).as(what).isNotNull()
                        .hasSameClassAs(refused).hasMessage(refused.getMessage());
                continue;
            }
            sample.check(what, sample.magnitude().within(variant.inputs()), variant.inputs(),
                    sample.run(variant.inputs()));
        }
    }

    /** What the definition or a kernel says to values that no shape rule can see. */
    private static BitgridException failure(Runnable run) {
        try {
            run.run();
            return null;
        } catch (BitgridException refused) {
            return refused;
        }
    }

    @TestFactory
    Stream<DynamicTest> transposedInputs() {
        return layouts(Guarded::transposed);
    }

    @TestFactory
    Stream<DynamicTest> inputsInEverySecondPlace() {
        return layouts(Guarded::stepped);
    }

    @TestFactory
    Stream<DynamicTest> inputsInTheMiddleOfABuffer() {
        return layouts(Guarded::offset);
    }

    /** Elements that are the same through a stride of 0. */
    @TestFactory
    Stream<DynamicTest> expandedInputs() {
        return layouts(tensor -> tensor.rank() == 0 || tensor.numel() == 0 ? tensor
                : tensor.narrow(0, 0, 1).expand(tensor.shape().toArray()));
    }

    private static Stream<DynamicTest> layouts(UnaryOperator<Tensor> other) {
        return OpSamples.tests(sample -> {
            Tensor[] inputs = Arrays.stream(sample.inputs()).map(other).toArray(Tensor[]::new);
            Tensor[] outputs;
            try {
                outputs = Dispatch.applyAll(sample.op(), inputs);
            } catch (ShapeException refused) {
                boolean explained = refused.getMessage().contains("cannot change a tensor in place through a view");
                if (!sample.op().mutates().isEmpty() && explained || refused.getMessage().startsWith("view:")) {
                    return; // neither can be done without a copy
                }
                throw refused;
            }
            Tensor[] fresh = Arrays.stream(sample.inputs()).map(other).toArray(Tensor[]::new);
            sample.check(sample.name(), sample.magnitude().within(fresh), fresh, outputs);
        });
    }

    /** Outputs are filled to the last element and not beyond, whatever was in them. */
    @TestFactory
    Stream<DynamicTest> guardedBuffers() {
        return OpSamples.tests(sample -> {
            Op op = sample.op();
            Tensor[] inputs = Arrays.stream(sample.inputs()).map(Guarded::offset).toArray(Tensor[]::new);
            Kernel kernel = inputs.length == 0 || op instanceof ViewOp ? null
                    : Dispatch.backend(Device.CPU).kernel(op, inputs);
            if (kernel == null) {
                return; // a view, or made of others
            }
            List<TensorSpec> specs = op.infer(Variants.specs(inputs));
            Tensor[] outputs = new Tensor[specs.size()];
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = i < op.mutates().size() ? inputs[op.mutates().get(i)] : Guarded.output(specs.get(i));
            }
            kernel.run(op, inputs, outputs);
            for (Tensor each : inputs) {
                Guarded.checkGuards(sample.name(), each);
            }
            for (Tensor each : outputs) {
                Guarded.checkGuards(sample.name(), each);
            }
            sample.check(sample.name(), sample.magnitude().within(inputs), sample.inputs(), outputs);
        });
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

package org.bitgrid.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.testing.Variants.Variant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operator on one backend against its definition in double precision, for inputs of many forms. */
public abstract class BackendReferenceTest {
    private static final AtomicInteger TAKEN = new AtomicInteger();
    private static final AtomicInteger REFUSED = new AtomicInteger();

    @AfterAll
    static void count() {
        System.out.println("other shapes of samples: " + TAKEN.getAndSet(0) + " computed, " + REFUSED.getAndSet(0)
                + " that the operator does not take");
    }

    /** Where the operators run. */
    protected abstract Device device();

    /** The same tensors there: same layouts in whole storages, with what lies around the elements. */
    protected abstract Tensor[] move(Tensor... tensors);

    /** The same tensors in main memory. */
    protected abstract Tensor[] back(Tensor... tensors);

    /** Called at the start of each test; may skip it. */
    protected void begin() {
        // nothing to prepare
    }

    /** Called with the kernel that was found for a sample. */
    protected void found(Op op, Kernel kernel) {
        // of no interest
    }

    private Stream<DynamicTest> tests(Consumer<OpSample> test) {
        return OpSamples.tests(sample -> {
            begin();
            test.accept(sample);
        });
    }

    private Tensor[] run(OpSample sample, Tensor[] inputs) {
        Tensor[] own = sample.op().mutates().isEmpty() ? inputs : Inputs.copies(inputs);
        return back(Dispatch.applyAll(sample.op(), move(own)));
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheDefinition() {
        return tests(sample -> {
            Tensor[] inputs = sample.inputs();
            sample.check(sample.name(), sample.magnitude(), inputs, run(sample, inputs));
        });
    }

    @TestFactory
    Stream<DynamicTest> emptyInputs() {
        return tests(sample -> compareAll(sample, Variants.empty(sample.inputs())));
    }

    @TestFactory
    Stream<DynamicTest> broadcastInputs() {
        return tests(sample -> compareAll(sample, Variants.broadcast(sample.inputs())));
    }

    @TestFactory
    Stream<DynamicTest> longInputs() {
        return tests(sample -> {
            compareAll(sample, Variants.longer(sample.inputs(), 37, 4000));
            compareAll(sample, Variants.longer(sample.inputs(), 261, 10_000));
        });
    }

    private void compareAll(OpSample sample, List<Variant> variants) {
        for (Variant variant : variants) {
            String what = sample.name() + ", " + variant.name();
            if (!Variants.accepted(sample.op(), variant.inputs())) {
                REFUSED.incrementAndGet();
                continue;
            }
            TAKEN.incrementAndGet();
            BitgridException refused = failure(() -> sample.expected(variant.inputs()));
            if (refused != null) {
                assertThat(failure(() -> run(sample, variant.inputs()))).as(what).isNotNull()
                        .hasSameClassAs(refused).hasMessage(refused.getMessage());
                continue;
            }
            sample.check(what, sample.magnitude().within(variant.inputs()), variant.inputs(),
                    run(sample, variant.inputs()));
        }
    }

    /** What the definition or a kernel says to values that no shape rule can see. */
    protected static BitgridException failure(Runnable run) {
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

    private Stream<DynamicTest> layouts(UnaryOperator<Tensor> other) {
        return tests(sample -> {
            Tensor[] inputs = Arrays.stream(sample.inputs()).map(other).toArray(Tensor[]::new);
            Tensor[] outputs;
            try {
                outputs = back(Dispatch.applyAll(sample.op(), move(inputs)));
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
        return tests(sample -> {
            Op op = sample.op();
            Tensor[] inputs = move(Arrays.stream(sample.inputs()).map(Guarded::offset).toArray(Tensor[]::new));
            Kernel kernel = inputs.length == 0 || op instanceof ViewOp ? null
                    : Dispatch.backend(device()).kernel(op, inputs);
            if (kernel == null) {
                return; // a view, or made of others
            }
            found(op, kernel);
            List<TensorSpec> specs = op.infer(Variants.specs(inputs));
            Tensor[] outputs = new Tensor[specs.size()];
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = i < op.mutates().size() ? inputs[op.mutates().get(i)]
                        : move(Guarded.output(specs.get(i)))[0];
            }
            kernel.run(op, inputs, outputs);
            for (Tensor each : back(inputs)) {
                Guarded.checkGuards(sample.name(), each);
            }
            Tensor[] results = back(outputs);
            for (Tensor each : results) {
                Guarded.checkGuards(sample.name(), each);
            }
            sample.check(sample.name(), sample.magnitude().within(inputs), sample.inputs(), results);
        });
    }
}

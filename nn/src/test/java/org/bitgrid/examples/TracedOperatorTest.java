package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Randomized;
import org.bitgrid.testing.Inputs;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Variants;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Traces every operator inside of a module and runs the graph: the result has the bits of the module's own. */
class TracedOperatorTest {
    private static final class OneOperator extends Module {
        private final Op op;

        OneOperator(Op op) {
            this.op = op;
        }

        @Override
        protected Tensor[] forwardAll(Tensor... inputs) {
            return new Tensor[] {Dispatch.functionAll(op, inputs)[0]};
        }
    }

    @TestFactory
    Stream<DynamicTest> tracedAsRunEagerly() {
        List<OpSample> samples = OpSamples.all().stream().filter(sample -> sample.inputs().length > 0).toList();
        System.out.println("operator samples that are traced: " + samples.size());
        return samples.stream().map(sample -> DynamicTest.dynamicTest(sample.name(), () -> check(sample)));
    }

    private static void check(OpSample sample) {
        Tensor[] inputs = sample.inputs();
        GraphModule graph = new Tracer().trace(new OneOperator(sample.op()), inputs);
        assertThat(graph.graph().nodes()).as(sample.name()).hasSizeGreaterThanOrEqualTo(inputs.length + 2);
        Tensor traced = graph.call(Inputs.copies(inputs));
        if (sample.op() instanceof Randomized) {
            assertThat(traced.spec()).isEqualTo(sample.run(inputs)[0].spec()); // drawn anew at each run
            return;
        }
        Near.same(sample.name(), traced, sample.run(inputs)[0]);
    }

    /** The same graph for another batch size, where the operator works for any. */
    @TestFactory
    Stream<DynamicTest> tracedForAnyBatchSize() {
        return OpSamples.all().stream().filter(sample -> twice(sample) != null).map(sample -> DynamicTest.dynamicTest(
                sample.name(), () -> {
                    Tensor[] doubled = twice(sample);
                    GraphModule graph = new Tracer().trace(new OneOperator(sample.op()), sample.inputs());
                    Near.same(sample.name(), graph.call(Inputs.copies(doubled)), sample.run(doubled)[0]);
                }));
    }

    /** Inputs with a batch twice as large, or null when the operator does not take them. */
    private static Tensor[] twice(OpSample sample) {
        Tensor[] inputs = sample.inputs();
        if (inputs.length == 0 || sample.op() instanceof Randomized || inputs[0].rank() < 2) {
            return null;
        }
        int batch = inputs[0].size(0);
        Tensor[] doubled = Arrays.stream(inputs).map(each -> each.rank() > 0 && each.size(0) == batch
                ? Tensors.cat(List.of(each, each), 0) : each).toArray(Tensor[]::new);
        try {
            sample.run(doubled);
            return Variants.accepted(sample.op(), doubled) ? doubled : null;
        } catch (BitgridException fixedSize) {
            return null; // values that do not fit, which a shape rule cannot see
        }
    }
}

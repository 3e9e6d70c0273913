package org.bitgrid.quant.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every line of the table, in a small module that onnxruntime and this library run on the same numbers. */
class OnnxOpsTest {
    /** A module of one expression. */
    private static final class Expression extends Module {
        private final Function<Tensor[], Tensor[]> expression;

        Expression(Function<Tensor[], Tensor[]> expression) {
            this.expression = expression;
        }

        @Override
        protected Tensor[] forwardAll(Tensor... inputs) {
            return expression.apply(inputs);
        }
    }

    @TestFactory
    Stream<DynamicTest> agreesWithOnnxruntime() {
        List<OnnxSamples.Sample> samples = OnnxSamples.all();
        System.out.println("onnx operators: " + samples.size() + " cases");
        return samples.stream().map(sample -> DynamicTest.dynamicTest(sample.name(), () -> check(sample)));
    }

    private static void check(OnnxSamples.Sample sample) {
        Module module = sample.module() != null ? sample.module() : new Expression(sample.expression());
        module.eval();
        OnnxExport export = new OnnxWriter().write(module, sample.inputs(3));
        try (OnnxRuntime runtime = OnnxRuntime.of(export.model())) {
            for (int batch : sample.batches()) {
                Tensor[] inputs = sample.inputs(batch);
                Tensor[] expected = module.callWith(List.<Object>of((Object[]) inputs));
                List<Tensor> outputs = runtime.run(inputs);
                assertThat(outputs).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    compare(outputs.get(i), expected[i], sample.tolerance());
                }
            }
        }
    }

    static void compare(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.dtype()).isEqualTo(expected.dtype());
        double[] left = actual.toDoubleArray();
        double[] right = expected.toDoubleArray();
        for (int i = 0; i < left.length; i++) {
            double allowed = tolerance * Math.max(1, Math.abs(right[i]));
            assertThat(Double.compare(left[i], right[i]) == 0 || Math.abs(left[i] - right[i]) <= allowed)
                    .as("element %d: %s, expected %s", i, left[i], right[i]).isTrue();
        }
    }

    /** A line without a sample would be a claim that nothing checks. */
    @Test
    void everyLineHasASample() {
        Set<String> seen = new TreeSet<>();
        for (OnnxSamples.Sample sample : OnnxSamples.all()) {
            Module module = sample.module() != null ? sample.module() : new Expression(sample.expression());
            module.eval();
            List<Op> ops = new ArrayList<>();
            try (var scope = Dispatch.intercept((op, inputs, chain) -> {
                ops.add(op);
                return chain.proceed(op, inputs);
            })) {
                module.callWith(List.<Object>of((Object[]) sample.inputs(2)));
            }
            ops.forEach(op -> seen.add(OnnxOps.name(op)));
        }
        seen.add("SecondName"); // has no call of its own; see OnnxWriterTest
        assertThat(seen).containsAll(OnnxOps.names());
    }
}

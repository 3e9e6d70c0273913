package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.junit.jupiter.api.DynamicTest;

/**
 * The table of operators: what every test that holds for all of them runs over. One entry for each operator at least,
 * more where attributes change what is computed; {@code OpCoverageTest} fails for an operator without.
 */
public final class OpSamples {
    private static final List<OpSample> ALL = collect();

    private OpSamples() {
    }

    private static List<OpSample> collect() {
        List<OpSample> samples = new ArrayList<>();
        samples.addAll(PointwiseSamples.all());
        samples.addAll(ActivationSamples.all());
        samples.addAll(MatrixSamples.all());
        samples.addAll(SelectionSamples.all());
        samples.addAll(WindowSamples.all());
        samples.addAll(ReduceSamples.all());
        samples.addAll(ShapeSamples.all());
        samples.addAll(IndexSamples.all());
        samples.addAll(NnSamples.all());
        samples.addAll(NormSamples.all());
        samples.addAll(LossSamples.all());
        samples.addAll(OptimizerSamples.all());
        samples.addAll(QuantSamples.all());
        Set<String> names = new HashSet<>();
        for (OpSample sample : samples) {
            if (!names.add(sample.name())) {
                throw new IllegalStateException("two samples are called " + sample.name());
            }
        }
        return Collections.unmodifiableList(samples);
    }

    /** All samples, in a fixed order. */
    public static List<OpSample> all() {
        return ALL;
    }

    /**
     * K + c of {@link Near} for an operator with these inputs: its reduction length, and the most that one of its
     * samples declares. What is not in the table, such as operators defined elsewhere, gets {@code unknown} as c.
     */
    public static double roundings(Op op, List<TensorSpec> inputs, double unknown) {
        double extra = ALL.stream().filter(sample -> sample.op().getClass() == op.getClass())
                .mapToDouble(OpSample::extraRoundings).max().orElse(unknown);
        return Math.max(1, op.reductionLength(inputs)) + extra;
    }

    /** One dynamic test for each sample. */
    public static Stream<DynamicTest> tests(Consumer<OpSample> test) {
        return ALL.stream().map(sample -> DynamicTest.dynamicTest(sample.name(), () -> test.accept(sample)));
    }
}

package org.bitgrid.quant.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.Parallel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds for all analyzers, and for each of those that AIMET lacks. */
class AnalyzerTest {
    private static final long STEPS = 255;

    private static Stream<DynamicTest> forEachScheme(Consumer<QuantScheme> test) {
        return Stream.of(QuantScheme.values()).map(scheme -> DynamicTest.dynamicTest(scheme.toString(),
                () -> test.accept(scheme)));
    }

    private static EncodingAnalyzer scalar(QuantScheme scheme) {
        return EncodingAnalyzer.of(scheme, Shape.SCALAR);
    }

    private static Range after(EncodingAnalyzer analyzer, boolean symmetric, Tensor... batches) {
        for (Tensor batch : batches) {
            analyzer.update(batch);
        }
        return analyzer.computeEncodings(STEPS, symmetric);
    }

    private static void same(Range got, Range expected) {
        assertThat(got.min()).isEqualTo(expected.min());
        assertThat(got.max()).isEqualTo(expected.max());
    }

    @TestFactory
    Stream<DynamicTest> should_always_include_zero_and_have_width() {
        return forEachScheme(scheme -> {
            for (Tensor x : List.of(Tensors.of(3f, 4f), Tensors.of(-4f, -3f), Tensors.zeros(5), Tensors.of(2f))) {
                for (boolean symmetric : new boolean[] {false, true}) {
                    Range range = after(scalar(scheme), symmetric, x);
                    assertThat(range.min()[0]).isLessThanOrEqualTo(0);
                    assertThat(range.max()[0]).isGreaterThanOrEqualTo(0);
                    assertThat(range.max()[0] - range.min()[0]).isPositive();
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> should_centre_symmetric_ranges() {
        return forEachScheme(scheme -> {
            Range range = after(scalar(scheme), true, Tensors.randn(new Rng(1), 900).add(0.4));
            float delta = (range.max()[0] - range.min()[0]) / STEPS;
            assertThat(range.min()[0] / delta).isCloseTo(-128, within(1e-4f));
            assertThat(range.max()[0] / delta).isCloseTo(127, within(1e-4f));
        });
    }

    /** Statistics of parts with the same ends are added exactly, whichever way they come. */
    @TestFactory
    Stream<DynamicTest> should_merge_halves_to_what_one_pass_gives() {
        return forEachScheme(scheme -> {
            Tensor[] batches = new Tensor[6];
            for (int i = 0; i < batches.length; i++) {
                Tensor inner = Tensors.randn(new Rng(i), 500).clamp(-2.0, 2.0);
                batches[i] = Tensors.cat(List.of(inner, Tensors.of(-2f, 2f)), 0);
            }
            EncodingAnalyzer first = scalar(scheme);
            EncodingAnalyzer second = scalar(scheme);
            for (int i = 0; i < 3; i++) {
                first.update(batches[i]);
                second.update(batches[3 + i]);
            }
            first.merge(second);
            for (boolean symmetric : new boolean[] {false, true}) {
                same(first.computeEncodings(STEPS, symmetric), after(scalar(scheme), symmetric, batches));
            }
        });
    }

    /** Where ranges differ, a histogram that is distributed over other bins may be off by their width. */
    @TestFactory
    Stream<DynamicTest> should_merge_halves_of_different_range_to_within_a_bin() {
        return forEachScheme(scheme -> {
            Tensor narrow = Tensors.randn(new Rng(11), 4000);
            Tensor wide = Tensors.randn(new Rng(12), 4000).mul(1.3);
            EncodingAnalyzer first = scalar(scheme);
            EncodingAnalyzer second = scalar(scheme);
            first.update(narrow);
            second.update(wide);
            first.merge(second);
            Range merged = first.computeEncodings(STEPS, false);
            Range once = after(scalar(scheme), false, narrow, wide);
            float bin = (once.max()[0] - once.min()[0]) / 100; // the search for the best range has coarser steps
            assertThat(merged.min()[0]).isCloseTo(once.min()[0], within(bin));
            assertThat(merged.max()[0]).isCloseTo(once.max()[0], within(bin));
        });
    }

    @TestFactory
    Stream<DynamicTest> should_treat_each_channel_and_block_as_if_it_were_alone() {
        return forEachScheme(scheme -> {
            Tensor w = Tensors.randn(new Rng(3), 4, 6, 10);
            Tensor later = Tensors.randn(new Rng(13), 4, 6, 10);
            Range channels = after(EncodingAnalyzer.of(scheme, Shape.of(6, 1)), false, w, later);
            for (int c = 0; c < 6; c++) {
                Range alone = after(scalar(scheme), false, w.narrow(1, c, 1).contiguous(),
                        later.narrow(1, c, 1).contiguous());
                assertThat(channels.min()[c]).isEqualTo(alone.min()[0]);
                assertThat(channels.max()[c]).isEqualTo(alone.max()[0]);
            }
            Range blocks = after(EncodingAnalyzer.of(scheme, Shape.of(3, 2), List.of(2, 5)), true, w.select(0, 0));
            for (int b = 0; b < 6; b++) {
                Tensor block = w.select(0, 0).narrow(0, b / 2 * 2, 2).narrow(1, b % 2 * 5, 5).contiguous();
                Range alone = after(scalar(scheme), true, block);
                assertThat(blocks.max()[b]).isEqualTo(alone.max()[0]);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> should_not_depend_on_the_number_of_threads() {
        return forEachScheme(scheme -> {
            Tensor x = Tensors.randn(new Rng(4), 8, 9000);
            int before = Parallel.threads();
            try {
                Parallel.setThreads(1);
                Range alone = after(EncodingAnalyzer.of(scheme, Shape.of(8, 1)), false, x);
                Parallel.setThreads(3);
                same(after(EncodingAnalyzer.of(scheme, Shape.of(8, 1)), false, x), alone);
            } finally {
                Parallel.setThreads(before);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> should_forget_and_start_anew() {
        return forEachScheme(scheme -> {
            EncodingAnalyzer analyzer = scalar(scheme);
            analyzer.update(Tensors.of(-50f, Float.POSITIVE_INFINITY, 1f));
            analyzer.reset();
            assertThat(analyzer.isEmpty()).isTrue();
            assertThat(analyzer.nonFinite().isEmpty()).isTrue();
            Tensor x = Tensors.randn(new Rng(5), 100);
            same(after(analyzer, false, x), after(analyzer.fresh(), false, x));
        });
    }

    @TestFactory
    Stream<DynamicTest> should_count_what_is_not_finite() {
        return forEachScheme(scheme -> {
            EncodingAnalyzer analyzer = scalar(scheme);
            analyzer.update(Tensors.of(1f, Float.NaN, Float.NaN, Float.NEGATIVE_INFINITY));
            analyzer.update(Tensors.of(2f, Float.NaN));
            EncodingAnalyzer other = scalar(scheme);
            other.update(Tensors.of(0f, Float.POSITIVE_INFINITY));
            analyzer.merge(other);
            assertThat(analyzer.nonFinite()).hasToString("3 NaN, 2 infinite");
            Range range = analyzer.computeEncodings(STEPS, false);
            if (analyzer instanceof MinMaxAnalyzer) {
                assertThat(range.min()[0]).isNaN(); // as in AIMET; calibration warns of it
            } else {
                assertThat(range.max()[0]).isFinite();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> should_refuse_what_it_cannot_use() {
        return forEachScheme(scheme -> {
            EncodingAnalyzer analyzer = scalar(scheme);
            assertThatThrownBy(() -> analyzer.computeEncodings(STEPS, false)).isInstanceOf(StateException.class)
                    .hasMessageContaining("no statistics present");
            assertThatThrownBy(() -> analyzer.computeEncodings(0, false)).isInstanceOf(StateException.class)
                    .hasMessageContaining("number of steps must be positive; got 0");
            if (!(analyzer instanceof MinMaxAnalyzer)) {
                assertThatThrownBy(() -> analyzer.update(Tensors.of(Float.NaN, Float.POSITIVE_INFINITY)))
                        .isInstanceOf(StateException.class).hasMessageContaining("only infinite or only NaN");
            }
            assertThatThrownBy(() -> analyzer.merge(EncodingAnalyzer.of(scheme, Shape.of(2))))
                    .isInstanceOf(StateException.class).hasMessageContaining("one kind and shape");
        });
    }

    @TestFactory
    Stream<DynamicTest> should_compute_dynamic_ranges_without_touching_its_statistics() {
        return forEachScheme(scheme -> {
            EncodingAnalyzer analyzer = scalar(scheme);
            Range before = after(analyzer, false, Tensors.of(-1f, 1f));
            Tensor x = Tensors.randn(new Rng(6), 64);
            same(analyzer.computeDynamicEncodings(x, STEPS, false), after(scalar(scheme), false, x));
            same(analyzer.computeEncodings(STEPS, false), before);
        });
    }

    @TestFactory
    Stream<DynamicTest> should_take_doubles_as_floats() {
        return forEachScheme(scheme -> {
            Tensor x = Tensors.randn(new Rng(8), 300);
            same(after(scalar(scheme), false, x.to(DType.FLOAT64)), after(scalar(scheme), false, x));
        });
    }

    @Test
    void should_limit_how_far_the_range_of_simulations_grows() {
        SqnrAnalyzer analyzer = SqnrAnalyzer.tfEnhanced(Shape.SCALAR, List.of());
        analyzer.update(Tensors.of(0f, 1f, 2f));
        analyzer.update(Tensors.of(-1000f, 1000f));
        assertThat(analyzer.histograms().min(0)).isEqualTo(-3);
        assertThat(analyzer.histograms().max(0)).isEqualTo(5);
        long[] counts = analyzer.histograms().counts(0);
        assertThat(counts[0]).isEqualTo(1);
        assertThat(counts[counts.length - 1]).isEqualTo(1);
    }

    @Test
    void should_average_ends_exponentially() {
        MovingAverageAnalyzer analyzer = new MovingAverageAnalyzer(Shape.SCALAR, List.of(), 0.25);
        Range range = after(analyzer, false, Tensors.of(-4f, 8f), Tensors.of(-8f, 16f), Tensors.of(-2f, 4f));
        // -4, then -4 + (-8 + 4) / 4 = -5, then -5 + (-2 + 5) / 4 = -4.25
        assertThat(range.min()[0]).isEqualTo(-4.25f);
        assertThat(range.max()[0]).isEqualTo(8.5f);
    }

    @Test
    void should_find_a_range_with_less_squared_error_than_min_max() {
        Tensor x = Tensors.cat(List.of(Tensors.randn(new Rng(7), 20_000), Tensors.of(40f)), 0);
        for (QuantScheme scheme : List.of(QuantScheme.MSE, QuantScheme.TF_ENHANCED, QuantScheme.ENTROPY)) {
            for (boolean symmetric : new boolean[] {false, true}) {
                double all = error(x, scalar(QuantScheme.MIN_MAX), symmetric);
                assertThat(error(x, scalar(scheme), symmetric)).as("%s symmetric %s", scheme,
                        symmetric).isLessThan(all);
            }
        }
        assertThat(error(x, scalar(QuantScheme.MSE), true)).isLessThanOrEqualTo(
                error(x, scalar(QuantScheme.TF_ENHANCED), true) * 1.01);
    }

    /** Squared error of all values but the outlier, at 4 bits. */
    private static double error(Tensor x, EncodingAnalyzer analyzer, boolean symmetric) {
        analyzer.update(x);
        Range range = analyzer.computeEncodings(15, symmetric);
        double delta = (range.max()[0] - range.min()[0]) / 15.0;
        double sum = 0;
        float[] values = x.toFloatArray();
        for (int i = 0; i < values.length - 1; i++) {
            double clipped = Math.min(Math.max(values[i], range.min()[0]), range.max()[0]);
            double nearest = Math.rint((clipped - range.min()[0]) / delta) * delta + range.min()[0];
            sum += (nearest - values[i]) * (nearest - values[i]);
        }
        return sum;
    }

    @Test
    void should_cut_outliers_by_entropy() {
        Tensor x = Tensors.cat(List.of(Tensors.randn(new Rng(9), 50_000), Tensors.of(100f)), 0);
        Range range = after(scalar(QuantScheme.ENTROPY), true, x);
        assertThat(range.max()[0]).isBetween(1f, 30f);
    }
}

package org.bitgrid.quant.aimet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.observe.HistogramObserver;
import org.bitgrid.quant.observe.MinMaxAnalyzer;
import org.bitgrid.quant.observe.PercentileAnalyzer;
import org.bitgrid.quant.observe.Range;
import org.bitgrid.quant.observe.SqnrAnalyzer;
import org.bitgrid.quant.observe.SqnrProbe;
import org.bitgrid.quant.observe.SqnrSettings;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Analyzers and the histograms under them. */
final class AnalyzerCases {
    private AnalyzerCases() {
    }

    static void minMax(GivenCase given) {
        MinMaxAnalyzer analyzer = new MinMaxAnalyzer(Shape.SCALAR);
        analyzer.update(given.tensor("input"));
        Range range = analyzer.computeEncodings(given.input("num_steps").asLong(), given.flag("symmetric"));
        assertThat(range.min()).containsExactly((float) given.expected("min").asDouble());
        assertThat(range.max()).containsExactly((float) given.expected("max").asDouble());
    }

    private static HistogramObserver observe(int bins, List<Tensor> batches) {
        PercentileAnalyzer analyzer = new PercentileAnalyzer(Shape.SCALAR, List.of(), 100, bins);
        batches.forEach(analyzer::update);
        return analyzer.histograms();
    }

    private static List<Tensor> batches(GivenCase given) {
        List<Tensor> batches = new ArrayList<>();
        if (given.has("batches_expr")) {
            for (JsonValue expression : given.input("batches_expr").items()) {
                batches.add(switch (expression.asString()) {
                    case "arange(-50,51)" -> GivenCase.range(-50, 1, 101);
                    case "arange(-50,51)*1.5" -> GivenCase.range(-75, 1.5, 101);
                    default -> throw new AssertionError("unknown expression " + expression);
                });
            }
        } else {
            given.input("batches").items().forEach(batch -> batches.add(GivenCase.tensorOf(batch)));
        }
        return batches;
    }

    static void histogram(GivenCase given) {
        int bins = given.input("num_bins").asInt();
        List<Tensor> batches = batches(given);
        HistogramObserver all = observe(bins, batches);
        JsonValue expected = given.json().get("expected");
        if (expected.has("delta_first")) {
            HistogramObserver before = observe(bins, batches.subList(0, 2));
            assertThat(all.counts(0)[0] - before.counts(0)[0]).isEqualTo(expected.get("delta_first").asLong());
            assertThat(all.counts(0)[bins - 1] - before.counts(0)[bins - 1])
                    .isEqualTo(expected.get("delta_last").asLong());
        } else if (expected.has("first")) {
            compare(observe(bins, batches.subList(0, 1)), expected.get("first"));
            compare(all, expected.get("final"));
        } else if (expected.has("after2")) {
            assertThat(observe(bins, batches.subList(0, 2)).counts(0)).containsExactly(longs(expected.get("after2")));
            assertThat(all.counts(0)).containsExactly(longs(expected.get("after3")));
            edges(all, expected.get("bin_edges"));
        } else {
            compare(all, expected);
        }
    }

    private static long[] longs(JsonValue value) {
        return value.items().stream().mapToLong(JsonValue::asLong).toArray();
    }

    private static void compare(HistogramObserver found, JsonValue expected) {
        assertThat(found.counts(0)).containsExactly(longs(expected.get("histogram")));
        edges(found, expected.get("bin_edges"));
        if (expected.has("min")) {
            assertThat(found.min(0)).isEqualTo((float) expected.get("min").asDouble());
            assertThat(found.max(0)).isEqualTo((float) expected.get("max").asDouble());
        }
    }

    /** Edges were written with six digits. */
    private static void edges(HistogramObserver found, JsonValue expected) {
        float[] edges = found.edges(0);
        double[] wanted = expected.asDoubles();
        assertThat(edges).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) edges[i]).isCloseTo(wanted[i], within(1e-5 * Math.max(1, Math.abs(wanted[i]))));
        }
    }

    static void percentile(GivenCase given) {
        if (given.expects("error")) {
            for (JsonValue percentile : given.input("percentile").items()) {
                assertThatThrownBy(() -> new PercentileAnalyzer(Shape.SCALAR, List.of(), percentile.asDouble(), 2048))
                        .isInstanceOf(StateException.class).hasMessageContaining("between 50 and 100");
            }
            return;
        }
        PercentileAnalyzer analyzer = new PercentileAnalyzer(Shape.SCALAR, List.of(), given.number("percentile"),
                given.input("num_bins").asInt());
        analyzer.update(percentileInput(given));
        boolean symmetric = given.has("symmetric") && given.flag("symmetric");
        Range range = analyzer.computeEncodings(given.input("num_steps").asLong(), symmetric);
        if (given.expects("max_gt")) {
            assertThat((double) range.max()[0]).isBetween(given.expected("max_gt").asDouble(),
                    given.expected("max_lt").asDouble());
        } else if (given.expects("asym")) {
            assertThat((double) range.min()[0]).isEqualTo(given.expected("asym").get("min").asDouble());
            assertThat(range.max()[0]).isEqualTo(analyzer.histograms().edges(0)[1]).isCloseTo(2.83333f, within(1e-5f));
        } else {
            assertThat((double) range.min()[0]).isEqualTo(given.expected("min").asDouble());
            assertThat((double) range.max()[0]).isEqualTo(given.expected("max").asDouble());
        }
    }

    private static Tensor percentileInput(GivenCase given) {
        if (given.has("input")) {
            return given.tensor("input");
        }
        return switch (given.input("input_expr").asString()) {
            case "arange(0,101) with [-1]=1000,[-2]=800" -> Tensors.cat(List.of(GivenCase.range(0, 1, 99),
                    Tensors.of(800f, 1000f)), 0);
            case "arange(0,1001)" -> GivenCase.range(0, 1, 1001);
            default -> throw new AssertionError("unknown expression " + given.input("input_expr"));
        };
    }

    static void sqnr(GivenCase given) {
        if (given.has("n_uniform")) {
            twoBatches(given);
        } else if (given.has("input_expr")) {
            assertThat(given.input("input_expr").asString()).isEqualTo("arange(-100,101)/100");
            float[] values = new float[201];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i - 100) / 100f;
            }
            Range range = sqnr(given, given.input("num_bins").asInt(), Tensors.of(values, values.length));
            assertThat(range.min()).containsExactly((float) given.expected("min").asDouble());
            assertThat(range.max()).containsExactly((float) given.expected("max").asDouble());
        } else if (given.has("deltas")) {
            bestCandidates(given);
        } else {
            candidates(given);
        }
    }

    private static Range sqnr(GivenCase given, int bins, Tensor... batches) {
        SqnrAnalyzer analyzer = new SqnrAnalyzer(Shape.SCALAR, List.of(), bins, Double.POSITIVE_INFINITY,
                SqnrSettings.DEFAULTS.withGamma(given.number("gamma")));
        for (Tensor batch : batches) {
            analyzer.update(batch);
        }
        return analyzer.computeEncodings(given.input("num_steps").asLong(), given.flag("symmetric"));
    }

    private static void twoBatches(GivenCase given) {
        double high = given.input("uniform_range").get(1).asDouble();
        Tensor uniform = Tensors.rand(new Rng(1), given.input("n_uniform").asInt()).mul(high);
        Range range = sqnr(given, 2048, uniform, Tensors.of((float) given.number("outlier")));
        assertThat((double) range.min()[0]).isEqualTo(given.expected("min").asDouble());
        double wanted = given.expected("max").asDouble();
        assertThat((double) range.max()[0]).isCloseTo(wanted, within(1e-5 * wanted));
    }

    private static void bestCandidates(GivenCase given) {
        int samples = given.input("samples_per_channel").asInt();
        Rng rng = new Rng(2);
        Tensor[] channels = {Tensors.rand(rng, samples).sub(0.5), Tensors.rand(rng, samples).mul(2.0)};
        double[] deltas = given.input("deltas").asDoubles();
        double[] offsets = given.input("offsets").asDoubles();
        for (int i = 0; i < channels.length; i++) {
            HistogramObserver histogram = observe(2048, List.of(channels[i]));
            float[] best = SqnrProbe.best(histogram, deltas, offsets, given.input("num_steps").asLong(),
                    given.number("gamma"));
            assertThat(best[0]).isEqualTo((float) given.expected("best_delta").get(i).asDouble());
            assertThat((double) best[1]).isEqualTo(given.expected("best_offset").get(i).asDouble());
        }
    }

    private static void candidates(GivenCase given) {
        int count = given.input("symmetric_delta_candidates").asInt();
        float[][] found = SqnrProbe.symmetricCandidates(given.number("min"), given.number("max"),
                given.input("num_steps").asLong(), count);
        int[] shape = given.expected("deltas_shape").asInts();
        assertThat(found[0]).hasSize(shape[1]);
        for (double delta : given.expected("deltas_contain").asDoubles()) {
            assertThat(found[0]).contains((float) delta);
        }
        assertThat(found[1]).containsOnly((float) given.expected("offset").asDouble());
    }
}

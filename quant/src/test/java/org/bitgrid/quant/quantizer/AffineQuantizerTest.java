package org.bitgrid.quant.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.nn.Parameter;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.observe.MinMaxAnalyzer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AffineQuantizerTest {
    private static QuantizeDequantize perTensor(int bitwidth, boolean symmetric) {
        return new QuantizeDequantize(Shape.of(1), bitwidth, symmetric);
    }

    private static void calibrate(Quantizer quantizer, Tensor... batches) {
        quantizer.computeEncodings(() -> {
            for (Tensor batch : batches) {
                quantizer.call(batch);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> should_quantize_to_every_number_of_bits() {
        return IntStream.rangeClosed(2, 32).boxed().flatMap(bits -> Stream.of(false, true).map(symmetric ->
                DynamicTest.dynamicTest(bits + " bits " + (symmetric ? "symmetric" : "asymmetric"), () -> {
                    QuantizeDequantize quantizer = perTensor(bits, symmetric);
                    Tensor x = Tensors.randn(new Rng(bits), 500);
                    calibrate(quantizer, x);
                    float[] y = quantizer.call(x).toFloatArray();
                    float[] from = x.toFloatArray();
                    float scale = quantizer.encoding().scale()[0];
                    float[] max = quantizer.encoding().max();
                    for (int i = 0; i < y.length; i++) {
                        double clipped = Math.min(Math.max(from[i], quantizer.encoding().min()[0]), max[0]);
                        // half a step, and what float32 cannot express of the number
                        assertThat(Math.abs(y[i] - clipped)).isLessThanOrEqualTo(scale * 0.5001
                                + Math.abs(clipped) * 2e-7);
                    }
                    assertThat(quantizer.bitwidth()).isEqualTo(bits);
                    assertThat(quantizer.isSigned()).isEqualTo(symmetric);
                })));
    }

    @Test
    void should_keep_its_numbers_when_run_twice() {
        QuantizeDequantize quantizer = perTensor(4, false);
        Tensor x = Tensors.randn(new Rng(1), 1000);
        calibrate(quantizer, x);
        Tensor once = quantizer.call(x);
        assertThat(quantizer.call(once).toFloatArray()).isEqualTo(once.toFloatArray());
    }

    @Test
    void should_treat_sign_and_symmetry_independently() {
        QuantizeDequantize quantizer = perTensor(8, false);
        quantizer.setSigned(true);
        assertThat(quantizer.grid()).isEqualTo(new Grid(-128, 127));
        quantizer.setSymmetric(true);
        quantizer.setSigned(false);
        assertThat(quantizer.grid()).isEqualTo(new Grid(0, 255));
        quantizer.setRange(-1, 1);
        assertThat(quantizer.encoding().offset()).containsExactly(-128f);
        quantizer.setBitwidth(4);
        assertThat(quantizer.grid()).isEqualTo(new Grid(0, 15));
        quantizer.setGrid(new Grid(-3, 9));
        assertThatThrownBy(quantizer::bitwidth).isInstanceOf(StateException.class).hasMessageContaining("qmin=-3, "
                + "qmax=9");
        assertThatThrownBy(() -> quantizer.setBitwidth(0)).isInstanceOf(StateException.class);
        quantizer.setGrid(Grid.ofBits(8, true));
        assertThatThrownBy(() -> quantizer.setBitwidth(0)).isInstanceOf(ShapeException.class)
                .hasMessage("grid: bitwidth must lie between 1 and 32; got 0");
    }

    @Test
    void should_refuse_settings_that_contradict() {
        assertThatThrownBy(() -> new QuantizeDequantize(Shape.of(1), 3, 3, false)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("qmax should be strictly larger than qmin");
        assertThatThrownBy(() -> new QuantizeDequantize(Shape.of(1), Grid.ofBits(8, false), false, null, List.of(),
                0.25))
                .isInstanceOf(ShapeException.class).hasMessageContaining("zero point shift must be 0 or 0.5");
        assertThatThrownBy(() -> new Quantize(Shape.of(1), Grid.ofBits(8, false), false, null, List.of(), 0.5))
                .isInstanceOf(ShapeException.class).hasMessageContaining("use QuantizeDequantize");
        assertThatThrownBy(() -> new QuantizeDequantize(Shape.of(4, 1), 8, true, new MinMaxAnalyzer(Shape.of(3, 1)),
                List.of())).isInstanceOf(StateException.class).hasMessageContaining("must be expandable");
        assertThatThrownBy(() -> new QuantizeDequantize(Shape.of(4, 1), 8, true, null, List.of(2)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("block size must have one entry");
    }

    @Test
    void should_spread_a_coarser_analyzer_over_its_shape() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(2, 1), 8, false,
                new MinMaxAnalyzer(Shape.SCALAR),
                List.of());
        calibrate(quantizer, Tensors.of(new float[] {-1, 2, 3, 4}, 2, 2));
        assertThat(quantizer.minimum().toFloatArray()).containsExactly(-1f, -1f);
        assertThat(quantizer.maximum().toFloatArray()).containsExactly(4f, 4f);
    }

    @Test
    void should_find_block_sizes_that_were_left_open() {
        Tensor w = Tensors.randn(new Rng(3), 4, 12);
        QuantizeDequantize open = new QuantizeDequantize(Shape.of(4, 3), 4, true, null, List.of(-1, -1));
        QuantizeDequantize named = new QuantizeDequantize(Shape.of(4, 3), 4, true, null, List.of(1, 4));
        calibrate(open, w);
        calibrate(named, w);
        assertThat(open.call(w).toFloatArray()).isEqualTo(named.call(w).toFloatArray());
        assertThatThrownBy(() -> open.call(Tensors.ones(4, 13))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("blocks do not tile the tensor");
        assertThatThrownBy(() -> named.call(Tensors.ones(4, 15))).isInstanceOf(ShapeException.class);
    }

    @Test
    void should_do_in_blocks_what_it_does_with_each_block_alone() {
        Tensor w = Tensors.randn(new Rng(4), 2, 6);
        QuantizeDequantize blocks = new QuantizeDequantize(Shape.of(2, 3), 4, true, null, List.of(1, 2));
        calibrate(blocks, w);
        Tensor y = blocks.call(w);
        for (int row = 0; row < 2; row++) {
            for (int block = 0; block < 3; block++) {
                Tensor part = w.narrow(0, row, 1).narrow(1, 2 * block, 2).contiguous();
                QuantizeDequantize alone = perTensor(4, true);
                calibrate(alone, part);
                assertThat(y.narrow(0, row, 1).narrow(1, 2 * block, 2).toFloatArray())
                        .isEqualTo(alone.call(part).toFloatArray());
            }
        }
    }

    @Test
    void should_leave_frozen_ends_alone() {
        QuantizeDequantize quantizer = perTensor(8, false);
        calibrate(quantizer, Tensors.of(0f, 2f));
        quantizer.allowOverwrite(false);
        calibrate(quantizer, Tensors.of(-9f, 9f));
        assertThat(quantizer.maximum().item()).isEqualTo(2);
        assertThat(quantizer.computeEncodings()).isSameAs(CalibrationScope.NOTHING);
        quantizer.allowOverwrite(false, true);
        calibrate(quantizer, Tensors.of(-9f, 9f));
        assertThat(quantizer.minimum().item()).isEqualTo(0);
        assertThat(quantizer.maximum().item()).isEqualTo(9);
    }

    @Test
    void should_fix_one_end_and_learn_the_other() {
        QuantizeDequantize quantizer = perTensor(8, false);
        quantizer.fixRange(0.0, null);
        assertThat(quantizer.isInitialized()).isFalse();
        calibrate(quantizer, Tensors.of(-3f, 5f));
        assertThat(quantizer.minimum().item()).isEqualTo(0);
        assertThat(quantizer.maximum().item()).isEqualTo(5);
        assertThat(quantizer.ownParameters().get("min").requiresGrad()).isFalse();
        assertThat(quantizer.ownParameters().get("max").requiresGrad()).isTrue();
    }

    @Test
    void should_observe_without_changing_values_when_asked_to() {
        QuantizeDequantize quantizer = perTensor(2, false);
        Tensor x = Tensors.of(0.1f, 0.2f, 0.7f);
        try (CalibrationScope scope = quantizer.computeEncodings(CalibrationMode.PASS_THROUGH)) {
            assertThat(quantizer.call(x)).isSameAs(x);
        }
        assertThat(quantizer.maximum().item()).isEqualTo(0.7f);
    }

    @Test
    void should_quantize_each_batch_by_its_own_range_while_calibrating() {
        QuantizeDequantize quantizer = perTensor(8, false);
        QuantizeDequantize alone = perTensor(8, false);
        Tensor second = Tensors.of(0f, 0.37f, 1f);
        calibrate(alone, second);
        try (CalibrationScope scope = quantizer.computeEncodings()) {
            quantizer.call(Tensors.of(-100f, 100f));
            assertThat(quantizer.call(second).toFloatArray()).isEqualTo(alone.call(second).toFloatArray());
        }
        assertThat(quantizer.minimum().item()).isEqualTo(-100);
    }

    @Test
    void should_stay_as_it_was_when_nothing_was_seen() {
        QuantizeDequantize quantizer = perTensor(8, false);
        calibrate(quantizer);
        calibrate(quantizer, Tensors.zeros(0));
        assertThat(quantizer.isInitialized()).isFalse();
    }

    @Test
    void should_give_the_same_without_and_with_gradients_away_from_halves() {
        QuantizeDequantize quantizer = perTensor(4, false);
        Tensor x = Tensors.randn(new Rng(6), 3000);
        calibrate(quantizer, x);
        float[] learning = quantizer.call(x).toFloatArray();
        float[] still;
        try (var noGrad = Autograd.noGrad()) {
            still = quantizer.call(x).toFloatArray();
        }
        float scale = quantizer.encoding().scale()[0];
        for (int i = 0; i < still.length; i++) {
            // one code apart at most, and only where x / scale is within two roundings of a half
            if (still[i] != learning[i]) {
                double steps = x.at(i) / scale;
                assertThat(Math.abs(steps - Math.floor(steps) - 0.5)).isLessThan(2e-6);
                assertThat(Math.abs(still[i] - learning[i])).isCloseTo(scale, within(1e-6f));
            }
        }
    }

    @Test
    void should_give_wide_grids_the_same_codes_with_and_without_gradients() {
        QuantizeDequantize quantizer = perTensor(28, false);
        Tensor x = Tensors.randn(new Rng(6), 3000);
        calibrate(quantizer, x);
        float[] learning = quantizer.call(x).toFloatArray();
        try (var noGrad = Autograd.noGrad()) {
            assertThat(quantizer.call(x).toFloatArray()).isEqualTo(learning);
        }
    }

    /** One step of learning: what clips at the top pulls the upper end, what clips at the bottom the lower one. */
    @Test
    void should_send_gradients_of_clipped_values_to_the_end_they_clip_at() {
        QuantizeDequantize quantizer = perTensor(8, false);
        quantizer.setRange(-1, 1);
        Tensor y = quantizer.call(Tensors.of(5f, -5f, -7f));
        y.backward(Tensors.of(1f, 10f, 100f));
        assertThat(quantizer.ownParameters().get("max").grad().item()).isCloseTo(1, within(0.02 * 111));
        assertThat(quantizer.ownParameters().get("min").grad().item()).isCloseTo(110, within(0.02 * 111));
    }

    @Test
    void should_learn_nothing_from_a_range_without_width() {
        QuantizeDequantize quantizer = perTensor(8, true);
        quantizer.setRange(0, 0);
        Parameter x = new Parameter(Tensors.of(1f, -1f));
        quantizer.call(x.tensor()).sum().backward();
        assertThat(quantizer.ownParameters().get("max").grad().item()).isEqualTo(0);
        assertThat(quantizer.encoding().scale()).containsExactly(0x1p-23f);
    }

    @Test
    void should_take_an_inverted_range_by_its_size() {
        QuantizeDequantize quantizer = perTensor(8, true);
        quantizer.setRange(1, -1);
        assertThat(quantizer.encoding().scale()).containsExactly(2f / 255);
    }

    // ------------------------------------------------------------------ scale and offset

    @Test
    void should_give_the_same_after_scale_and_offset_became_the_parameters() {
        Tensor x = Tensors.randn(new Rng(8), 400);
        for (boolean symmetric : new boolean[] {false, true}) {
            QuantizeDequantize quantizer = perTensor(8, symmetric);
            calibrate(quantizer, x);
            float[] before = quantizer.call(x).toFloatArray();
            var encoding = quantizer.encoding();
            quantizer.reparametrizeToScaleOffset();
            assertThat(quantizer.ownParameters().keySet()).containsExactlyElementsOf(symmetric ? List.of("scale")
                    : List.of("scale", "offset"));
            assertThat(quantizer.encoding()).isEqualTo(encoding);
            assertThat(quantizer.call(x).toFloatArray()).isEqualTo(before);
            quantizer.call(x.mul(3.0)).sum().backward();
            assertThat(quantizer.ownParameters().get("scale").grad().item()).isNotZero();
            quantizer.setRange(-2, 2);
            assertThat(quantizer.encoding().scale()[0]).isEqualTo(4f / 255);
            assertThat(quantizer.copy().encoding()).isEqualTo(quantizer.encoding());
        }
    }

    @Test
    void should_round_a_learned_offset_but_pass_its_gradient() {
        QuantizeDequantize quantizer = perTensor(8, false);
        quantizer.setRange(-1, 1);
        quantizer.reparametrizeToScaleOffset();
        quantizer.ownParameters().get("offset").set(Tensors.of(-100.4f));
        Tensor y = quantizer.call(Tensors.of(-50f));
        assertThat(y.item()).isEqualTo(-100f * quantizer.encoding().scale()[0]);
        y.sum().backward();
        assertThat(quantizer.ownParameters().get("offset").grad().item()).isEqualTo(quantizer.encoding().scale()[0]);
    }

    // ------------------------------------------------------------------ state

    @Test
    void should_restore_what_it_saved() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(2, 1), 4, true);
        Tensor x = Tensors.of(new float[] {1, -2, 3, 5}, 2, 2);
        calibrate(quantizer, x);
        assertThat(quantizer.stateDict().keySet()).containsExactly("min", "max", "_extra_state");
        QuantizeDequantize other = new QuantizeDequantize(Shape.of(2, 1), 8, true);
        other.loadStateDict(quantizer.stateDict());
        assertThat(other.isInitialized()).isTrue();
        assertThat(other.bitwidth()).isEqualTo(4);
        assertThat(other.call(x).toFloatArray()).isEqualTo(quantizer.call(x).toFloatArray());
        other.loadStateDict(new QuantizeDequantize(Shape.of(2, 1), 4, true).stateDict());
        assertThat(other.isInitialized()).isFalse();
    }

    @Test
    void should_count_as_known_when_the_state_does_not_say() {
        QuantizeDequantize quantizer = perTensor(8, false);
        Map<String, Tensor> state = new LinkedHashMap<>(Map.of("min", Tensors.of(0f), "max", Tensors.of(3f)));
        quantizer.loadStateDict(state);
        assertThat(quantizer.isInitialized()).isTrue();
        assertThat(quantizer.encoding().max()[0]).isCloseTo(3, within(1e-6f));
    }

    @Test
    void should_refuse_state_of_other_blocks() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(2, 3), 4, true, null, List.of(1, 2));
        assertThatThrownBy(() -> quantizer.loadStateDict(new QuantizeDequantize(Shape.of(2, 3), 4, true).stateDict()))
                .isInstanceOf(StateException.class).hasMessageContaining("another number of block sizes");
    }

    @Test
    void should_copy_everything() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), Grid.ofBits(2, true), true, null, List.of(),
                0.5);
        assertThat(quantizer.copy().isInitialized()).isFalse();
        calibrate(quantizer, Tensors.of(-1f, 3f));
        quantizer.allowOverwrite(false);
        quantizer.requiresGrad(false);
        QuantizeDequantize copy = quantizer.copy();
        assertThat(copy.encoding()).isEqualTo(quantizer.encoding());
        assertThat(copy.isOverwriteAllowed()).isFalse();
        assertThat(copy.parameters()).noneMatch(Parameter::requiresGrad);
        copy.setRange(-9, 9);
        assertThat(quantizer.maximum().item()).isNotEqualTo(9);
    }

    @Test
    void should_place_two_bits_between_the_steps() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), Grid.ofBits(2, true), true, null, List.of(),
                0.5);
        assertThat(quantizer).hasToString(
                "QuantizeDequantize(shape=[1], bitwidth=2, symmetric=True, zero_point_shift=0.5)");
        quantizer.setRange(-3, 3);
        Tensor y = quantizer.call(Tensors.of(-9f, -1f, 0.1f, 9f));
        // scale 6 / 3 = 2: the grid is -3, -1, 1, 3
        assertThat(y.toFloatArray()).containsExactly(-3f, -1f, 1f, 3f);
    }

    @Test
    void should_warn_of_ranges_that_are_not_finite() {
        List<String> said = new ArrayList<>();
        QuantizeDequantize quantizer = perTensor(8, false);
        try (var listening = QuantLog.listen((level, area, message) -> said.add(message))) {
            calibrate(quantizer, Tensors.of(1f, Float.POSITIVE_INFINITY));
        }
        assertThat(said).singleElement().asString().contains("calibrated range is not finite");
        assertThat(quantizer.analyzer().nonFinite()).hasToString("0 NaN, 1 infinite");
    }

    @Test
    void should_serve_many_threads() {
        QuantizeDequantize quantizer = perTensor(8, false);
        Tensor x = Tensors.randn(new Rng(5), 500);
        calibrate(quantizer, x);
        float[] expected;
        try (var noGrad = Autograd.noGrad()) {
            expected = quantizer.call(x).toFloatArray();
        }
        List<float[]> found = IntStream.range(0, 64).parallel().mapToObj(i -> {
            try (var noGrad = Autograd.noGrad()) {
                return quantizer.call(x).toFloatArray();
            }
        }).toList();
        assertThat(found).allSatisfy(each -> assertThat(each).isEqualTo(expected));
    }
}

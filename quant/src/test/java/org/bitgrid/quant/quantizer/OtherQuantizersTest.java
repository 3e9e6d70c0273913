package org.bitgrid.quant.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bitgrid.nn.Parameter;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Granularity;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Grouped blocks and floating-point formats. */
class OtherQuantizersTest {
    private static final int BLOCKS = 4;

    private static GroupedBlockQuantizeDequantize grouped(int decompressed, List<Integer> grouping) {
        return new GroupedBlockQuantizeDequantize(Shape.of(3, BLOCKS), 4, true, decompressed, null, List.of(1, 2),
                grouping);
    }

    @Test
    void should_change_no_scale_when_each_block_is_its_own_group() {
        Tensor w = Tensors.randn(new Rng(1), 3, 8);
        GroupedBlockQuantizeDequantize quantizer = grouped(8, null);
        QuantizeDequantize plain = new QuantizeDequantize(Shape.of(3, BLOCKS), 4, true, null, List.of(1, 2));
        quantizer.computeEncodings(() -> quantizer.call(w));
        plain.computeEncodings(() -> plain.call(w));
        assertThat(quantizer.encoding().scale()).isEqualTo(plain.encoding().scale());
        assertThat(quantizer.perBlockIntegerScale().toLongArray()).containsOnly(16);
        assertThat(quantizer.encoding().granularity()).isEqualTo(Granularity.PER_BLOCK);
    }

    @Test
    void should_make_scales_multiples_of_their_group() {
        Tensor w = Tensors.randn(new Rng(2), 3, 8);
        GroupedBlockQuantizeDequantize quantizer = grouped(8, List.of(1, -1));
        quantizer.computeEncodings(() -> quantizer.call(w));
        float[] channel = quantizer.perChannelScale().toFloatArray();
        long[] multiples = quantizer.perBlockIntegerScale().toLongArray();
        float[] scale = quantizer.encoding().scale();
        assertThat(quantizer.perChannelScale().shape()).isEqualTo(Shape.of(3, 1));
        for (int i = 0; i < scale.length; i++) {
            assertThat(multiples[i]).isBetween(1L, 16L);
            assertThat(scale[i]).isEqualTo(multiples[i] * channel[i / BLOCKS]);
        }
        assertThat(quantizer.copy().call(w).toFloatArray()).isEqualTo(quantizer.call(w).toFloatArray());
    }

    @Test
    void should_give_every_block_its_groups_scale_when_there_is_one_multiple_only() {
        GroupedBlockQuantizeDequantize quantizer = grouped(4, List.of(-1, 2));
        Tensor w = Tensors.randn(new Rng(3), 3, 8);
        quantizer.computeEncodings(() -> quantizer.call(w));
        assertThat(quantizer.perBlockIntegerScale().toLongArray()).containsOnly(1);
        assertThat(quantizer.perChannelScale().shape()).isEqualTo(Shape.of(1, 2));
    }

    /**
     * One row of two blocks with scales 1 and 0.4: the group's scale is 1/16, the multiples 16 and round(6.4) = 6. With
     * gradients d of the effective scales, block 1 gets d, and the group's sum of d · (k - s / group) goes back to the
     * largest, divided by 16.
     */
    @Test
    void should_pass_gradients_through_the_rounding_of_scales() {
        GroupedBlockQuantizeDequantize quantizer = new GroupedBlockQuantizeDequantize(Shape.of(1, 2), 4, true, 8, null,
                List.of(1, 1), List.of(1, -1));
        quantizer.setRange(Tensors.of(new float[] {-8, -3.2f}, 1, 2), Tensors.of(new float[] {7, 2.8f}, 1, 2));
        assertThat(quantizer.perBlockIntegerScale().toLongArray()).containsExactly(16, 6);
        Tensor y = quantizer.call(Tensors.of(new float[] {100, 100}, 1, 2)); // both clip at 7 · scale
        assertThat(y.toFloatArray()).containsExactly(7f, 7 * 6 / 16f);
        y.sum().backward();
        double group = 7 * (16 - 16) + 7 * (6 - 6.4);
        double[] ofScale = {7 + group / 16, 7};
        float[] max = quantizer.ownParameters().get("max").grad().toFloatArray();
        float[] min = quantizer.ownParameters().get("min").grad().toFloatArray();
        for (int i = 0; i < 2; i++) {
            assertThat((double) max[i]).isCloseTo(ofScale[i] / 15, within(1e-6));
            assertThat((double) min[i]).isCloseTo(-ofScale[i] / 15, within(1e-6));
        }
    }

    @Test
    void should_refuse_groups_that_do_not_fit() {
        assertThatThrownBy(() -> grouped(3, null)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("decompressed bitwidth must be at least the bitwidth");
        assertThatThrownBy(() -> grouped(8, List.of(1, 3))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("block grouping must divide the shape");
        assertThatThrownBy(() -> new GroupedBlockQuantizeDequantize(Shape.of(1, 2), 4, false, 8, null, List.of(1, 1),
                null))
                .isInstanceOf(ShapeException.class).hasMessageContaining("symmetric quantization only");
    }

    // ------------------------------------------------------------------ floating-point formats

    private static float cast(FloatFormat format, double value) {
        return (float) new FloatQuantizeDequantize(format).call(Tensors.of((float) value)).item();
    }

    @Test
    void should_know_the_largest_numbers_of_formats() {
        assertThat(FloatFormat.of(5, 2).max()).isEqualTo(57344);
        assertThat(FloatFormat.of(3, 4).max()).isEqualTo(15.5);
        assertThat(FloatFormat.of(4, 3).max()).isEqualTo(240);
        assertThat(FloatFormat.FLOAT8_E4M3FN.max()).isEqualTo(448);
        assertThat(FloatFormat.FLOAT8_E4M3FNUZ.max()).isEqualTo(240);
        assertThat(FloatFormat.FLOAT8_E5M2FNUZ.max()).isEqualTo(57344);
        assertThatThrownBy(() -> new FloatFormat(5, 10, true, false)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("finite and unsigned_zero are defined for");
        assertThatThrownBy(() -> FloatFormat.of("float12")).hasMessageContaining("float8_e4m3fn");
    }

    @Test
    void should_round_to_the_numbers_of_a_format() {
        double[] fp4 = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
        for (double number : fp4) {
            assertThat(cast(FloatFormat.FLOAT4_E2M1FN, number)).isEqualTo((float) number);
        }
        assertThat(cast(FloatFormat.FLOAT4_E2M1FN, 5)).isEqualTo(4); // the even one of 4 and 6
        assertThat(cast(FloatFormat.FLOAT4_E2M1FN, 99)).isEqualTo(6);
        assertThat(cast(FloatFormat.FLOAT16, 5.9604645e-8)).isEqualTo(0x1p-24f); // the smallest subnormal
        assertThat(cast(FloatFormat.FLOAT16, 2.9802322e-8)).isZero();
        assertThat(cast(FloatFormat.of(4, 3), 0.0009765625)).isEqualTo(0x1p-10f); // one below IEEE's
        assertThat(cast(FloatFormat.FLOAT8_E4M3FN, 0.0009765625)).isZero();
        assertThat(cast(FloatFormat.FLOAT16, Double.NaN)).isNaN();
    }

    @Test
    void should_saturate_unless_told_otherwise() {
        assertThat(cast(FloatFormat.FLOAT16, 1e5)).isEqualTo(65504);
        assertThat(cast(FloatFormat.BFLOAT16, Double.POSITIVE_INFINITY)).isEqualTo(3.3895314e38f);
        Tensor x = Tensors.of(65519f, 65520f, -1e9f);
        assertThat(new FloatQuantizeDequantize(FloatFormat.FLOAT16).saturating(false).call(x).toFloatArray())
                .containsExactly(65504, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        assertThat(new FloatQuantizeDequantize(FloatFormat.FLOAT8_E4M3FN).saturating(false).call(x).toFloatArray())
                .containsOnly(Float.NaN);
    }

    @Test
    void should_pass_gradients_of_formats_that_pytorch_has_only() {
        for (FloatFormat format : List.of(FloatFormat.FLOAT16, FloatFormat.of(4, 3))) {
            Parameter x = new Parameter(Tensors.of(1.3f, 1e9f));
            new FloatQuantizeDequantize(format).call(x.tensor()).sum().backward();
            assertThat(x.grad().toFloatArray()).containsExactly(format.isNative() ? 1 : 0, 0);
        }
        Parameter x = new Parameter(Tensors.of(1.3f, 1e9f));
        new FloatQuantizeDequantize(4, 3).straightThrough(true).call(x.tensor()).sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(1, 0);
    }

    @Test
    void should_scale_small_formats_to_what_they_saw() {
        FloatQuantizeDequantize quantizer = new FloatQuantizeDequantize(FloatFormat.FLOAT8_E4M3FN, Shape.of(2, 1), null,
                List.of());
        Tensor x = Tensors.of(new float[] {0.01f, -0.03f, 900, 2}, 2, 2);
        quantizer.computeEncodings(() -> quantizer.call(x));
        assertThat(quantizer.maxval().toFloatArray()).containsExactly(0.03f, 900f);
        assertThat(quantizer.call(x).toFloatArray()[1]).isCloseTo(-0.03f, within(1e-7f));
        assertThat(quantizer.call(x).toFloatArray()[2]).isCloseTo(900f, within(1e-3f));
        assertThat(quantizer.stateDict().keySet()).containsExactly("maxval");
        assertThat(quantizer.copy().call(x).toFloatArray()).isEqualTo(quantizer.call(x).toFloatArray());
        assertThat(new FloatQuantizeDequantize(FloatFormat.FLOAT16).analyzer()).isNull();
    }

    @Test
    void should_print_formats_as_aimet_does() {
        assertThat(new FloatQuantizeDequantize(FloatFormat.FLOAT16)).hasToString("FloatQuantizeDequantize(dtype=torch."
                + "float16)");
        assertThat(new FloatQuantizeDequantize(4, 3)).hasToString("FloatQuantizeDequantize(exponent_bits=4, "
                + "mantissa_bits=3, finite=False, unsigned_zero=False)");
        assertThatThrownBy(() -> new FloatQuantizeDequantize(4, 3).setBitwidth(4)).isInstanceOf(StateException.class)
                .hasMessageContaining("follows from the format");
    }
}

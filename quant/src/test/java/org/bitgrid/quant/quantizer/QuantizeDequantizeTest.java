package org.bitgrid.quant.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class QuantizeDequantizeTest {
    @Test
    void should_print_as_the_guide_does() {
        assertThat(new QuantizeDequantize(Shape.of(1), 4, true))
                .hasToString("QuantizeDequantize(shape=[1], bitwidth=4, symmetric=True)");
        assertThat(new QuantizeDequantize(Shape.of(128, 1, 1, 1), 0, 255, true))
                .hasToString("QuantizeDequantize(shape=[128, 1, 1, 1], qmin=0, qmax=255, symmetric=True)");
    }

    @Test
    void should_refuse_to_run_before_its_range_is_known() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false);
        assertThat(quantizer.isInitialized()).isFalse();
        assertThat(quantizer.encoding()).isNull();
        assertThatThrownBy(() -> quantizer.call(Tensors.of(1f))).isInstanceOf(StateException.class)
                .hasMessageContaining("QuantizeDequantize").hasMessageContaining("computeEncodings()");
    }

    @Test
    void should_learn_its_range_from_data() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false);
        try (CalibrationScope scope = quantizer.computeEncodings()) {
            quantizer.call(Tensors.of(-1f, 0.25f));
            quantizer.call(Tensors.of(0f, 4.1f));
        }
        AffineEncoding encoding = quantizer.encoding();
        assertThat(encoding.scale()).containsExactly((4.1f - -1f) / 255);
        assertThat(encoding.offset()).containsExactly(-50f);
        Tensor y = quantizer.call(Tensors.of(9f, 0f, Float.NaN, 0.03f));
        assertThat(y.toFloatArray()).containsExactly(encoding.max()[0], 0f, Float.NaN, encoding.scale()[0] * 2);
        assertThat(TensorEncoding.of(y).encoding()).isEqualTo(encoding);
    }

    @Test
    void should_stay_as_it_is_when_calibration_is_aborted() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false);
        assertThatThrownBy(() -> quantizer.computeEncodings(() -> {
            quantizer.call(Tensors.of(1f));
            throw new IllegalStateException("data ran out");
        })).hasMessage("data ran out");
        assertThat(quantizer.isInitialized()).isFalse();
    }
}

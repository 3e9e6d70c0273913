package org.bitgrid.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.quant.quantizer.FloatQuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantize;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tensors that know their encoding, and which operators leave it to them. */
class QuantizedTensorTest {
    private static final Tensor X = Tensors.randn(new Rng(1), 2, 3, 4);

    private static Tensor dequantized(Shape shape) {
        QuantizeDequantize quantizer = new QuantizeDequantize(shape, 8, false);
        quantizer.computeEncodings(() -> quantizer.call(X));
        return quantizer.call(X);
    }

    private static Map<String, UnaryOperator<Tensor>> moving() {
        Map<String, UnaryOperator<Tensor>> moving = new LinkedHashMap<>();
        moving.put("view", x -> x.view(6, 4));
        moving.put("reshape", x -> x.reshape(4, 6));
        moving.put("flatten", x -> x.flatten(1));
        moving.put("permute", x -> x.permute(2, 0, 1));
        moving.put("transpose", x -> x.transpose(0, 2));
        moving.put("unsqueeze", x -> x.unsqueeze(0));
        moving.put("squeeze", x -> x.squeeze(0));
        moving.put("expand", x -> x.expand(5, 2, 3, 4));
        moving.put("slice", x -> x.slice(1, 0, 2));
        moving.put("select", x -> x.select(0, 1));
        moving.put("split", x -> x.split(2, 2).get(1));
        moving.put("gather", x -> x.gather(2, Tensors.of(new long[] {0, 1, 2, 3, 3, 0}, 2, 3, 1)));
        return moving;
    }

    private static Map<String, UnaryOperator<Tensor>> copying() {
        return Map.of("clone", Tensor::clone, "detach", Tensor::detach, "contiguous", Tensor::contiguous,
                "to double", x -> x.to(DType.FLOAT64));
    }

    @TestFactory
    Stream<DynamicTest> should_pass_on_the_encoding_of_a_whole_tensor_when_data_move_only() {
        return Stream.concat(moving().entrySet().stream(), copying().entrySet().stream()).map(each ->
                DynamicTest.dynamicTest(each.getKey(), () -> {
                    Tensor x = dequantized(Shape.of(1));
                    assertThat(TensorEncoding.of(each.getValue().apply(x))).isEqualTo(TensorEncoding.of(x)).isNotNull();
                }));
    }

    @TestFactory
    Stream<DynamicTest> should_drop_the_encodings_of_channels_when_data_move() {
        return moving().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                assertThat(TensorEncoding.of(each.getValue().apply(dequantized(Shape.of(3, 1))))).isNull()));
    }

    @TestFactory
    Stream<DynamicTest> should_keep_the_encodings_of_channels_in_copies() {
        return copying().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                assertThat(TensorEncoding.of(each.getValue().apply(dequantized(Shape.of(3, 1))))).isNotNull()));
    }

    @Test
    void should_drop_the_encoding_when_values_change() {
        Tensor x = dequantized(Shape.of(1));
        assertThat(TensorEncoding.of(x.add(1.0))).isNull();
        assertThat(TensorEncoding.of(x.relu())).isNull();
        assertThat(TensorEncoding.of(x.to(DType.INT32))).isNull();
        assertThat(TensorEncoding.of(Tensors.cat(List.of(x, x), 0))).isNull();
        assertThat(TensorEncoding.of(x.sum())).isNull();
        try (var noGrad = Autograd.noGrad()) {
            Tensor copy = x.detach().clone();
            copy.addInPlace(Tensors.onesLike(copy));
            assertThat(TensorEncoding.of(copy)).isNull();
        }
    }

    @Test
    void should_go_back_and_forth_between_codes_and_numbers() {
        for (Shape shape : List.of(Shape.of(1), Shape.of(3, 1))) {
            Tensor y = dequantized(shape);
            Tensor codes = QF.quantize(y);
            assertThat(QF.isQuantized(codes)).isTrue();
            assertThat(QF.isDequantized(y)).isTrue();
            assertThat(QF.dequantize(codes).toFloatArray()).isEqualTo(y.toFloatArray());
            assertThat(QF.quantize(codes)).isSameAs(codes);
            assertThat(QF.dequantize(y)).isSameAs(y);
            assertThat(QF.quantizedRepr(y).dtype()).isEqualTo(DType.UINT8);
        }
    }

    @Test
    void should_give_codes_as_integers_that_hold_the_grid() {
        assertThat(QF.integerType(Grid.ofBits(8, true))).isEqualTo(DType.INT8);
        assertThat(QF.integerType(Grid.ofBits(4, false))).isEqualTo(DType.UINT8);
        assertThat(QF.integerType(Grid.ofBits(16, true))).isEqualTo(DType.INT32);
        assertThat(QF.integerType(Grid.ofBits(32, false))).isEqualTo(DType.INT64);
        Quantize quantizer = new Quantize(Shape.of(1), 8, true);
        quantizer.setRange(-1.28, 1.27);
        Tensor codes = quantizer.call(Tensors.of(-9f, 0.5f, 9f));
        assertThat(QF.quantizedRepr(codes).toLongArray()).containsExactly(-128, 50, 127);
    }

    @Test
    void should_say_when_an_encoding_is_missing() {
        assertThatThrownBy(() -> QF.dequantize(Tensors.ones(2))).isInstanceOf(StateException.class)
                .hasMessageContaining("does not know its encoding; got none");
        assertThatThrownBy(() -> QF.quantizedRepr(new FloatQuantizeDequantize(5, 10).call(Tensors.ones(2))))
                .isInstanceOf(StateException.class).hasMessageContaining("FloatEncoding");
        QuantizeDequantize shifted = new QuantizeDequantize(Shape.of(1), Grid.ofBits(2, true), true, null, List.of(),
                0.5);
        shifted.setRange(-1, 1);
        assertThatThrownBy(() -> QF.quantize(shifted.call(Tensors.ones(2)))).isInstanceOf(StateException.class)
                .hasMessageContaining("codes of a shifted grid");
    }

    /** Functions of scale and offset agree with the quantizer that has them. */
    @Test
    void should_compute_as_functions_what_quantizers_compute() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(3, 2), 4, true, null, List.of(1, 2));
        Tensor w = X.select(0, 0);
        quantizer.computeEncodings(() -> quantizer.call(w));
        Tensor scale = Tensors.of(quantizer.encoding().scale(), 3, 2);
        Tensor offset = Tensors.zeros(3, 2);
        Tensor y = QF.quantizeDequantize(w, scale, offset, Grid.ofSteps(15, true), List.of(1, 2));
        assertThat(y.toFloatArray()).isEqualTo(quantizer.call(w).toFloatArray());
        Tensor codes = QF.quantize(w, scale, offset, Grid.ofBits(4, true), List.of(-1, -1));
        assertThat(QF.dequantize(codes, scale, offset, List.of(1, 2)).toFloatArray()).isEqualTo(y.toFloatArray());
        assertThat(QF.quantize(Tensors.of(0.5f), Tensors.scalar(0.1), Tensors.scalar(-2), 4).item()).isEqualTo(7);
        assertThat(QF.quantizeDequantize(Tensors.of(0.52f), Tensors.scalar(0.25), Tensors.scalar(0), 4, true).item())
                .isEqualTo(0.5);
    }

    @Test
    void should_make_grids_of_steps_and_bits() {
        assertThat(Grid.ofSteps(254, true)).isEqualTo(new Grid(-127, 127));
        assertThat(Grid.ofSteps(255, true)).isEqualTo(Grid.ofBits(8, true));
        assertThat(Grid.ofSteps(15, false)).isEqualTo(Grid.ofBits(4, false));
        assertThat(new Grid(0, 10).withSigned(true)).isEqualTo(new Grid(-5, 5));
        assertThat(Grid.ofBits(3, true)).hasToString("qmin=-4, qmax=3");
        assertThatThrownBy(() -> new Grid(1, 5).signed()).isInstanceOf(StateException.class);
    }
}

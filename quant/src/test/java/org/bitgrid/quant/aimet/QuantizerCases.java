package org.bitgrid.quant.aimet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.QF;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.quant.observe.MinMaxAnalyzer;
import org.bitgrid.quant.quantizer.Quantize;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Arithmetic of quantization with given scales and offsets, and of quantizers. */
final class QuantizerCases {
    private QuantizerCases() {
    }

    private static Grid grid(GivenCase given) {
        return given.has("qmin") ? new Grid(given.input("qmin").asLong(), given.input("qmax").asLong())
                : Grid.ofBits(given.bitwidth(), given.flag("signed"));
    }

    private static Tensor scale(GivenCase given) {
        JsonValue scale = given.input("scale");
        if (scale.isString()) {
            assertThat(scale.asString()).isEqualTo("float32(1/15)");
            return Tensors.scalar(1.0 / 15);
        }
        return GivenCase.tensorOf(scale);
    }

    /** What torch.allclose allows. */
    private static void allClose(Tensor got, JsonValue expected, double relative, double absolute) {
        float[] wanted = GivenCase.floats(expected);
        float[] found = got.toFloatArray();
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(found[i]).as("element %d", i)
                    .isCloseTo(wanted[i], within((float) (absolute + relative * Math.abs(wanted[i]))));
        }
    }

    private static void exact(Tensor got, JsonValue expected) {
        allClose(got, expected, 0, 0);
    }

    static void quantize(GivenCase given) {
        Tensor codes = QF.quantize(given.tensor("tensor"), scale(given), given.tensor("offset"), grid(given),
                List.of());
        exact(codes, given.expected("output"));
    }

    static void quantizeDequantize(GivenCase given) {
        if (given.has("row")) {
            perChannel(given);
            return;
        }
        Tensor y = QF.quantizeDequantize(given.tensor("tensor"), scale(given), given.tensor("offset"), grid(given),
                List.of());
        allClose(y, given.expected("output"), 1e-5, 1e-8);
    }

    /** Each channel the same row; offsets count from an unsigned grid. */
    private static void perChannel(GivenCase given) {
        List<JsonValue> channels = given.input("channels").items();
        float[] scale = new float[channels.size()];
        float[] offset = new float[channels.size()];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = (float) channels.get(i).get("delta").asDouble();
            offset[i] = channels.get(i).get("offset").asInt();
        }
        Tensor row = given.tensor("row");
        Tensor y = QF.quantizeDequantize(row.unsqueeze(0).expand(scale.length, row.size(0)).contiguous(),
                Tensors.of(scale, scale.length, 1), Tensors.of(offset, scale.length, 1),
                Grid.ofBits(given.bitwidth(), false), List.of());
        // The expected numbers were written with four or five digits.
        allClose(y, given.expected("output"), 0, given.json().get("tolerance").asString().equals("1e-5") ? 1e-5 : 1e-4);
    }

    static void dequantize(GivenCase given) {
        exact(QF.dequantize(given.tensor("tensor_q"), given.tensor("scale"), given.tensor("offset")),
                given.expected("output"));
    }

    static void gradientOfQuantizeDequantize(GivenCase given) {
        Parameter x = new Parameter(given.tensor("tensor"));
        Tensor y = QF.quantizeDequantize(x.tensor(), given.tensor("scale"), given.tensor("offset"), grid(given),
                List.of());
        y.backward(Tensors.onesLike(y));
        exact(x.grad(), given.expected("input_grad"));
        exact(Tensors.onesLike(y).sub(x.grad()), given.expected("clipped_mask"));
    }

    static void gradientOfQuantize(GivenCase given) {
        Parameter x = new Parameter(given.tensor("tensor"));
        Tensor y = QF.quantize(x.tensor(), given.tensor("scale"), given.tensor("offset"), grid(given), List.of());
        y.backward(Tensors.onesLike(y));
        allClose(x.grad(), given.expected("input_grad"), 1e-5, 1e-8);
    }

    static void calibratedQuantizer(GivenCase given) {
        Tensor input = given.tensor("input");
        Quantize quantizer = new Quantize(Shape.of(given.input("shape").asInts()), given.bitwidth(),
                given.flag("symmetric"));
        quantizer.computeEncodings(() -> quantizer.call(input));
        Tensor codes = quantizer.call(input);
        exact(codes, given.expected("quantized"));
        allClose(QF.dequantize(codes), given.expected("dequantized"), 0, 1e-4);
        assertThat(QF.quantizedRepr(codes).dtype()).hasToString(given.expected("int_dtype").asString());
    }

    static void learnedRange(GivenCase given) {
        float[] channels = {1.5f, 1, 4};
        assertThat(given.input("tensor").asString()).isEqualTo("ones(3,1,1,2); ch0*=1.5; ch2*=4");
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(3, 1, 1, 1), given.bitwidth(), false);
        quantizer.setRange(given.tensor("min"), given.tensor("max"));
        Tensor y = quantizer.call(Tensors.of(channels, 3, 1, 1, 1).expand(3, 1, 1, 2).contiguous());
        exact(y.select(3, 0).flatten(0), given.expected("output_per_channel"));
        exact(y.select(3, 1).flatten(0), given.expected("output_per_channel"));
    }

    static void dataTypes(GivenCase given) {
        List<Boolean> values = given.input("input").get(0).items().stream().map(JsonValue::asBoolean).toList();
        Tensor bools = Tensors.of(values.get(0), values.get(1), values.get(2), values.get(3));
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false);
        quantizer.setRange(-1, 1);
        Tensor y = quantizer.call(bools);
        assertThat(y.dtype()).isEqualTo(DType.BOOL);
        assertThat(y.toLongArray()).containsExactly(given.expected("output").get(0).items().stream()
                .mapToLong(each -> each.asBoolean() ? 1 : 0).toArray());
    }

    static void fixedEncodings(GivenCase given) {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false,
                EncodingAnalyzer.of(QuantScheme.TF_ENHANCED, Shape.of(1)), List.of());
        quantizer.fixRange(given.input("fixed").get(0).asDouble(), given.input("fixed").get(1).asDouble());
        quantizer.computeEncodings(() -> quantizer.call(given.tensor("stats_input")));
        assertThat(quantizer.encoding().min()[0]).isEqualTo((float) given.expected("min").asDouble());
        assertThat(quantizer.encoding().max()[0]).isEqualTo((float) given.expected("max").asDouble());
        assertThat(quantizer.analyzer()).isInstanceOf(MinMaxAnalyzer.class);
        assertThat(QuantScheme.of(given.expected("quant_scheme").asString())).isEqualTo(QuantScheme.MIN_MAX);
    }
}

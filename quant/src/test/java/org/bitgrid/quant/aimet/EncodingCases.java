package org.bitgrid.quant.aimet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.QF;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.quantizer.FloatQuantizeDequantize;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Formats, encodings and folding. */
final class EncodingCases {
    private EncodingCases() {
    }

    private static FloatFormat format(JsonValue given) {
        return FloatFormat.of(given.get("exponent_bits").asInt(), given.get("mantissa_bits").asInt());
    }

    static void floatQuantizer(GivenCase given) {
        if (given.has("cases")) {
            List<JsonValue> cases = given.input("cases").items();
            for (int i = 0; i < cases.size(); i++) {
                assertThat(format(cases.get(i)).max()).isEqualTo(given.expected("max").get(i).asDouble());
            }
            return;
        }
        Tensor y = new FloatQuantizeDequantize(format(given.json().get("inputs"))).call(given.tensor("input"));
        float[] wanted = GivenCase.floats(given.expected("output"));
        for (int i = 0; i < wanted.length; i++) {
            assertThat(y.toFloatArray()[i]).isCloseTo(wanted[i], within(1e-4f)); // four digits were printed
        }
    }

    static void affineEncoding(GivenCase given) {
        boolean signed = given.has("signed") && given.flag("signed");
        boolean symmetric = given.has("symmetry") && given.flag("symmetry");
        AffineEncoding encoding = new AffineEncoding(Shape.SCALAR, new float[] {(float) given.number("scale")},
                new float[] {(float) given.number("offset")}, Grid.ofBits(given.bitwidth(), signed), symmetric);
        assertThat((double) encoding.min()[0]).isEqualTo(given.expected("min").asDouble());
        assertThat((double) encoding.max()[0]).isEqualTo(given.expected("max").asDouble());
        assertThat(encoding.grid().steps()).isEqualTo(given.expected("num_steps").asLong());
        assertThat(QF.integerType(encoding.grid())).hasToString(given.expected("dtype").asString());
        assertThat(encoding.symmetric()).isEqualTo(symmetric);
        if (given.expects("granularity")) {
            assertThat(encoding.granularity()).hasToString(given.expected("granularity").asString());
            assertThat(given.expected("mapping").asString()).isEqualTo("affine");
            assertThat(given.expected("symmetry").asBoolean()).isEqualTo(encoding.symmetric());
        }
    }

    /** Three filters; the case gives numbers for two batch-norm channels and looks at the first. */
    static void batchNormFold(GivenCase given) {
        assertThat(given.input("W_expr").asString()).isEqualTo("1..18 shape 3x2x3x1");
        Sequential model = new Sequential(new Conv2d(2, 3, 3, 1), new BatchNorm2d(3));
        model.eval();
        model.loadStateDict(Map.of(
                "0.weight", GivenCase.range(1, 1, 18).reshape(3, 2, 3, 1),
                "0.bias", given.tensor("bias"),
                "1.weight", padded(given.tensor("gamma")),
                "1.bias", padded(given.tensor("beta")),
                "1.running_mean", padded(given.tensor("mean")),
                "1.running_var", padded(given.tensor("sigma")).square().sub(1e-5)), false);
        GraphModule graph = new Tracer().trace(model, Tensors.zeros(1, 2, 5, 5));
        BatchNormFolding.foldAllBatchNorms(graph, Tensors.zeros(1, 2, 5, 5));
        float bias = graph.namedParameters().get("0.bias").held().toFloatArray()[0];
        assertThat((double) bias).isCloseTo(given.expected("bias_0").asDouble(), within(1e-6));
    }

    private static Tensor padded(Tensor two) {
        return Tensors.cat(List.of(two, Tensors.ones(1)), 0);
    }
}

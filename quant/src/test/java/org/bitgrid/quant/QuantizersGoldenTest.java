package org.bitgrid.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.quant.observe.MinMaxAnalyzer;
import org.bitgrid.quant.observe.PercentileAnalyzer;
import org.bitgrid.quant.observe.Range;
import org.bitgrid.quant.observe.SqnrAnalyzer;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.FloatQuantizeDequantize;
import org.bitgrid.quant.quantizer.GroupedBlockQuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantize;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Quantizers and analyzers against numbers that AIMET made; one test for each case in the file. */
class QuantizersGoldenTest {
    /** Range gradients are small differences of large sums. */
    private static final double RANGE_GRADIENT = 1e-4;
    private static final double ANALYZER = 1e-5;

    private Map<String, Tensor> tensors;

    @TestFactory
    Stream<DynamicTest> should_agree_with_aimet() {
        Path folder = Golden.path("quantizers");
        tensors = SafeTensors.read(folder.resolve("quantizers.safetensors"));
        List<JsonValue> cases = Json.read(folder.resolve("quantizers.json")).get("cases").items();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue given : cases) {
            tests.add(DynamicTest.dynamicTest(nameOf(given), () -> run(given)));
        }
        System.out.println("quantizers: " + tests.size() + " golden cases");
        return tests.stream();
    }

    private static String nameOf(JsonValue given) {
        if (given.has("name")) {
            return given.get("name").asString();
        }
        return given.get("analyzer").asString() + " " + given.get("data").asString() + " x"
                + given.get("batches").asInt() + " " + given.get("shape") + " " + given.get("bitwidth").asInt()
                + (given.get("symmetric").asBoolean() ? " symmetric" : " asymmetric");
    }

    private void run(JsonValue given) {
        switch (given.get("kind").asString()) {
            case "QuantizeDequantize" -> affine(given, new QuantizeDequantize(shape(given), grid(given),
                    given.get("symmetric").asBoolean(), null, blockSize(given), 0));
            case "Quantize" -> affine(given, new Quantize(shape(given), grid(given),
                    given.get("symmetric").asBoolean(), null, blockSize(given), 0));
            case "GroupedBlockQuantizeDequantize" -> grouped(given);
            case "FloatQuantizeDequantize" -> floating(given);
            case "analyzer" -> analyzer(given);
            default -> throw new AssertionError("no handler for kind " + given.get("kind"));
        }
    }

    private static Shape shape(JsonValue given) {
        return Shape.of(given.get("shape").asInts());
    }

    private static Grid grid(JsonValue given) {
        return new Grid(given.get("qmin").asLong(), given.get("qmax").asLong());
    }

    private static List<Integer> blockSize(JsonValue given) {
        return given.get("block_size").isNull() ? List.of() : ints(given.get("block_size"));
    }

    private static List<Integer> ints(JsonValue value) {
        return value.items().stream().map(JsonValue::asInt).toList();
    }

    private Tensor tensor(JsonValue given, String name) {
        Tensor found = tensors.get(given.get("name").asString() + "/" + name);
        assertThat(found).as(name).isNotNull();
        return found;
    }

    private void same(JsonValue given, String name, Tensor got) {
        assertThat(got.toFloatArray()).as(name).usingComparator(QuantizersGoldenTest::compare)
                .isEqualTo(tensor(given, name).toFloatArray());
    }

    /** Equal as numbers: -0 is 0, NaN is NaN. */
    private static int compare(float[] a, float[] b) {
        if (a.length != b.length) {
            return 1;
        }
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i] && !(Float.isNaN(a[i]) && Float.isNaN(b[i]))) {
                throw new AssertionError("element " + i + ": got " + a[i] + ", expected " + b[i]);
            }
        }
        return 0;
    }

    private void affine(JsonValue given, AffineQuantizer quantizer) {
        quantizer.setRange(tensor(given, "min"), tensor(given, "max"));
        assertThat(quantizer.encoding().scale()).isEqualTo(tensor(given, "scale").toFloatArray());
        assertThat(quantizer.encoding().offset()).isEqualTo(tensor(given, "offset").toFloatArray());
        Parameter x = new Parameter(tensor(given, "x"));
        Tensor y = quantizer.call(x.tensor());
        same(given, "y", y);
        y.backward(tensor(given, "grad_y"));
        same(given, "grad_x", x.grad());
        near(tensor(given, "grad_min"), quantizer.ownParameters().get("min").grad());
        near(tensor(given, "grad_max"), quantizer.ownParameters().get("max").grad());
    }

    private static void near(Tensor expected, Tensor got) {
        float[] wanted = expected.toFloatArray();
        float[] found = got.toFloatArray();
        double largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < wanted.length; i++) {
            assertThat(found[i]).isCloseTo(wanted[i], within((float) (RANGE_GRADIENT * largest)));
        }
    }

    private void grouped(JsonValue given) {
        GroupedBlockQuantizeDequantize quantizer = new GroupedBlockQuantizeDequantize(shape(given),
                given.get("bitwidth").asInt(), true, given.get("decompressed_bw").asInt(), null,
                ints(given.get("block_size")), ints(given.get("block_grouping")));
        quantizer.setRange(tensor(given, "min"), tensor(given, "max"));
        assertThat(quantizer.encoding().scale()).isEqualTo(tensor(given, "scale").toFloatArray());
        same(given, "per_channel_scale", quantizer.perChannelScale());
        assertThat(quantizer.perBlockIntegerScale().toLongArray())
                .isEqualTo(tensor(given, "per_block_integer_scale").toLongArray());
        same(given, "y", quantizer.call(tensor(given, "x")));
    }

    private void floating(JsonValue given) {
        FloatFormat format = given.has("dtype") ? FloatFormat.of(given.get("dtype").asString())
                : FloatFormat.of(Integer.parseInt(given.get("exponent_bits").asString()),
                        Integer.parseInt(given.get("mantissa_bits").asString()));
        same(given, "y", new FloatQuantizeDequantize(format).call(tensor(given, "x")));
    }

    private void analyzer(JsonValue given) {
        EncodingAnalyzer analyzer = switch (given.get("analyzer").asString()) {
            case "min_max" -> new MinMaxAnalyzer(shape(given));
            case "percentile_99" -> new PercentileAnalyzer(shape(given), List.of(), 99, 2048);
            case "percentile_99_9" -> new PercentileAnalyzer(shape(given), List.of(), 99.9, 2048);
            case "percentile_100" -> new PercentileAnalyzer(shape(given), List.of());
            case "sqnr" -> new SqnrAnalyzer(shape(given), List.of());
            default -> throw new AssertionError("no handler for analyzer " + given.get("analyzer"));
        };
        for (int i = 0; i < given.get("batches").asInt(); i++) {
            analyzer.update(tensors.get("data_" + given.get("data").asString() + "/" + i));
        }
        Range range = analyzer.computeEncodings((1L << given.get("bitwidth").asInt()) - 1,
                given.get("symmetric").asBoolean());
        boolean exact = !given.get("analyzer").asString().equals("sqnr");
        compareEnds(given.get("min").asDoubles(), range.min(), exact);
        compareEnds(given.get("max").asDoubles(), range.max(), exact);
    }

    private static void compareEnds(double[] expected, float[] got, boolean exact) {
        assertThat(got).hasSize(expected.length);
        for (int i = 0; i < got.length; i++) {
            double tolerance = exact ? 0 : ANALYZER * Math.abs(expected[i]);
            assertThat((double) got[i]).isCloseTo(expected[i], within(tolerance));
        }
    }
}

package org.bitgrid.quant.aimet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.LegacyEncodingMath;
import org.bitgrid.quant.encoding.LegacyEncodingMath.LegacyEncoding;

/** The arithmetic of AIMET's first version and of its C++ library. */
final class LegacyCases {
    private LegacyCases() {
    }

    private static LegacyEncoding encoding(GivenCase given) {
        return LegacyEncodingMath.ofRange(given.number("min"), given.number("max"), given.bitwidth());
    }

    private static float[] input(GivenCase given) {
        if (given.has("input_expr")) {
            assertThat(given.input("input_expr").asString()).isEqualTo("-15+0.5*i, i=0..59");
            return GivenCase.range(-15, 0.5, 60).toFloatArray();
        }
        return given.tensor("input").toFloatArray();
    }

    private static void close(float[] got, JsonValue expected, double tolerance) {
        double[] wanted = expected.asDoubles();
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) got[i]).as("element %d", i).isCloseTo(wanted[i], within(tolerance));
        }
    }

    static void tfEnhanced(GivenCase given) {
        assertThat(given.input("input").asString()).isEqualTo("zeros");
        double[] start = LegacyEncodingMath.tfEnhancedStart(0, 0);
        LegacyEncoding found = LegacyEncodingMath.ofRange(start[0], start[1], given.bitwidth());
        assertThat(found.min()).isCloseTo(given.expected("min").asDouble(), within(1e-4));
        assertThat(found.max()).isCloseTo(given.expected("max").asDouble(), within(1e-4));
        assertThat(found.offset()).isEqualTo(given.expected("offset").asDouble());
    }

    static void quantizeDequantize(GivenCase given) {
        float[] x = input(given);
        float[] y = new float[x.length];
        if (given.has("axis")) {
            LegacyEncoding[] channels = given.input("ranges").items().stream().map(range -> LegacyEncodingMath.ofRange(
                    range.get(0).asDouble(), range.get(1).asDouble(), given.bitwidth())).toArray(LegacyEncoding[]::new);
            for (int i = 0; i < x.length; i++) {
                y[i] = channels[channel(given, i)].quantizeDequantize(x[i]);
            }
            close(y, given.expected("first10"), 1e-3);
            return;
        }
        LegacyEncoding encoding = encoding(given);
        for (int i = 0; i < x.length; i++) {
            y[i] = encoding.quantizeDequantize(x[i]);
        }
        // Four units in the last place of a number below 1, or what was printed.
        close(y, given.expected("output"), given.json().get("tolerance").asString().startsWith("float32") ? 4 * 0x1p-24
                : 1e-3);
    }

    /** The channel of an element of a row-major tensor. */
    private static int channel(GivenCase given, int element) {
        int[] shape = given.input("shape").asInts();
        int axis = given.input("axis").asInt();
        int inner = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
        return element / inner % shape[axis];
    }

    static void quantize(GivenCase given) {
        float[] x = input(given);
        boolean perChannel = given.has("axis");
        int channels = perChannel ? given.input("shape").asInts()[given.input("axis").asInt()] : 1;
        boolean symmetric = given.description().contains("symmetric");
        long shift = symmetric || given.has("shift_to_signed") && given.flag("shift_to_signed") ? 128 : 0;
        LegacyEncoding[] encodings = new LegacyEncoding[channels];
        for (int c = 0; c < channels; c++) {
            encodings[c] = given.has("min") ? encoding(given) : observed(given, x, c, perChannel, symmetric);
        }
        long[] codes = new long[x.length];
        float[] values = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            LegacyEncoding encoding = encodings[perChannel ? channel(given, i) : 0];
            codes[i] = encoding.code(x[i]) - shift;
            values[i] = encoding.value(codes[i] + shift);
        }
        assertThat(codes).containsExactly(given.expected("output").items().stream().mapToLong(JsonValue::asLong)
                .toArray());
        if (given.expects("dequantized")) {
            close(values, given.expected("dequantized"), 1e-4);
        }
    }

    private static LegacyEncoding observed(GivenCase given, float[] x, int channel, boolean perChannel,
                                           boolean symmetric) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < x.length; i++) {
            if (!perChannel || channel(given, i) == channel) {
                min = Math.min(min, x[i]);
                max = Math.max(max, x[i]);
            }
        }
        return symmetric ? LegacyEncodingMath.ofMagnitude(Math.max(Math.abs(min), Math.abs(max)), given.bitwidth())
                : LegacyEncodingMath.ofRange(min, max, given.bitwidth());
    }

    static void dequantize(GivenCase given) {
        LegacyEncoding encoding = encoding(given);
        float[] codes = given.tensor("input").toFloatArray();
        float[] values = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            values[i] = encoding.value((long) codes[i]);
        }
        close(values, given.expected("output"), Double.parseDouble(given.json().get("tolerance").asString()));
    }

    static void regridCpp(GivenCase given) {
        LegacyEncoding found = encoding(given);
        assertThat(found.min()).isCloseTo(given.expected("min").asDouble(), within(1e-14));
        assertThat(found.max()).isCloseTo(given.expected("max").asDouble(), within(1e-14));
    }

    static void regridPython(GivenCase given) {
        LegacyEncoding found = LegacyEncodingMath.regrid(given.number("min"), given.number("max"), given.bitwidth(),
                given.flag("symmetric"), given.flag("strict"));
        assertThat(found.min()).isCloseTo(given.expected("new_min").asDouble(), within(1e-5));
        assertThat(found.max()).isCloseTo(given.expected("new_max").asDouble(), within(1e-5));
    }

    static void deltaOffset(GivenCase given) {
        double[] found = LegacyEncodingMath.deltaOffset(given.number("min"), given.number("max"), given.bitwidth(),
                given.flag("symmetric"), given.flag("strict"));
        assertThat(found).containsExactly(given.expected("delta").asDouble(), given.expected("offset").asDouble());
    }

    static void minMaxEncodings(GivenCase given) {
        for (int channel : new int[] {0, 3}) {
            double largest = 0;
            for (double value : given.input("input").get(channel).asDoubles()) {
                largest = Math.max(largest, Math.abs(value));
            }
            LegacyEncoding found = LegacyEncodingMath.ofMagnitude(largest, given.bitwidth());
            JsonValue wanted = given.expected("ch" + channel);
            assertThat(found.max()).isCloseTo(wanted.get("max").asDouble(), within(1e-9));
            assertThat(Math.rint(found.min() * 100) / 100).isEqualTo(wanted.get("min").asDouble());
        }
    }

    static void quantizeV1(GivenCase given) {
        double steps = Math.scalb(1.0, given.bitwidth()) - 1;
        double min = given.number("min");
        double max = given.number("max");
        long offset = given.input("offset").asLong();
        LegacyEncoding encoding = new LegacyEncoding(min, max, (max - min) / steps, offset, given.bitwidth());
        long[] wanted = given.expected("output").items().stream().mapToLong(JsonValue::asLong).toArray();
        float[] x = input(given);
        for (int i = 0; i < x.length; i++) {
            assertThat(encoding.code(x[i]) + offset).as("element %d", i).isEqualTo(wanted[i]);
        }
    }

    static void straightThrough(GivenCase given) {
        LegacyEncoding encoding = new LegacyEncoding(given.number("enc_min"), given.number("enc_max"), 1, 0, 8);
        float[] x = given.tensor("input").toFloatArray();
        float[] wanted = GivenCase.floats(given.expected("input_grad"));
        for (int i = 0; i < x.length; i++) {
            assertThat(encoding.gradient(x[i], (float) given.number("upstream"))).isEqualTo(wanted[i]);
        }
    }
}

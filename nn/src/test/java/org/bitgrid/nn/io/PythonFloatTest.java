package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PythonFloatTest {
    static Stream<Arguments> written() {
        return Stream.of(
                Arguments.of(0.1, "0.1"), Arguments.of(1.0, "1.0"), Arguments.of(-0.0, "-0.0"),
                Arguments.of(1e-5, "1e-05"), Arguments.of(1e-4, "0.0001"), Arguments.of(0.00012345, "0.00012345"),
                Arguments.of(1e15, "1000000000000000.0"), Arguments.of(1e16, "1e+16"),
                Arguments.of(123456789012345680.0, "1.2345678901234568e+17"), Arguments.of(1e22, "1e+22"),
                Arguments.of(1e100, "1e+100"), Arguments.of(2.5, "2.5"), Arguments.of(100.0, "100.0"),
                Arguments.of((double) 0.1f, "0.10000000149011612"), Arguments.of(1 / 3.0, "0.3333333333333333"),
                // Java before 19 writes these with a digit too many
                Arguments.of(2e23, "2e+23"), Arguments.of(Math.scalb(1.0, -44), "5.684341886080802e-14"),
                Arguments.of(Double.MIN_VALUE, "5e-324"), Arguments.of(Double.MAX_VALUE, "1.7976931348623157e+308"),
                Arguments.of(9007199254740993.0, "9007199254740992.0"),
                Arguments.of(Double.MIN_NORMAL, "2.2250738585072014e-308"),
                Arguments.of(9.5367431640625e-07, "9.5367431640625e-07"),
                Arguments.of(Double.NaN, "nan"), Arguments.of(Double.NEGATIVE_INFINITY, "-inf"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void writesAsPython(double value, String expected) {
        assertThat(PythonFloat.repr(value)).isEqualTo(expected);
    }

    @Test
    void readsBackAndIsNeverLongerThanJavas() {
        Rng rng = new Rng(1);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(rng.nextLong());
            if (Double.isFinite(value)) {
                String text = PythonFloat.repr(value);
                assertThat(Double.parseDouble(text)).isEqualTo(value);
                assertThat(digits(text)).isLessThanOrEqualTo(digits(Double.toString(value)));
            }
        }
    }

    private static int digits(String number) {
        String mantissa = number.split("[eE]")[0].replaceAll("[-.]", "").replaceAll("^0+|0+$", "");
        return mantissa.length();
    }

    @Test
    void floatsAreAsShortAsTheyReadBack() {
        assertThat(PythonFloat.repr(0.1f)).isEqualTo("0.1");
        assertThat(PythonFloat.repr(1 / 255f)).isEqualTo("0.003921569");
        assertThat(PythonFloat.repr(-1e-7f)).isEqualTo("-1e-07");
        assertThat(PythonFloat.repr(16777216f)).isEqualTo("16777216.0");
        assertThat(PythonFloat.repr(0f)).isEqualTo("0.0");
        assertThat(PythonFloat.repr(Float.MIN_VALUE)).isEqualTo("1e-45");
        assertThat(PythonFloat.repr(Float.MAX_VALUE)).isEqualTo("3.4028235e+38");
        assertThat(PythonFloat.repr(Float.NaN)).isEqualTo("nan");
        Rng rng = new Rng(3);
        for (int i = 0; i < 20_000; i++) {
            float value = Float.intBitsToFloat((int) rng.nextLong());
            if (Float.isFinite(value)) {
                String text = PythonFloat.repr(value);
                assertThat(Float.parseFloat(text)).isEqualTo(value);
                assertThat((float) Double.parseDouble(text)).isEqualTo(value);
            }
        }
        assertThat(Json.format(0.1f, JsonStyle.LINE)).isEqualTo("0.1");
    }
}

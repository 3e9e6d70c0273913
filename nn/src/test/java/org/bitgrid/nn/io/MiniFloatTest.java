package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiniFloatTest {
    @ParameterizedTest
    @EnumSource(MiniFloat.class)
    void everyCodeSurvivesDecodingAndEncoding(MiniFloat format) {
        int codes = format == MiniFloat.FLOAT16 || format == MiniFloat.BFLOAT16 ? 1 << 16 : 1 << 8;
        for (int code = 0; code < codes; code++) {
            float value = format.decode(code);
            if (Float.isNaN(value)) {
                assertThat(format.decode(format.encode(value))).isNaN();
            } else {
                assertThat(format.encode(value)).as("%s %x", format, code).isEqualTo(code);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MiniFloat.class)
    void roundsToTheNearestAndTiesToEven(MiniFloat format) {
        int codes = (format == MiniFloat.FLOAT16 || format == MiniFloat.BFLOAT16 ? 1 << 15 : 1 << 7) - 1;
        for (int code = 0; code < codes && Float.isFinite(format.decode(code + 1)); code++) {
            float low = format.decode(code);
            float high = format.decode(code + 1);
            float middle = (float) ((low + (double) high) / 2);
            assertThat(format.encode(middle)).isEqualTo(code % 2 == 0 ? code : code + 1);
            if (middle != 0 && format != MiniFloat.BFLOAT16) {
                assertThat(format.encode(Math.nextDown(middle))).isEqualTo(code);
                assertThat(format.encode(Math.nextUp(middle))).isEqualTo(code + 1);
                assertThat(format.decode(format.encode(-Math.nextUp(middle)))).isEqualTo(-high);
            }
        }
    }

    @Test
    void knownNumbers() {
        assertThat(MiniFloat.FLOAT16.decode(0x3c00)).isEqualTo(1f);
        assertThat(MiniFloat.FLOAT16.decode(0x7bff)).isEqualTo(65504f);
        assertThat(MiniFloat.FLOAT16.decode(0x0001)).isEqualTo(0x1p-24f);
        assertThat(MiniFloat.FLOAT16.decode(0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(MiniFloat.FLOAT16.encode(1e6f)).isEqualTo(0x7c00);
        assertThat(MiniFloat.BFLOAT16.decode(0x4049)).isEqualTo(3.140625f);
        assertThat(MiniFloat.FLOAT8_E4M3.decode(0x7e)).isEqualTo(448f);
        assertThat(MiniFloat.FLOAT8_E4M3.decode(0x7f)).isNaN();
        assertThat(MiniFloat.FLOAT8_E5M2.decode(0x7b)).isEqualTo(57344f);
        assertThat(MiniFloat.FLOAT8_E5M2.decode(0x7c)).isInfinite();
    }
}

package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.tensor.DeviceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClMathTest {
    private static final String PROPERTY = "bitgrid.opencl.math";

    @AfterEach
    void forget() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void singlePrecisionIsWhatThereIs() {
        assertThatCode(ClMath::check).doesNotThrowAnyException();
        System.setProperty(PROPERTY, "fp32");
        assertThatCode(ClMath::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf32", "fp16"})
    void lessPrecisionIsRefused(String asked) {
        System.setProperty(PROPERTY, asked);
        assertThatThrownBy(ClMath::check).isInstanceOf(DeviceException.class)
                .hasMessageContaining("not tested on a GPU").hasMessageContaining("got -D" + PROPERTY + "=" + asked);
    }

    @Test
    void nonsenseIsRefused() {
        System.setProperty(PROPERTY, "fast");
        assertThatThrownBy(ClMath::check).isInstanceOf(DeviceException.class)
                .hasMessage("opencl: unknown arithmetic; got -Dbitgrid.opencl.math=fast; expected fp32; "
                        + "leave the flag out");
    }
}

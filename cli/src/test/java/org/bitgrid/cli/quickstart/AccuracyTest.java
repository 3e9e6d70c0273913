package org.bitgrid.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccuracyTest {
    /** The guide prints 91.70999908447266 for 55,026 of 60,000: divided and multiplied in single precision. */
    @Test
    void printsWhatPythonPrints() {
        assertThat(Accuracy.text(Accuracy.percent(55_026, 60_000))).isEqualTo("91.70999908447266");
        assertThat(Accuracy.text(Accuracy.percent(1, 1))).isEqualTo("100.0");
        assertThat(Accuracy.text(Accuracy.percent(0, 7))).isEqualTo("0.0");
    }
}

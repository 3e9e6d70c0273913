package org.bitgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
    private static final List<String> OPTIONS = List.of("--data", "--out", "--epochs", "--qat-epochs", "--batch", "--seed",
            "--limit", "--threads", "--json", "--quiet");

    @Test
    void slipsOfTheFingerAreRecognised() {
        assertThat(NearNames.of("--epcohs", OPTIONS)).first().isEqualTo("--epochs");
        assertThat(NearNames.of("--jsno", OPTIONS)).containsExactly("--json");
        assertThat(NearNames.of("-seed", OPTIONS)).containsExactly("--seed");
        assertThat(NearNames.of("--thread=2", OPTIONS)).containsExactly("--threads");
        assertThat(NearNames.of("--qat-epoch", OPTIONS)).first().isEqualTo("--qat-epochs");
    }

    @Test
    void whatIsFarFromEverythingHasNoNeighbour() {
        assertThat(NearNames.of("--frobnicate", OPTIONS)).isEmpty();
        assertThat(NearNames.of("--", OPTIONS)).isEmpty();
        assertThat(NearNames.of("", OPTIONS)).isEmpty();
    }

    @Test
    void distancesAreThoseOfTheTextbook() {
        assertThat(NearNames.editDistance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearNames.editDistance("ab", "ba")).isEqualTo(1);
        assertThat(NearNames.editDistance("", "abc")).isEqualTo(3);
        assertThat(NearNames.editDistance("same", "same")).isZero();
    }
}

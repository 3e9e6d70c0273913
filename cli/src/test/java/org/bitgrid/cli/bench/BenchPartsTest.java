package org.bitgrid.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.nn.Module;
import org.junit.jupiter.api.Test;

/** The parts of the bench that decide what its figures mean; the figures themselves are for quiet machines. */
class BenchPartsTest {
    @Test
    void timingTakesMinimumAndMedianOfAtLeastSoManyRuns() {
        int[] runs = {0};
        Timing timing = Timing.of(() -> runs[0]++, 3, 0, 10, 0);
        assertThat(runs[0]).isEqualTo(13);
        assertThat(timing.min()).isLessThanOrEqualTo(timing.median()).isGreaterThanOrEqualTo(0);
        assertThat(timing.values()).containsOnlyKeys("min", "median");
    }

    @Test
    void workIsCountedFromTheOperatorsThemselves() {
        BenchNetworks networks = new BenchNetworks();
        Module model = networks.floating();
        WorkCount inference = WorkCount.of(BenchNetworks.inference(model, networks.images));
        // conv1, conv2, linear: 2 · 128 images · outputs · taps.
        long expected = 2L * 128 * (128 * 196 * 9 + 256 * 49 * 1152L + 10 * 12544L);
        assertThat(inference.flops()).isEqualTo(expected);
        model.train();
        WorkCount step = WorkCount.of(networks.step(model));
        assertThat(step.flops()).isEqualTo(3 * expected - 2L * 128 * 128 * 196 * 9); // conv1 needs no input gradient
        assertThat(step.bytes()).isGreaterThan(inference.bytes());
    }

    @Test
    void wrongResultsAreNotTimed() {
        ReferenceChecks.compare("a vector", new float[] {1, 2}, new float[] {1, 2}, 0);
        assertThatThrownBy(() -> ReferenceChecks.compare("a vector", new float[] {1, 2.1f}, new float[] {1, 2}, 1e-3))
                .isInstanceOf(CheckFailedException.class).hasMessageContaining("a vector differs from the reference");
        assertThatThrownBy(() -> ReferenceChecks.compare("a vector", new float[] {Float.NaN}, new float[] {1}, 1e-3))
                .isInstanceOf(CheckFailedException.class);
    }
}

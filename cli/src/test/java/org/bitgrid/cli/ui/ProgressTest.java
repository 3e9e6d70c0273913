package org.bitgrid.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void quietShowsNothingAtAll() {
        RecordingTerminal recording = new RecordingTerminal(true, 80);
        try (Progress.Task task = Progress.of(recording.terminal(), true).start("Epoch 1/4", 10, ProgressUnit.IMAGES)) {
            task.advance(10, "loss 1.0");
        }
        assertThat(recording.err() + recording.out()).isEmpty();
    }

    @Test
    void withoutATerminalThereIsOneLinePerTenth() {
        RecordingTerminal recording = RecordingTerminal.plain();
        try (Progress.Task task = Progress.of(recording.terminal(), false)
                .start("Epoch 1/4", 1000, ProgressUnit.IMAGES)) {
            for (int i = 0; i < 100; i++) {
                recording.passSeconds(0.01);
                task.advance(10, "loss 1.60");
            }
        }
        List<String> lines = recording.err().lines().toList();
        assertThat(lines).hasSize(10);
        assertThat(lines.get(0)).isEqualTo("Epoch 1/4: 10 %, loss 1.60, 1,000 images/s, 0:01 left");
        assertThat(lines.get(9)).isEqualTo("Epoch 1/4: 100 %, loss 1.60, 1,000 images/s, took 0:01");
        assertThat(recording.out()).isEmpty();
    }

    @Test
    void aLargeStepShowsOnlyTheLastTenthReached() {
        RecordingTerminal recording = RecordingTerminal.plain();
        try (Progress.Task task = Progress.of(recording.terminal(), false).start("x", 4, ProgressUnit.IMAGES)) {
            recording.passSeconds(1);
            task.advance(3, "");
        }
        assertThat(recording.err()).isEqualTo("x: 70 %, 3 images/s, 0:00 left\n");
    }

    @Test
    void onATerminalOneLineIsDrawnAgainAndAgain() {
        RecordingTerminal recording = new RecordingTerminal(true, 100);
        try (Progress.Task task = Progress.of(recording.terminal(), false)
                .start("Epoch 2/4", 200, ProgressUnit.IMAGES)) {
            recording.passSeconds(1);
            task.advance(100, "loss 1.6021");
            recording.passSeconds(1);
            task.advance(100, "loss 1.5");
        }
        String[] drawings = recording.err().split("\r");
        assertThat(drawings[2]).isEqualTo("Epoch 2/4  50 % [###############---------------] "
                + "loss 1.6021, 100 images/s, 0:01 left");
        assertThat(drawings[drawings.length - 1]).startsWith("Epoch 2/4 100 % [##############################] "
                + "loss 1.5, 100 images/s, took 0:02").endsWith("\n");
        assertThat(recording.err().chars().filter(c -> c == '\n').count()).isEqualTo(1);
    }

    @Test
    void aShorterDrawingWipesOutALongerOne() {
        RecordingTerminal recording = new RecordingTerminal(true, 100);
        try (Progress.Task task = Progress.of(recording.terminal(), false).start("x", 4, ProgressUnit.IMAGES)) {
            recording.passSeconds(1);
            task.advance(1, "a long remark");
            recording.passSeconds(1);
            task.advance(1, "short");
        }
        String[] drawings = recording.err().split("\r");
        assertThat(drawings[3]).hasSameSizeAs(drawings[2]).endsWith(" ");
    }

    @Test
    void theBarIsDrawnAtMostTenTimesASecond() {
        RecordingTerminal recording = new RecordingTerminal(true, 80);
        try (Progress.Task task = Progress.of(recording.terminal(), false).start("x", 1000, ProgressUnit.IMAGES)) {
            for (int i = 0; i < 1000; i++) {
                recording.passSeconds(0.001);
                task.advance(1, "");
            }
        }
        assertThat(recording.err().chars().filter(c -> c == '\r').count()).isBetween(5L, 13L);
    }

    @Test
    void nothingIsWiderThanTheTerminal() {
        for (int columns = 10; columns < 130; columns++) {
            RecordingTerminal recording = new RecordingTerminal(true, columns);
            try (Progress.Task task = Progress.of(recording.terminal(), false)
                    .start("train-images-idx3-ubyte.gz", 100, ProgressUnit.BYTES)) {
                recording.passSeconds(1);
                task.advance(50, "loss 1.6021");
            }
            for (String drawing : recording.err().split("[\r\n]")) {
                assertThat(drawing.length()).as("columns %d", columns).isLessThan(columns);
            }
        }
    }

    @Test
    void anUnknownTotalShowsTheSpeedOnly() {
        RecordingTerminal recording = new RecordingTerminal(true, 80);
        try (Progress.Task task = Progress.of(recording.terminal(), false).start("file", 0, ProgressUnit.BYTES)) {
            recording.passSeconds(2);
            task.advance(3_000_000, "");
        }
        assertThat(recording.err()).contains("1.5 MB/s").doesNotContain("left").doesNotContain("100 %");
    }

    @Test
    void durationsAreMinutesAndSeconds() {
        assertThat(Pace.minutes(7.4)).isEqualTo("0:07");
        assertThat(Pace.minutes(59.6)).isEqualTo("1:00");
        assertThat(Pace.minutes(3723)).isEqualTo("1:02:03");
        assertThat(Pace.minutes(Double.POSITIVE_INFINITY)).isEqualTo("0:00");
    }

    @Test
    void theWidthComesFromTheEnvironment() {
        assertThat(Terminal.columns(Map.of("COLUMNS", "132"))).isEqualTo(132);
        assertThat(Terminal.columns(Map.of("COLUMNS", "wide"))).isEqualTo(80);
        assertThat(Terminal.columns(Map.of("COLUMNS", "-1"))).isEqualTo(80);
        assertThat(Terminal.columns(Map.of())).isEqualTo(80);
    }
}

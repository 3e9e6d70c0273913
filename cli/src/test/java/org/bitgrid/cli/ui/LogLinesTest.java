package org.bitgrid.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void linesHaveAimetsLayoutAndWarningsGoToStandardError() {
        RecordingTerminal recording = RecordingTerminal.plain();
        LogLines log = new LogLines(recording.terminal());
        log.info("root", "Bitgrid");
        log.info("ModelPreparer", "Functional         : Adding new module for node: {module_relu} ");
        log.warning("root", "careful");
        assertThat(recording.out()).isEqualTo("""
                2024-05-07 14:39:22,747 - root - INFO - Bitgrid
                2024-05-07 14:39:22,747 - ModelPreparer - INFO - Functional         : Adding new module for node: \
                {module_relu}\s
                """);
        assertThat(recording.err()).isEqualTo("2024-05-07 14:39:22,747 - root - WARNING - careful\n");
    }

    @Test
    void timesAreShownInTheClocksZone() {
        Clock clock = Clock.fixed(Instant.parse("2024-12-31T23:30:00.005Z"), ZoneId.of("Europe/Berlin"));
        assertThat(LogLines.format(clock, "root", "INFO", "x")).isEqualTo("2025-01-01 00:30:00,005 - root - INFO - x");
    }
}

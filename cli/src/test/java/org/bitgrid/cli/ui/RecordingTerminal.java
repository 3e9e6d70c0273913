package org.bitgrid.cli.ui;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** A terminal that keeps what is written, with clocks that stand still until moved. */
public final class RecordingTerminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;
    private long nanos = 1_000;

    public RecordingTerminal(boolean interactive, int columns) {
        Clock clock = Clock.fixed(Instant.parse("2024-05-07T14:39:22.747Z"), ZoneOffset.UTC);
        terminal = new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), interactive, columns, clock, () -> nanos);
    }

    /** Neither interactive nor narrow. */
    public static RecordingTerminal plain() {
        return new RecordingTerminal(false, 80);
    }

    public Terminal terminal() {
        return terminal;
    }

    public void passSeconds(double seconds) {
        nanos += (long) (seconds * 1e9);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

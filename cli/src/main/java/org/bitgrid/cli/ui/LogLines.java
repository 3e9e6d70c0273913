package org.bitgrid.cli.ui;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Log lines in AIMET's layout: {@code 2024-05-07 14:39:22,747 - root - INFO - Bitgrid}. */
public final class LogLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS", Locale.ROOT);

    private final Terminal terminal;

    /** @param terminal gets the lines, warnings on standard error and others on standard output; its clock dates them */
    public LogLines(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Writes a line of level INFO; {@code name} is the part of Bitgrid that speaks, {@code "root"} for none. */
    public void info(String name, String message) {
        terminal.print(format(terminal.clock(), name, "INFO", message));
    }

    /** Writes a line of level WARNING. */
    public void warning(String name, String message) {
        terminal.err().print(format(terminal.clock(), name, "WARNING", message) + '\n');
        terminal.err().flush();
    }

    static String format(Clock clock, String name, String level, String message) {
        return TIME.format(LocalDateTime.now(clock)) + " - " + name + " - " + level + " - " + message;
    }
}

package org.bitgrid.cli.ui;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Where a command writes and what time it is: results to {@code out}, progress and warnings to {@code err}.
 *
 * @param out standard output: texts and log lines
 * @param err standard error: progress, warnings, failures
 * @param interactive whether {@code err} is a terminal, on which a line may be drawn again
 * @param columns width of that terminal, in characters
 * @param clock wall clock with the zone in which times are shown
 * @param nanoTime clock for durations, in nanoseconds
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, int columns, Clock clock,
        LongSupplier nanoTime) {

    private static final int USUAL_COLUMNS = 80;

    /** The process's own streams. Both are written as UTF-8 with plain line feeds: output is the same everywhere. */
    public static Terminal ofProcess() {
        return new Terminal(utf8(FileDescriptor.out), utf8(FileDescriptor.err), isInteractive(), columns(System.getenv()),
                Clock.systemDefaultZone(), System::nanoTime);
    }

    /** Writes one line to standard output, ended by a line feed. */
    public void print(String line) {
        out.print(line);
        out.print('\n');
        out.flush();
    }

    /** Writes one warning line to standard error. */
    public void warn(String line) {
        err.print("warning: " + line + '\n');
        err.flush();
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    /** The launcher knows whether stderr is a terminal and says so; Java only knows whether the process has one. */
    private static boolean isInteractive() {
        String told = System.getProperty("bitgrid.terminal");
        return told == null ? System.console() != null : Boolean.parseBoolean(told);
    }

    static int columns(Map<String, String> environment) {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
            return columns > 0 ? columns : USUAL_COLUMNS;
        } catch (NumberFormatException notSet) {
            return USUAL_COLUMNS;
        }
    }
}

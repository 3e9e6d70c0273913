package org.bitgrid.cli.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.bitgrid.cli.WholeNumbers;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.tensor.spi.Parallel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bitgrid bench}: times the quickstart's work beside the limits of this machine. */
@Command(name = "bench", sortOptions = false,
        description = "Times training, inference and calibration of the quickstart's network, checks the results, and "
                + "compares them with this machine's limits; takes under a minute.")
public final class BenchCommand implements Runnable {
    private final Terminal terminal;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file, as JSON.")
    private Path json;

    @Option(names = "--threads", paramLabel = "N", converter = WholeNumbers.FromOne.class,
            description = "Threads to compute on (default: one for each core).")
    private Integer threads;

    /** @param terminal where the figures are shown */
    public BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (threads != null) {
            Parallel.setThreads(threads);
        }
        Map<String, Object> values = new Bench().run();
        values.forEach((name, value) -> terminal.print(String.format(Locale.ROOT, "%-38s%s", name, text(value))));
        if (json != null) {
            Json.write(json, values, JsonStyle.INDENTED);
        }
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> timing) {
            return String.format(Locale.ROOT, "%9.3f  median %9.3f", timing.get("min"), timing.get("median"));
        }
        return value instanceof Double number ? String.format(Locale.ROOT, "%9.3f", number)
                : value instanceof Long number ? String.format(Locale.ROOT, "%,9d", number) : value.toString();
    }
}

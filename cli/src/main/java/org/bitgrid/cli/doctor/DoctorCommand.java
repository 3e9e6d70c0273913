package org.bitgrid.cli.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bitgrid doctor}: shows what decides how fast Bitgrid runs here, and what to change. */
@Command(name = "doctor", sortOptions = false,
        description = "Shows what this machine offers, and what to change to go faster.")
public final class DoctorCommand implements Runnable {
    private final Terminal terminal;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the findings to this file, as JSON.")
    private Path json;

    /** @param terminal where the findings are shown */
    public DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        SystemReport report = SystemProbe.look();
        List<String> advice = Advice.of(report);
        report.lines().forEach((label, text) ->
                terminal.print(String.format(Locale.ROOT, "%-12s%s", label, text)));
        terminal.print("");
        terminal.print(advice.isEmpty() ? "Nothing to change." : "To go faster:");
        advice.forEach(sentence -> terminal.print("- " + sentence));
        if (json != null) {
            Json.write(json, report.values(advice), JsonStyle.INDENTED);
        }
    }
}

package org.bitgrid.cli.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bitgrid.cli.BackendOption;
import org.bitgrid.cli.WholeNumbers;
import org.bitgrid.cli.data.FashionMnistSource;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.tensor.spi.Parallel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bitgrid quickstart}: the whole guide as one command. */
@Command(name = "quickstart", sortOptions = false,
        description = "Trains a network on Fashion-MNIST, quantizes it to 4-bit weights and 8-bit activations, "
                + "fine-tunes and exports it.")
public final class QuickstartCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--data", paramLabel = "DIR",
            description = "Folder with the four IDX files; without it, the cache is used, and filled by a download.")
    private Path data;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "bitgrid-out",
            description = "Folder for the exported files (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "4", converter = WholeNumbers.FromZero.class,
            description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--qat-epochs", paramLabel = "N", defaultValue = "1", converter = WholeNumbers.FromZero.class,
            description = "Passes with simulated quantization (default: ${DEFAULT-VALUE}).")
    private int qatEpochs;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128", converter = WholeNumbers.FromTwo.class,
            description = "Images in a batch (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", converter = WholeNumbers.Any.class,
            description = "Same seed, same result (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--limit", paramLabel = "N", converter = WholeNumbers.FromTwo.class,
            description = "Take at most N images of each set.")
    private Integer limit;

    @Option(names = "--threads", paramLabel = "N", converter = WholeNumbers.FromOne.class,
            description = "Threads to compute on (default: one for each core). Changes the time, not the result.")
    private Integer threads;

    @Option(names = "--backend", paramLabel = "NAME",
            description = "Where to compute: cpu, reference, opencl or opencl:N (default: cpu).")
    private String backend;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the numbers to this file, as JSON.")
    private Path json;

    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    /** @param terminal where results and progress are shown */
    public QuickstartCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (threads != null) {
            Parallel.setThreads(threads);
        }
        Progress progress = Progress.of(terminal, quiet);
        QuickstartSettings settings = new QuickstartSettings(data, out, epochs, qatEpochs, batch, seed,
                limit == null ? Integer.MAX_VALUE : limit, json, BackendOption.of("quickstart", backend));
        QuickstartReport report = new Quickstart(settings, terminal, progress,
                FashionMnistSource.usual(terminal, progress)).run();
        terminal.print("");
        report.summary().forEach(terminal::print);
        if (json != null) {
            Json.write(json, report.values(settings), JsonStyle.INDENTED);
        }
        return 0;
    }
}

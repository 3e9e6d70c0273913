package org.bitgrid.cli.export;

import java.nio.file.Path;
import java.util.List;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.quant.export.ExportVerifier;
import org.bitgrid.quant.export.VerificationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bitgrid verify-export DIR}: checks exported models, weights and encodings against each other. */
@Command(name = "verify-export", sortOptions = false,
        description = "Checks exported models, weights and encodings against each other.")
public final class VerifyExportCommand implements Runnable {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "Folder with PREFIX.onnx, PREFIX.safetensors, PREFIX.encodings and "
            + "PREFIX_torch.encodings; all prefixes are checked.")
    private Path folder;

    /** @param terminal where the findings are shown */
    public VerifyExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        List<VerificationReport> reports = ExportVerifier.verify(folder);
        reports.forEach(report -> terminal.print(report.toString()));
        long faults = reports.stream().mapToLong(report -> report.faults().size()).sum();
        if (faults > 0) {
            throw new CheckFailedException("verify-export: the files do not agree; got " + faults + " faults in "
                    + folder + "; export the model again");
        }
    }
}

package org.bitgrid.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.ui.RecordingTerminal;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.Softmax;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyExportCommandTest {
    @TempDir
    private Path folder;
    private final RecordingTerminal recording = RecordingTerminal.plain();

    @BeforeEach
    void export() {
        Tensor sample = Tensors.ones(2, 4);
        QuantizationSimModel sim = new QuantizationSimModel(new Sequential(new Linear(4, 3), new Softmax(-1)), sample,
                QuantSimOptions.defaults());
        sim.computeEncodings(model -> model.call(sample));
        sim.export(folder, "small", sample);
    }

    private Throwable run() {
        Throwable[] thrown = new Throwable[1];
        CommandLine command = new CommandLine(new VerifyExportCommand(recording.terminal()));
        command.setExecutionExceptionHandler((fault, line, parsed) -> {
            thrown[0] = fault;
            return 1;
        }).execute(folder.toString());
        return thrown[0];
    }

    @Test
    void soundFilesPass() {
        assertThat(run()).isNull();
        assertThat(recording.out()).isEqualTo("small: 4 encodings, 0 further ones, nothing differs\n");
    }

    @Test
    void whatDiffersIsListed() throws IOException {
        Path file = folder.resolve("small.encodings");
        Files.writeString(file, Files.readString(file).replace("\"output\"", "\"outptu\""));
        assertThat(run()).isInstanceOf(CheckFailedException.class).hasMessage("verify-export: the files do not agree; "
                + "got 3 faults in " + folder + "; export the model again");
        assertThat(recording.out()).contains("small: 4 encodings, 0 further ones, 3 faults",
                "  fault: outptu has an encoding but is no tensor of the graph");
    }
}

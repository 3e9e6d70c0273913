package org.bitgrid.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bitgrid.cli.ui.RecordingTerminal;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
    @TempDir
    private Path folder;
    private final RecordingTerminal recording = RecordingTerminal.plain();

    @Test
    void itShowsTheMachineAndWritesTheSameAsJson() {
        Path file = folder.resolve("doctor.json");
        int code = new CommandLine(new DoctorCommand(recording.terminal())).execute("--json", file.toString());
        assertThat(code).isZero();
        assertThat(recording.out()).contains("Java        " + System.getProperty("java.version"), "OpenCL",
                "Heap        at most ");
        JsonValue values = Json.read(file);
        assertThat(values.get("cores").asInt()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(values.get("opencl").asString()).isNotBlank();
        assertThat(recording.out()).contains("SIMD        ", "Peak rate   ", "GFLOP/s on one thread");
        assertThat(values.get("peak_gflops").asDouble()).isGreaterThan(0.1);
        assertThat(values.get("peak_one_thread_gflops").asDouble()).isGreaterThan(0.1);
        assertThat(values.keys()).contains("java", "heap_bytes", "advice");
    }
}

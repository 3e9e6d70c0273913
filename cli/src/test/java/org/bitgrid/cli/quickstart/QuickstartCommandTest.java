package org.bitgrid.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bitgrid.cli.BackendOption;
import org.bitgrid.cli.UsageException;
import org.bitgrid.cli.data.ImageData;
import org.bitgrid.cli.data.SyntheticImages;
import org.bitgrid.cli.ui.RecordingTerminal;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.Dataset;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.opencl.OpenCl;
import org.bitgrid.tensor.spi.Parallel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole command on a few drawn images in files of their own. */
class QuickstartCommandTest {
    private static final int TRAIN = 96;
    private static final int TEST = 40;

    @TempDir
    private Path folder;

    private Path data() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        ImageData images = SyntheticImages.draw(3, TRAIN, TEST);
        write(data, "train", images.train());
        write(data, "t10k", images.test());
        return data;
    }

    private static void write(Path data, String set, Dataset samples) throws IOException {
        try (Batch all = samples.all()) {
            float[] pixels = all.inputs().toFloatArray();
            ByteBuffer images = ByteBuffer.allocate(16 + pixels.length).putInt(0x803).putInt(all.size()).putInt(28).putInt(28);
            for (float pixel : pixels) {
                images.put((byte) Math.round(pixel * 255));
            }
            Files.write(data.resolve(set + "-images-idx3-ubyte"), images.array());
            ByteBuffer labels = ByteBuffer.allocate(8 + all.size()).putInt(0x801).putInt(all.size());
            for (long label : all.targets().toLongArray()) {
                labels.put((byte) label);
            }
            Files.write(data.resolve(set + "-labels-idx1-ubyte"), labels.array());
        }
    }

    private RecordingTerminal run(int expectedCode, Path data, String out, String... more) {
        RecordingTerminal recording = RecordingTerminal.plain();
        String[] usual = {"--data", data.toString(), "--out", folder.resolve(out).toString(), "--batch", "32", "--epochs",
            "1", "--json", folder.resolve(out + ".json").toString()};
        String[] all = Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new);
        int code = new CommandLine(new QuickstartCommand(recording.terminal())).execute(all);
        assertThat(code).as(recording.err()).isEqualTo(expectedCode);
        return recording;
    }

    private Map<String, String> sums(String out) throws Exception {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve(out))) {
            for (Path file : files.toList()) {
                sums.put(file.getFileName().toString(), HexFormat.of().formatHex(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
            }
        }
        return sums;
    }

    private static String masked(String out) {
        return out.substring(0, out.indexOf("\nData      ")).replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}",
                "TIME").replaceAll("accuracy(.*?): [\\d.]+", "accuracy$1: ACCURACY");
    }

    @Test
    void itPrintsTheGuidesTextsAndWritesTheSameBytesOnAnyNumberOfThreads() throws Exception {
        Path data = data();
        int threads = Parallel.threads();
        RecordingTerminal recording;
        try {
            recording = run(0, data, "first", "--threads", "1");
            run(0, data, "second", "--threads", "2");
        } finally {
            Parallel.setThreads(threads);
        }
        try (InputStream expected = getClass().getResourceAsStream("output.txt")) {
            assertThat(masked(recording.out())).isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(recording.err()).contains("Epoch 1/1: 100 %, loss ", "QAT epoch 1/1: ", "images/s");

        Map<String, String> sums = sums("first");
        sums.forEach((name, sum) -> System.out.println("sha256 " + sum + "  " + name));
        assertThat(sums.keySet()).containsExactly("fashion_mnist_model.encodings", "fashion_mnist_model.onnx",
                "fashion_mnist_model.safetensors", "fashion_mnist_model_torch.encodings");
        assertThat(sums("second")).isEqualTo(sums);

        JsonValue values = Json.read(folder.resolve("first.json"));
        assertThat(values.get("data").asString()).isEqualTo("fashion-mnist");
        assertThat(values.get("seed").asLong()).isEqualTo(42);
        for (String stage : List.of("float", "prepared", "folded", "quantized", "qat")) {
            assertThat(values.get(stage + "_accuracy").asDouble()).isBetween(0.0, 100.0);
            assertThat(values.get(stage + "_accuracy_test").asDouble()).isBetween(0.0, 100.0);
        }
        assertThat(values.get("prepared_accuracy").asDouble()).isEqualTo(values.get("float_accuracy").asDouble());
        assertThat(values.get("epoch_loss").asDoubles()).hasSize(2);
        assertThat(values.get("seconds").keys()).contains("data", "train", "evaluate", "prepare", "fold", "quantize",
                "qat", "export");
        assertThat(values.get("files").asStrings()).hasSize(4).allMatch(file -> Files.isRegularFile(Path.of(file)));
        assertThat(values.get("encodings").asStrings()).hasSize(2);
        assertThat(values.get("threads").asInt()).isOne();
        assertThat(values.get("java").asString()).isEqualTo(System.getProperty("java.version"));
        assertThat(values.get("simd").asString()).isNotEmpty();
    }

    @Test
    void quietShowsNoProgressAndOtherSeedsGiveOtherWeights() throws Exception {
        Path data = data();
        RecordingTerminal recording = run(0, data, "quiet", "--quiet", "--limit", "64", "--qat-epochs", "0");
        assertThat(recording.err()).isEmpty();
        run(0, data, "other", "--quiet", "--limit", "64", "--qat-epochs", "0", "--seed", "43");
        assertThat(sums("other").get("fashion_mnist_model.safetensors"))
                .isNotEqualTo(sums("quiet").get("fashion_mnist_model.safetensors"));
        assertThat(Json.read(folder.resolve("quiet.json")).get("train_images").asInt()).isEqualTo(64);
    }

    @Test
    void theWholeGuideRunsOnAnOpenClDevice() throws Exception {
        assumeTrue(OpenCl.whyNone() == null, "skipped, no OpenCL device: " + OpenCl.whyNone());
        Path data = data();
        RecordingTerminal recording = run(0, data, "device", "--backend", "opencl");
        try (InputStream expected = getClass().getResourceAsStream("output.txt")) {
            assertThat(masked(recording.out())).isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        }
        run(0, data, "cpu", "--backend", "cpu");
        JsonValue device = Json.read(folder.resolve("device.json"));
        JsonValue cpu = Json.read(folder.resolve("cpu.json"));
        assertThat(device.get("backend").asString()).isEqualTo("opencl:0");
        assertThat(cpu.get("backend").asString()).isEqualTo("cpu");
        assertThat(device.get("epoch_loss").asDoubles()[0])
                .isCloseTo(cpu.get("epoch_loss").asDoubles()[0], within(1e-4));
        assertThat(sums("device").keySet()).isEqualTo(sums("cpu").keySet());
    }

    @Test
    void backendsThatCannotBeUsedAreRefusedBeforeAnythingRuns() {
        assertThatThrownBy(() -> BackendOption.of("quickstart", "cuda")).isInstanceOf(UsageException.class)
                .hasMessage("quickstart: --backend: unknown backend; got \"cuda\"; expected cpu, reference, opencl or "
                        + "opencl:N; do see bitgrid help quickstart");
        assertThatThrownBy(() -> BackendOption.of("quickstart", "opencl:x")).isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown backend; got \"opencl:x\"");
        assertThatThrownBy(() -> BackendOption.of("quickstart", "opencl:999")).isInstanceOf(UsageException.class)
                .hasMessageContaining("no such device; got \"opencl:999\"").hasMessageContaining("bitgrid doctor");
    }
}

package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.nn.optim.ReduceLROnPlateau;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckpointTest {
    @TempDir
    private Path folder;

    private Process start(Path runFolder) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xmx256m", "--add-modules", "jdk.incubator.vector", "-cp",
                classPath(), ResumableRun.class.getName(), runFolder.toString(), "3")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Where the classes of this test come from, whoever started it. */
    private static String classPath() {
        return Stream.of(ResumableRun.class, Module.class, Autograd.class, Tensor.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Lets the process save some times more, then kills it a little later. Returns how often it had saved. */
    private static int killAfter(Process process, int saves, int moreMillis) throws Exception {
        int seen = 0;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(),
                StandardCharsets.UTF_8))) {
            while (seen < saves && out.readLine() != null) {
                seen++;
            }
            Thread.sleep(moreMillis);
            process.destroyForcibly();
            while (out.readLine() != null) {
                seen++;
            }
        } catch (IOException streamClosedByTheKill) {
            assertThat(process.waitFor()).isNotZero();
        }
        process.waitFor();
        return seen;
    }

    /** The processes are killed by the operating system, wherever they are: computing, writing, moving, deleting. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aRunThatIsKilledAgainAndAgainEndsWithTheSameBytes() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Process undisturbed = start(whole);
        Rng rng = new Rng(11);
        int kills = 0;
        for (int i = 0; i < 4; i++) {
            Process process = start(broken);
            killAfter(process, 1 + rng.nextInt(4), rng.nextInt(15));
            kills += process.exitValue() == 0 ? 0 : 1;
            assertThat(Json.read(broken.resolve("run.json")).get("epoch").asLong()).isPositive();
        }
        Process last = start(broken);
        last.getInputStream().readAllBytes();
        assertThat(last.waitFor()).isZero();
        undisturbed.getInputStream().readAllBytes();
        assertThat(undisturbed.waitFor()).isZero();
        System.out.println("training run killed " + kills + " times");
        assertThat(kills).isGreaterThanOrEqualTo(3);
        assertThat(Files.readAllBytes(broken.resolve("final.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("final.safetensors")));
        try (Stream<Path> files = Files.list(whole)) {
            assertThat(files).as("old tensors are deleted").hasSize(3);
        }
    }

    private static Module network() {
        return new Sequential(new Linear(3, 4), new Linear(4, 2));
    }

    @Test
    void infinitiesOfASchedulerSurvive() {
        Module model = network();
        Adam optimizer = new Adam(model.parameters(), 1e-3);
        ReduceLROnPlateau scheduler = new ReduceLROnPlateau(optimizer);
        Path file = folder.resolve("run.json");
        new TrainingCheckpoint(file, model).optimizer(optimizer).scheduler(scheduler).save(3);
        scheduler.step(5.0);
        assertThat(new TrainingCheckpoint(file, model).optimizer(optimizer).scheduler(scheduler).restore()).isEqualTo(3);
        assertThat(scheduler.stateDict().get("best")).isInfinite();
    }

    @Test
    void whatDoesNotBelongTogetherIsAnErrorAndChangesNothing() throws IOException {
        Module model = network();
        Path file = folder.resolve("run.json");
        new TrainingCheckpoint(file, model).rng(new Rng(1)).save(1);
        Module other = network();
        float[] before = other.parameters().get(0).tensor().toFloatArray();
        assertThatThrownBy(() -> new TrainingCheckpoint(file, other).restore()).isInstanceOf(FormatException.class)
                .hasMessageContaining("$.rng was saved, but the run that restores has none");
        assertThatThrownBy(() -> new TrainingCheckpoint(file, other).rng(new Rng(1)).optimizer(
                new Adam(other.parameters())).restore()).isInstanceOf(FormatException.class)
                .hasMessageContaining("$.optimizer was not saved");
        Path tensors;
        try (Stream<Path> files = Files.list(folder)) {
            tensors = files.filter(path -> path.toString().endsWith(".safetensors")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(tensors);
        bytes[bytes.length - 1] ^= 1;
        Files.write(tensors, bytes);
        assertThatThrownBy(() -> new TrainingCheckpoint(file, other).rng(new Rng(1)).restore())
                .isInstanceOf(FormatException.class).hasMessageContaining("SHA-256");
        assertThat(other.parameters().get(0).tensor().toFloatArray()).isEqualTo(before);
    }

    @Test
    void damagedCheckpointsAreClearErrors() throws IOException {
        Module model = network();
        Adam optimizer = new Adam(model.parameters());
        Path file = folder.resolve("damaged.json");
        TrainingCheckpoint checkpoint = new TrainingCheckpoint(file, model).optimizer(optimizer).rng(new Rng(2));
        checkpoint.save(9);
        byte[] good = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            Files.write(file, Mutations.mutate(good, new Rng(21).fork(i)));
            try {
                checkpoint.restore();
            } catch (BitgridException e) {
                refused++;
            }
        }
        System.out.println("fuzz checkpoint: 1000 cases, " + refused + " refused");
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void aModelInSeveralFilesReadsBackAndAMissingOneIsNamed() throws IOException {
        Map<String, Tensor> tensors = Map.of("a", Tensors.arange(10), "b", Tensors.arange(7), "c", Tensors.arange(4));
        Path index = folder.resolve("model.safetensors.index.json");
        SafeTensors.writeSharded(index, tensors, 48);
        Map<String, Tensor> read = SafeTensors.readSharded(index);
        assertThat(read.keySet()).isEqualTo(tensors.keySet());
        read.forEach((name, tensor) -> assertThat(tensor.toFloatArray()).isEqualTo(tensors.get(name).toFloatArray()));
        List<String> files = Json.read(index).get("weight_map").fields().values().stream().map(JsonValue::asString)
                .distinct().toList();
        assertThat(files).hasSizeGreaterThan(1);
        Files.delete(folder.resolve(files.get(0)));
        assertThatThrownBy(() -> SafeTensors.readSharded(index)).isInstanceOf(FileException.class)
                .hasMessageContaining(files.get(0));
        Files.writeString(index, "{\"weight_map\": {\"a\": \"../elsewhere.safetensors\"}}");
        assertThatThrownBy(() -> SafeTensors.readSharded(index)).isInstanceOf(FormatException.class)
                .hasMessageContaining("same folder");
    }
}

package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.bitgrid.nn.data.IdxFile;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of damaged files: a clear error or a sound result, quickly and in memory of the file's order. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FileFuzzTest {
    private static final int CASES = 3000;
    private static final long MEMORY_ALLOWANCE = 4 << 20;
    private static final long MEMORY_FACTOR = 64;

    @TempDir
    Path folder;
    private Path file;

    /** Reads the damaged file and checks whatever was read. */
    private interface Reader {
        void read(Path file) throws IOException;
    }

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("damaged");
    }

    private void fuzz(String what, long seed, byte[] good, Reader reader) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Rng rng = new Rng(seed);
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = Mutations.mutate(good, rng.fork(i));
            Files.write(file, damaged);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                reader.read(file);
            } catch (BitgridException e) {
                refused++;
                assertThat(e.getMessage()).as("%s, seed %d, case %d", what, seed, i).contains("damaged")
                        .doesNotContain("\n");
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what + ", seed " + seed + ", case " + i, e);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated by %s, seed %d, case %d", what, seed, i)
                    .isLessThan(MEMORY_ALLOWANCE + MEMORY_FACTOR * damaged.length);
        }
        System.out.println("fuzz " + what + ": " + CASES + " cases, " + refused + " refused");
        assertThat(refused).isGreaterThan(CASES / 10);
    }

    @Test
    void json() throws IOException {
        String text = """
                {"version": "0.6.1", "activation_encodings": {"input": [{"bitwidth": 8, "max": 1.0, "min": -0.5e-3,
                 "is_symmetric": "False", "nested": [[[[[]]]], {"é": "\\u00e9\\n"}, null, true, false]}]}}""";
        fuzz("json", 11, text.getBytes(StandardCharsets.UTF_8), damaged -> {
            JsonValue value = Json.read(damaged);
            String written = Json.format(value, JsonStyle.LINE);
            assertThat(Json.format(Json.parse(written), JsonStyle.LINE)).isEqualTo(written);
        });
    }

    @Test
    void safetensors() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("conv.weight", Tensors.arange(24).reshape(2, 3, 4));
        tensors.put("flags", Tensors.of(true, false, true));
        tensors.put("scalar", Tensors.scalar(1.5));
        Path good = folder.resolve("good");
        SafeTensors.write(good, tensors, Map.of("format", "pt"));
        fuzz("safetensors", 12, Files.readAllBytes(good), damaged -> SafeTensors.read(damaged).forEach(
                (name, tensor) -> assertThat(tensor.toDoubleArray()).hasSize((int) tensor.numel())));
    }

    @Test
    void npy() throws IOException {
        Path good = folder.resolve("good");
        Npy.write(good, Tensors.arange(24).reshape(2, 3, 4));
        fuzz("npy", 15, Files.readAllBytes(good), damaged -> {
            Tensor tensor = Npy.read(damaged);
            assertThat(tensor.toDoubleArray()).hasSize((int) tensor.numel());
        });
    }

    @Test
    void npz() throws IOException {
        Path good = folder.resolve("good");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weights", Tensors.arange(24).reshape(2, 3, 4));
        tensors.put("flags", Tensors.of(true, false, true));
        Npy.writeAll(good, tensors);
        fuzz("npz", 16, Files.readAllBytes(good), damaged -> Npy.readAll(damaged).forEach(
                (name, tensor) -> assertThat(tensor.toDoubleArray()).hasSize((int) tensor.numel())));
    }

    private void torch(String name, long seed) throws IOException {
        Path golden = GoldenFiles.folder("files");
        assumeThat(golden).isNotNull();
        fuzz(name, seed, Files.readAllBytes(golden.resolve(name)), damaged -> TorchFile.readTensors(damaged).forEach(
                (key, tensor) -> {
                    if (tensor.numel() < 1 << 16) { // a stride of 0 may repeat an element any number of times
                        assertThat(tensor.toDoubleArray()).hasSize((int) tensor.numel());
                    }
                }));
    }

    @Test
    void torchZip() throws IOException {
        torch("state_zip.pt", 17);
    }

    @Test
    void torchLegacy() throws IOException {
        torch("state_legacy.pt", 18);
    }

    @Test
    void torchNested() throws IOException {
        torch("nested.pt", 19);
    }

    @Test
    void plainIdx() throws IOException {
        byte[] good = idx(40, 5, 6);
        fuzz("plain idx", 13, good, damaged -> {
            Tensor images = IdxFile.readImages(damaged);
            assertThat(images.numel() + 16).isEqualTo(Files.size(damaged));
        });
    }

    @Test
    void zippedIdx() throws IOException {
        byte[] good = idx(40, 5, 6);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(good);
        }
        float[] expected = IdxFile.readImages(Files.write(folder.resolve("good"), good)).toFloatArray();
        // The checksum of gzip leaves no room for a wrong result.
        fuzz("zipped idx", 14, zipped.toByteArray(), damaged ->
                assertThat(IdxFile.readImages(damaged).toFloatArray()).isEqualTo(expected));
    }

    private static byte[] idx(int count, int height, int width) {
        byte[] bytes = new byte[16 + count * height * width];
        bytes[2] = 8;
        bytes[3] = 3;
        bytes[7] = (byte) count;
        bytes[11] = (byte) height;
        bytes[15] = (byte) width;
        for (int i = 16; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }

    @Test
    void mutationsAreReproducibleAndChangeSomething() {
        byte[] good = idx(3, 2, 2);
        int changed = 0;
        for (int i = 0; i < 100; i++) {
            byte[] first = Mutations.mutate(good, new Rng(5).fork(i));
            assertThat(first).isEqualTo(Mutations.mutate(good, new Rng(5).fork(i)));
            changed += Arrays.equals(first, good) ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(80);
    }
}

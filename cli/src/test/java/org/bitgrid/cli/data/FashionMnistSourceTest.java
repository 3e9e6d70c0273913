package org.bitgrid.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.UsageException;
import org.bitgrid.cli.ui.RecordingTerminal;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FashionMnistSourceTest {
    private static final URI NOWHERE = URI.create("http://nobody.invalid/");
    private static final DownloadSettings IMPATIENT = new DownloadSettings(Duration.ofMillis(500), Duration.ofMillis(300),
            2, Duration.ofMillis(5), 1 << 20);

    @TempDir
    private Path folder;
    private final RecordingTerminal recording = RecordingTerminal.plain();

    private FashionMnistSource source(URI address) {
        return new FashionMnistSource(folder.resolve("cache/fashion-mnist"), address, IMPATIENT, recording.terminal(),
                Progress.of(recording.terminal(), true));
    }

    /** Images whose pixels are their number, gzipped. */
    static byte[] images(int count, int side) {
        return gzip(out -> {
            out.writeInt(0x803);
            out.writeInt(count);
            out.writeInt(side);
            out.writeInt(side);
            for (int i = 0; i < count * side * side; i++) {
                out.writeByte(i / (side * side));
            }
        });
    }

    /** Labels 0, 1, …, 9, 0, …, gzipped. */
    static byte[] labels(int count) {
        return gzip(out -> {
            out.writeInt(0x801);
            out.writeInt(count);
            for (int i = 0; i < count; i++) {
                out.writeByte(i % 10);
            }
        });
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] gzip(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
            writer.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private Path put(String name, byte[] content) throws IOException {
        Path file = folder.resolve("data").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private void putAll(int train, int test) throws IOException {
        put("train-images-idx3-ubyte.gz", images(train, 28));
        put("train-labels-idx1-ubyte.gz", labels(train));
        put("t10k-images-idx3-ubyte.gz", images(test, 28));
        put("t10k-labels-idx1-ubyte.gz", labels(test));
    }

    private ImageData load() throws IOException {
        return source(NOWHERE).load(folder.resolve("data"), Integer.MAX_VALUE, 1);
    }

    private void assertRefused(Class<? extends Throwable> type, String... parts) {
        ThrowingCallable load = this::load;
        assertThatThrownBy(load).isInstanceOf(type).hasMessageContainingAll(parts);
    }

    @Test
    void aFolderWithTheFourFilesIsRead() throws IOException {
        putAll(25, 12);
        ImageData data = load();
        assertThat(data.origin()).isEqualTo(ImageData.Origin.FASHION_MNIST);
        assertThat(data.train().size()).isEqualTo(25);
        assertThat(data.test().size()).isEqualTo(12);
        try (Batch batch = data.train().batch(0, 17)) {
            assertThat(batch.inputs().shape().toString()).isEqualTo("(2, 1, 28, 28)");
            assertThat(batch.inputs().toFloatArray()).contains(17 / 255f, 0f);
            assertThat(batch.targets().toLongArray()).containsExactly(0, 7);
        }
        assertThat(recording.err()).isEmpty();
    }

    @Test
    void theLimitHoldsForBothSets() throws IOException {
        putAll(25, 12);
        ImageData data = source(NOWHERE).load(folder.resolve("data"), 15, 1);
        assertThat(data.train().size()).isEqualTo(15);
        assertThat(data.test().size()).isEqualTo(12);
    }

    @Test
    void filesOfOtherDataSetsAreFoundByTheirNames() throws IOException {
        put("emnist-digits-train-images-idx3-ubyte.gz", images(3, 28));
        put("emnist-digits-train-labels-idx1-ubyte.gz", labels(3));
        put("emnist-digits-test-images-idx3-ubyte.gz", images(2, 28));
        put("emnist-digits-test-labels-idx1-ubyte.gz", labels(2));
        put("README.md", new byte[0]);
        assertThat(load().train().size()).isEqualTo(3);
        put("letters-train-images-idx3-ubyte.gz", images(3, 28));
        assertRefused(UsageException.class, "more than one file", "training images", "emnist-digits-train-images",
                "letters-train-images", "do name it train-images-idx3-ubyte.gz");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        putAll(3, 3);
        Files.delete(folder.resolve("data/t10k-labels-idx1-ubyte.gz"));
        assertRefused(UsageException.class, "files are missing in ", "expected t10k-labels-idx1-ubyte.gz;");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertRefused(UsageException.class, "data: --data cannot be used; got nothing of that name at ", "data;");
    }

    @Test
    void imagesOfAnotherSizeAreRefused() throws IOException {
        putAll(3, 3);
        put("t10k-images-idx3-ubyte.gz", images(3, 32));
        assertRefused(FormatException.class, "t10k-images", "got 32x32 at offset 8; expected 28x28");
    }

    @Test
    void labelsInThePlaceOfImagesAreRefused() throws IOException {
        putAll(3, 3);
        put("train-images-idx3-ubyte.gz", labels(3));
        assertRefused(FormatException.class, "train-images", "offset 0", "0x00000801", "expected 0x00000803");
    }

    @Test
    void anEmptySetIsRefused() throws IOException {
        putAll(3, 0);
        assertRefused(FormatException.class, "t10k-images", "count 0 at offset 4");
    }

    @Test
    void withoutNetworkTheDataIsDrawnAndSaysSo() throws IOException {
        ImageData data = source(NOWHERE).load(null, 50, 1);
        assertThat(data.origin()).isEqualTo(ImageData.Origin.SYNTHETIC);
        assertThat(data.train().size()).isEqualTo(50);
        assertThat(recording.err()).hasLineCount(1).contains(" - Data - WARNING - No network (", "the data is SYNTHETIC");
        assertThat(recording.out()).isEmpty();
        assertThat(folder.resolve("cache/fashion-mnist")).isEmptyDirectory();
    }

    @Test
    void aServerThatSendsSomethingElseIsAnError() throws Exception {
        try (FaultyServer server = new FaultyServer().serve("train-images-idx3-ubyte.gz", images(3, 28))) {
            assertThatThrownBy(() -> source(server.address()).load(null, 50, 1)).isInstanceOf(CheckFailedException.class)
                    .hasMessageContaining("wrong content; got SHA-256 " + DownloaderTest.sha256(images(3, 28))
                            + "; expected 3aede38d");
        }
        assertThat(folder.resolve("cache/fashion-mnist")).isEmptyDirectory();
    }

    @Test
    void theCacheIsUsedWhenItIsFull() throws IOException {
        putAll(4, 4);
        Files.createDirectories(folder.resolve("cache"));
        Files.move(folder.resolve("data"), folder.resolve("cache/fashion-mnist"));
        assertThat(source(NOWHERE).load(null, 50, 1).origin()).isEqualTo(ImageData.Origin.FASHION_MNIST);
    }
}

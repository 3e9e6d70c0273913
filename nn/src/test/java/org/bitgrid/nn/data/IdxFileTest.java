package org.bitgrid.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    @TempDir
    Path folder;

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] images(int count, int height, int width) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + count * height * width);
        bytes.putInt(0x803).putInt(count).putInt(height).putInt(width);
        while (bytes.hasRemaining()) {
            bytes.put((byte) (bytes.position() * 7));
        }
        return bytes.array();
    }

    private static byte[] labels(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + values.length);
        bytes.putInt(0x801).putInt(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    @Test
    void readsPlainAndZippedFilesAlike() throws IOException {
        Tensor plain = IdxFile.readImages(file("plain", images(3, 2, 4)));
        Tensor zipped = IdxFile.readImages(file("zipped.gz", gzip(images(3, 2, 4))));
        assertThat(plain.spec().shape()).isEqualTo(Shape.of(3, 2, 4));
        assertThat(plain.dtype()).isEqualTo(DType.UINT8);
        assertThat(plain.at(0, 0, 0)).isEqualTo(16 * 7);
        assertThat(plain.toFloatArray()).isEqualTo(zipped.toFloatArray());
    }

    @Test
    void readsOtherElementTypes() throws IOException {
        ByteBuffer shorts = ByteBuffer.allocate(8 + 4).putInt(0xb01).putInt(2).putShort((short) -2).putShort((short) 9);
        assertThat(IdxFile.read(file("shorts", shorts.array())).toLongArray()).containsExactly(-2, 9);
        ByteBuffer doubles = ByteBuffer.allocate(8 + 8).putInt(0xe01).putInt(1).putDouble(2.5);
        assertThat(IdxFile.read(file("doubles", doubles.array())).toDoubleArray()).containsExactly(2.5);
    }

    @Test
    void mislabelledFileNamesBothMagics() throws IOException {
        Path file = file("train-images", labels(1, 2));
        assertThatThrownBy(() -> IdxFile.readImages(file)).isInstanceOf(FormatException.class).hasMessage("idx: " + file
                + " is not an IDX file of images; got magic 0x00000801 (labels) at offset 0; expected 0x00000803");
        assertThatThrownBy(() -> IdxFile.read(file("text", "hello, world".getBytes())))
                .hasMessageContaining("got magic 0x68656c6c at offset 0; expected 0x0000TTRR");
    }

    @Test
    void truncationNamesOffsetExpectedAndFound() throws IOException {
        byte[] good = images(3, 2, 4);
        Path plain = file("plain", Arrays.copyOf(good, 30));
        assertThatThrownBy(() -> IdxFile.readImages(plain)).isInstanceOf(FormatException.class).hasMessage("idx: "
                + plain + " is truncated; got at most 14 bytes after offset 16; expected 24 for (3, 2, 4)");
        Path header = file("header", Arrays.copyOf(good, 9));
        assertThatThrownBy(() -> IdxFile.readImages(header)).hasMessageContaining(
                "is truncated; got its end at offset 9; expected size 1 up to offset 12 at least");
        Path inner = file("inner.gz", gzip(Arrays.copyOf(good, 30)));
        assertThatThrownBy(() -> IdxFile.readImages(inner)).hasMessageContaining(
                "is truncated; got its end at offset 30; expected elements of (3, 2, 4) up to offset 40");
        byte[] zipped = gzip(good);
        Path outer = file("outer.gz", Arrays.copyOf(zipped, zipped.length - 12));
        assertThatThrownBy(() -> IdxFile.readImages(outer)).isInstanceOf(FormatException.class)
                .hasMessageContaining("is corrupt; got \"Unexpected end of ZLIB input stream\" near offset");
        assertThatThrownBy(() -> IdxFile.readImages(file("stub.gz", Arrays.copyOf(zipped, 5))))
                .isInstanceOf(FormatException.class).hasMessageContaining("corrupt gzip header");
        assertThatThrownBy(() -> IdxFile.readImages(file("nothing", new byte[0])))
                .hasMessageContaining("is truncated; got its end at offset 0; expected the magic number");
    }

    @Test
    void wrongChecksumAndExtraBytesAreErrors() throws IOException {
        byte[] good = images(3, 2, 4);
        byte[] zipped = gzip(good);
        zipped[zipped.length - 6] ^= 1;
        assertThatThrownBy(() -> IdxFile.readImages(file("crc.gz", zipped))).isInstanceOf(FormatException.class)
                .hasMessageContaining("is corrupt; got \"Corrupt GZIP trailer\" near offset 40");
        assertThatThrownBy(() -> IdxFile.readImages(file("long", Arrays.copyOf(good, 41))))
                .hasMessageContaining("goes on after its last element; got another byte at offset 40");
    }

    @Test
    void hugeClaimsAreRefusedBeforeMemoryIsTaken() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16).putInt(0x803).putInt(1 << 30).putInt(1 << 30).putInt(1 << 30);
        assertThatThrownBy(() -> IdxFile.readImages(file("huge", bytes.array())))
                .hasMessageContaining("claims too many elements; got size 1073741824 at offset 8");
        ByteBuffer bomb = ByteBuffer.allocate(16).putInt(0x803).putInt(1 << 10).putInt(1 << 10).putInt(1 << 10);
        assertThatThrownBy(() -> IdxFile.readImages(file("bomb.gz", gzip(bomb.array()))))
                .hasMessageContaining("is truncated");
        ByteBuffer negative = ByteBuffer.allocate(8).putInt(0x801).putInt(-1);
        assertThatThrownBy(() -> IdxFile.readLabels(file("negative", negative.array()), 10))
                .hasMessageContaining("got size 4294967295 at offset 4");
    }

    @Test
    void labelsAndCountsAreChecked() throws IOException {
        Path images = file("images", images(3, 2, 4));
        assertThatThrownBy(() -> IdxFile.readLabels(file("bad", labels(0, 10, 1)), 10))
                .hasMessageContaining("got 10 at offset 9; expected 0 to 9");
        Path two = file("two", labels(0, 1));
        assertThatThrownBy(() -> IdxFile.readDataset(images, two, 10))
                .hasMessageContaining("do not belong together; got 3 images (count at offset 4) and 2 labels");
        assertThatThrownBy(() -> IdxFile.read(folder.resolve("absent"))).isInstanceOf(FileException.class);
        TensorDataset dataset = IdxFile.readDataset(images, file("three", labels(5, 6, 7)), 10);
        Batch batch = dataset.batch(2, 0);
        assertThat(batch.inputs().spec().shape()).isEqualTo(Shape.of(2, 1, 2, 4));
        assertThat(batch.inputs().at(1, 0, 0, 0)).isEqualTo(112 / 255f);
        assertThat(batch.targets().toLongArray()).containsExactly(7, 5);
    }

    @Test
    void readsTheRealImages() {
        String data = System.getProperty("bitgrid.data", "");
        if (data.isEmpty()) {
            System.out.println("real images: -Dbitgrid.data is not set; skipped");
        }
        Assumptions.assumeFalse(data.isEmpty());
        Path path = Path.of(data);
        TensorDataset test = IdxFile.readDataset(path.resolve("t10k-images-idx3-ubyte.gz"),
                path.resolve("t10k-labels-idx1-ubyte.gz"), 10);
        assertThat(test.size()).isEqualTo(10_000);
        try (Batch all = test.all()) {
            long[] counts = new long[10];
            for (long label : all.targets().toLongArray()) {
                counts[(int) label]++;
            }
            assertThat(counts).containsOnly(1000);
            double sum = 0;
            for (float pixel : all.inputs().toFloatArray()) {
                if (!(pixel >= 0 && pixel <= 1)) {
                    throw new AssertionError("pixel out of range: " + pixel);
                }
                sum += pixel;
            }
            assertThat(sum / all.inputs().numel()).isBetween(0.28, 0.29);
        }
    }
}

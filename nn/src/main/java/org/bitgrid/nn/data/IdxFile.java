package org.bitgrid.nn.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.bitgrid.nn.io.ElementCodec;
import org.bitgrid.nn.io.ElementType;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * Reads IDX files, plain or gzipped: two zero bytes, element type, number of dimensions, sizes (32 bits each), elements;
 * everything big endian and row-major. The MNIST family of data sets comes in this form.
 */
public final class IdxFile {
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;
    private static final int MAGIC_BYTES = 4;
    private static final int MAX_RANK = 8;
    /** Deflate cannot shrink data by more than this. */
    private static final long MAX_DEFLATE_RATIO = 1032;

    private final Path path;
    private final InputStream in;
    private long offset;

    private IdxFile(Path path, InputStream in) {
        this.path = path;
        this.in = in;
    }

    /**
     * The tensor of a file; 16-bit integers become INT32.
     *
     * @throws FormatException when the file is truncated, corrupt, too long or no IDX file; names file, offset, what
     *     was expected and what was found
     */
    public static Tensor read(Path path) {
        return read(path, 0, "any IDX type");
    }

    /** Images (N, H, W) UINT8. */
    public static Tensor readImages(Path path) {
        return read(path, IMAGES_MAGIC, "images");
    }

    /** Labels (N) INT64, each from 0 to {@code classes} - 1. */
    public static Tensor readLabels(Path path, int classes) {
        Tensor labels = read(path, LABELS_MAGIC, "labels").to(DType.INT64);
        long[] values = labels.toLongArray();
        for (int i = 0; i < values.length; i++) {
            if (values[i] >= classes) {
                throw new FormatException("idx: " + path + " has a label out of range; got " + values[i]
                        + " at offset " + (MAGIC_BYTES + Integer.BYTES + i) + "; expected 0 to " + (classes - 1));
            }
        }
        return labels;
    }

    /** Grey images and their labels; both files must hold one number of samples. */
    public static TensorDataset readDataset(Path images, Path labels, int classes) {
        Tensor pixels = readImages(images);
        Tensor targets = readLabels(labels, classes);
        if (pixels.size(0) != targets.size(0)) {
            throw new FormatException("idx: " + images + " and " + labels + " do not belong together; got "
                    + pixels.size(0) + " images (count at offset 4) and " + targets.size(0)
                    + " labels (count at offset 4); expected equal numbers");
        }
        return TensorDataset.ofGreyImages(pixels, targets);
    }

    private static Tensor read(Path path, int magic, String kind) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path))) {
            long fileSize = Files.size(path);
            raw.mark(2);
            boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            if (!zipped) {
                return new IdxFile(path, raw).readTensor(magic, kind, fileSize);
            }
            try (InputStream unzipped = new BufferedInputStream(new GZIPInputStream(raw, 1 << 16))) {
                return new IdxFile(path, unzipped).readTensor(magic, kind, fileSize * MAX_DEFLATE_RATIO);
            } catch (ZipException | EOFException e) {
                throw new FormatException("idx: " + path + " has a corrupt gzip header; got "
                        + e.getMessage() + " within its first " + fileSize + " bytes; expected gzip data", e);
            }
        } catch (IOException e) {
            throw FileException.of("idx", path, e);
        }
    }

    /** {@code mostBytes}: no more than so many bytes can be in the file. */
    private Tensor readTensor(int expectedMagic, String kind, long mostBytes) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Integer.BYTES);
        readFully(word, "the magic number");
        int magic = word.getInt(0);
        ElementType type = elementType(magic >> 8 & 0xff);
        int rank = magic & 0xff;
        boolean wellFormed = magic >>> 16 == 0 && type != null && rank >= 1 && rank <= MAX_RANK;
        if (!wellFormed || expectedMagic != 0 && magic != expectedMagic) {
            throw new FormatException(String.format("idx: %s is not an IDX file of %s; got magic 0x%08x%s at offset 0; "
                    + "expected %s", path, kind, magic, describe(magic), expectedMagic == 0
                    ? "0x0000TTRR, TT an element type (08, 09, 0b to 0e), RR 1 to " + MAX_RANK
                    : String.format("0x%08x", expectedMagic)));
        }
        int[] dims = new int[rank];
        long bytes = type.byteSize();
        for (int i = 0; i < rank; i++) {
            word.clear();
            long at = offset;
            readFully(word, "size " + i);
            dims[i] = word.getInt(0);
            bytes = dims[i] < 0 ? -1 : Math.multiplyHigh(bytes, dims[i]) == 0 ? bytes * dims[i] : -1;
            if (bytes < 0 || bytes > Integer.MAX_VALUE - 8L) {
                throw new FormatException("idx: " + path + " claims too many elements; got size "
                        + Integer.toUnsignedString(dims[i]) + " at offset " + at + "; expected at most "
                        + (Integer.MAX_VALUE - 8) + " bytes in all");
            }
        }
        Shape shape = Shape.of(dims);
        if (offset + bytes > mostBytes) {
            throw new FormatException("idx: " + path + " is truncated; got at most "
                    + Math.max(0, mostBytes - offset) + " bytes after offset " + offset + "; expected " + bytes
                    + " for " + shape);
        }
        Tensor tensor = ElementCodec.read(type, shape, ByteOrder.BIG_ENDIAN, "idx: " + path,
                chunk -> readFully(chunk, "elements of " + shape));
        if (nextByte() >= 0) {
            throw new FormatException("idx: " + path + " goes on after its last element; got another byte at offset "
                    + offset + "; expected the end, as sizes " + shape + " say");
        }
        return tensor;
    }

    private int nextByte() {
        try {
            return in.read();
        } catch (IOException e) {
            throw corrupt(e, "the end");
        }
    }

    private void readFully(ByteBuffer chunk, String what) {
        long start = offset;
        while (chunk.hasRemaining()) {
            int count;
            try {
                count = in.read(chunk.array(), chunk.position(), chunk.remaining());
            } catch (IOException e) {
                throw corrupt(e, what);
            }
            if (count < 0) {
                throw new FormatException("idx: " + path + " is truncated; got its end at offset " + offset
                        + "; expected " + what + " up to offset " + (start + chunk.limit()) + " at least");
            }
            chunk.position(chunk.position() + count);
            offset += count;
        }
    }

    private FormatException corrupt(IOException cause, String expected) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new FormatException("idx: " + path + " is corrupt; got \"" + reason + "\" near offset " + offset
                + " of the unpacked data; expected " + expected, cause);
    }

    private static ElementType elementType(int code) {
        return switch (code) {
            case 0x08 -> ElementType.U8;
            case 0x09 -> ElementType.I8;
            case 0x0b -> ElementType.I16;
            case 0x0c -> ElementType.I32;
            case 0x0d -> ElementType.F32;
            case 0x0e -> ElementType.F64;
            default -> null;
        };
    }

    private static String describe(int magic) {
        return switch (magic) {
            case IMAGES_MAGIC -> " (images)";
            case LABELS_MAGIC -> " (labels)";
            default -> "";
        };
    }
}

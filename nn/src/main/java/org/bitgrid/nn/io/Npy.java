package org.bitgrid.nn.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * Reads and writes arrays in NumPy's formats: one in a {@code .npy} file, several by name in a {@code .npz} archive.
 * Versions 1 to 3, both element orders and both byte orders are read. Arrays of Python objects would run code when read
 * and are refused, as are structures, texts, dates and complex numbers.
 */
public final class Npy {
    private static final String SUFFIX = ".npy";
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;
    /** Fixed, so that the same tensors give the same bytes: the first moment a zip file can hold. */
    private static final long TIMESTAMP_DAYS = 3652;

    private Npy() {
    }

    /** Reads a {@code .npy} file; types that tensors lack are widened, see {@link ElementType}. */
    public static Tensor read(Path path) {
        try {
            long size = Files.size(path);
            if (size > MOST_BYTES) {
                throw new FormatException("npy: " + path + " is too large; got " + size + " bytes; expected at most "
                        + MOST_BYTES);
            }
            return parse(Files.readAllBytes(path), path.toString());
        } catch (IOException e) {
            throw FileException.of("npy", path, e);
        }
    }

    /** Reads all arrays of a {@code .npz} archive, by their names without the suffix, in the order of the archive. */
    public static LinkedHashMap<String, Tensor> readAll(Path path) {
        try (ZipArchive archive = ZipArchive.open("npz", path)) {
            LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
            for (String entry : archive.names()) {
                if (!entry.endsWith(SUFFIX)) {
                    throw archive.fault("has an entry that is no array; got " + entry + "; expected names ending in "
                            + SUFFIX);
                }
                tensors.put(entry.substring(0, entry.length() - SUFFIX.length()),
                        parse(archive.read(entry), entry + " of " + path));
            }
            return tensors;
        }
    }

    private static Tensor parse(byte[] bytes, String source) {
        NpyHeader header = NpyHeader.parse(bytes, source);
        Shape stored = header.fortranOrder() ? reversed(header.shape()) : header.shape();
        ByteBuffer data = ByteBuffer.wrap(bytes, header.dataStart(), bytes.length - header.dataStart());
        try {
            Tensor tensor = ElementCodec.read(header.type(), stored, header.byteOrder(), "npy: " + source,
                    chunk -> {
                        data.get(chunk.array(), chunk.arrayOffset(), chunk.limit());
                        chunk.position(chunk.limit());
                    });
            return header.fortranOrder() && stored.rank() > 1 ? tensor.permute(backwards(stored.rank())).contiguous()
                    : tensor;
        } catch (IOException e) {
            throw new FormatException("npy: " + source + " cannot be read", e);
        }
    }

    private static Shape reversed(Shape shape) {
        int[] dims = shape.toArray();
        for (int i = 0; i < dims.length / 2; i++) {
            int other = dims[i];
            dims[i] = dims[dims.length - 1 - i];
            dims[dims.length - 1 - i] = other;
        }
        return Shape.of(dims);
    }

    private static int[] backwards(int rank) {
        int[] axes = new int[rank];
        for (int i = 0; i < rank; i++) {
            axes[i] = rank - 1 - i;
        }
        return axes;
    }

    /** Writes a {@code .npy} file of version 1, row-major and little endian, whole or not at all. */
    public static void write(Path path, Tensor tensor) {
        AtomicFiles.write(path, out -> write(tensor, out));
    }

    private static void write(Tensor tensor, OutputStream out) throws IOException {
        ElementType type = ElementType.of(tensor.dtype());
        out.write(NpyHeader.format(type, tensor.spec().shape()));
        ElementCodec.write(tensor, type, ByteOrder.LITTLE_ENDIAN, "npy", out);
    }

    /** Writes a {@code .npz} archive, whole or not at all; the same bytes for the same tensors in the same order. */
    public static void writeAll(Path path, Map<String, Tensor> tensors) {
        List<String> names = new ArrayList<>(tensors.keySet());
        AtomicFiles.write(path, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name + SUFFIX);
                entry.setTimeLocal(LocalDate.ofEpochDay(TIMESTAMP_DAYS).atStartOfDay());
                zip.putNextEntry(entry);
                write(tensors.get(name), zip);
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}

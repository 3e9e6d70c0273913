package org.bitgrid.nn.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * An open safetensors file, whose tensors are read one at a time.
 *
 * <p>Layout: header size (8 bytes, little endian), a JSON header that gives each tensor's type, shape and bytes, then
 * the elements, little endian and row-major. All of the header is checked when the file is opened: its size, each type
 * and shape, and that the tensors cover the rest of the file without gap or overlap.
 */
public final class SafeTensorsFile implements AutoCloseable {
    private static final String METADATA = "__metadata__";
    private static final int SIZE_BYTES = 8;
    private static final long MAX_HEADER_BYTES = 100_000_000;
    private static final int MAX_RANK = 64;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long dataStart;

    /**
     * Where a tensor lies.
     *
     * @param begin first byte, counted from the end of the header
     * @param end byte after the last
     */
    public record Entry(String name, ElementType type, Shape shape, long begin, long end) {
    }

    private SafeTensorsFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws FormatException when the file is not a proper safetensors file
     */
    public static SafeTensorsFile open(Path path) {
        FileChannel channel = null;
        boolean usable = false;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            SafeTensorsFile file = new SafeTensorsFile(path, channel);
            file.readHeader();
            usable = true;
            return file;
        } catch (IOException e) {
            throw FileException.of("safetensors", path, e);
        } finally {
            if (!usable && channel != null) {
                closeQuietly(channel);
            }
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The error that made the file unusable is on its way; this one would only hide it.
            return;
        }
    }

    /** Names of the tensors in the order of the header. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** The tensors in the order of the header, by name; not modifiable. */
    public Map<String, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /** The free texts that came with the file; not modifiable. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Reads one tensor; types that tensors lack are widened, see {@link ElementType}. */
    public Tensor tensor(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new FormatException("safetensors: no tensor of this name in " + path + "; got " + name
                    + "; expected one of " + names());
        }
        long[] position = {dataStart + entry.begin()};
        try {
            return ElementCodec.read(entry.type(), entry.shape(), ByteOrder.LITTLE_ENDIAN,
                    "safetensors: " + name + " of " + path, chunk -> {
                        readFully(chunk, position[0]);
                        position[0] += chunk.limit();
                    });
        } catch (IOException e) {
            throw FileException.of("safetensors", path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw FileException.of("safetensors", path, e);
        }
    }

    private void readFully(ByteBuffer chunk, long start) throws IOException {
        while (chunk.hasRemaining()) {
            if (channel.read(chunk, start + chunk.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
    }

    private FormatException fault(String fault) {
        return new FormatException("safetensors: " + path + " " + fault);
    }

    private void readHeader() throws IOException {
        long fileSize = channel.size();
        if (fileSize < SIZE_BYTES) {
            throw fault("is too short for the header size; got " + fileSize + " bytes; expected at least "
                    + SIZE_BYTES);
        }
        ByteBuffer sizeField = ByteBuffer.allocate(SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(sizeField, 0);
        long headerSize = sizeField.getLong(0);
        long most = Math.min(MAX_HEADER_BYTES, fileSize - SIZE_BYTES);
        if (headerSize < 2 || headerSize > most) {
            throw fault("has a wrong header size at byte 0; got " + Long.toUnsignedString(headerSize)
                    + "; expected 2 to " + most);
        }
        byte[] header = new byte[(int) headerSize];
        readFully(ByteBuffer.wrap(header), SIZE_BYTES);
        if (header[0] != '{') {
            throw fault("has a header that is no JSON object at byte 8; got byte " + (header[0] & 0xff)
                    + "; expected '{'");
        }
        dataStart = SIZE_BYTES + headerSize;
        JsonValue root = Json.parse(header, "header of " + path);
        root.fields().forEach((name, value) -> {
            if (name.equals(METADATA)) {
                value.fields().forEach((key, text) -> metadata.put(key, text.asString()));
            } else {
                entries.put(name, entry(name, value));
            }
        });
        checkCoverage(fileSize - dataStart);
    }

    private Entry entry(String name, JsonValue value) {
        for (String key : value.keys()) {
            if (!key.equals("dtype") && !key.equals("shape") && !key.equals("data_offsets")) {
                throw value.error("has an unknown field \"" + key + "\"; expected dtype, shape and data_offsets");
            }
        }
        JsonValue label = value.get("dtype");
        ElementType type = ElementType.byLabel(label.asString()).orElseThrow(() -> label.error(
                "is an unknown type; got " + label + "; expected one of " + List.of(ElementType.values())));
        JsonValue shapeField = value.get("shape");
        if (shapeField.size() > MAX_RANK) {
            throw shapeField.error("has too many dimensions; got " + shapeField.size() + "; expected at most "
                    + MAX_RANK);
        }
        Shape shape = shape(shapeField);
        JsonValue offsets = value.get("data_offsets");
        if (offsets.size() != 2) {
            throw offsets.error("must have 2 items; got " + offsets.size());
        }
        long begin = offsets.get(0).asLong();
        long end = offsets.get(1).asLong();
        if (begin < 0 || end < begin) {
            throw offsets.error("must be ascending and not negative; got " + offsets);
        }
        long byteSize = Math.multiplyExact(shape.numel(), (long) type.byteSize());
        if (end - begin != byteSize) {
            throw offsets.error("do not fit the shape; got " + (end - begin) + " bytes; expected " + byteSize
                    + " for " + type + " " + shape);
        }
        return new Entry(name, type, shape, begin, end);
    }

    private static Shape shape(JsonValue field) {
        int[] dims = new int[field.size()];
        long elements = 1;
        for (int i = 0; i < dims.length; i++) {
            long dim = field.get(i).asLong();
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw field.get(i).error("is no size of a dimension; got " + dim + "; expected 0 to "
                        + Integer.MAX_VALUE);
            }
            dims[i] = (int) dim;
            elements = Math.multiplyHigh(elements, Math.max(1, dim)) == 0 ? elements * Math.max(1, dim) : -1;
            // Room is left for the size of an element.
            if (elements < 0 || elements > Long.MAX_VALUE / Long.BYTES) {
                throw field.error("has too many elements; got " + field);
            }
        }
        return Shape.of(dims);
    }

    private void checkCoverage(long dataBytes) {
        List<Entry> byPlace = new ArrayList<>(entries.values());
        byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long covered = 0;
        String previous = "the header";
        for (Entry entry : byPlace) {
            if (entry.begin() != covered) {
                throw fault((entry.begin() < covered ? "has overlapping tensors" : "has a gap between tensors")
                        + "; got " + entry.name() + " from byte " + entry.begin() + "; expected " + covered
                        + ", where " + previous + " ends");
            }
            covered = entry.end();
            previous = entry.name();
        }
        if (covered != dataBytes) {
            throw fault((covered > dataBytes ? "is truncated" : "has bytes after the last tensor") + "; got "
                    + dataBytes + " bytes of elements; expected " + covered);
        }
    }
}

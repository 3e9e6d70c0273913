package org.bitgrid.nn.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * Reads and writes tensors by name in the safetensors format. Files are the same bytes for the same tensors, whatever
 * the order of the map, and equal to what the format's own library writes.
 */
public final class SafeTensors {
    private static final int HEADER_ALIGNMENT = 8;

    private SafeTensors() {
    }

    /** All tensors in the order of the header; types that tensors lack are widened, see {@link ElementType}. */
    public static LinkedHashMap<String, Tensor> read(Path path) {
        try (SafeTensorsFile file = SafeTensorsFile.open(path)) {
            LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : file.names()) {
                tensors.put(name, file.tensor(name));
            }
            return tensors;
        }
    }

    /** Writes tensors without metadata, each in its own type. */
    public static void write(Path path, Map<String, Tensor> tensors) {
        write(path, tensors, Map.of());
    }

    /** Writes tensors and free texts, each tensor in its own type. */
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
        write(path, tensors, metadata, Map.of());
    }

    /**
     * Writes tensors and free texts, whole or not at all.
     *
     * @param types element types for tensors that should not be written in their own, such as F16 for a FLOAT32 tensor
     */
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata,
                             Map<String, ElementType> types) {
        for (String name : types.keySet()) {
            if (!tensors.containsKey(name)) {
                throw new FormatException("SafeTensors.write: type given for a tensor that is not there; got " + name
                        + "; expected one of " + tensors.keySet());
            }
        }
        List<Item> items = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (name.equals("__metadata__")) {
                throw new FormatException("SafeTensors.write: the name __metadata__ is reserved; use another");
            }
            ElementType type = types.getOrDefault(name, ElementType.of(tensor.dtype()));
            ElementCodec.checkWritable(tensor.dtype(), type, "SafeTensors.write: " + name);
            items.add(new Item(name, tensor, type));
        });
        // Wide elements first, so that each tensor starts at a multiple of its element size.
        items.sort(Comparator.comparing(Item::type).reversed().thenComparing(Item::name));
        byte[] header = header(items, metadata);
        AtomicFiles.write(path, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (Item item : items) {
                ElementCodec.write(item.tensor(), item.type(), ByteOrder.LITTLE_ENDIAN,
                        "SafeTensors.write: " + item.name(), out);
            }
        });
    }

    private record Item(String name, Tensor tensor, ElementType type) {
    }

    private static byte[] header(List<Item> items, Map<String, String> metadata) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            fields.put("__metadata__", metadata);
        }
        long offset = 0;
        for (Item item : items) {
            Shape shape = item.tensor().spec().shape();
            long end = offset + shape.numel() * item.type().byteSize();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", item.type().toString());
            entry.put("shape", shape.toArray());
            entry.put("data_offsets", new long[] {offset, end});
            fields.put(item.name(), entry);
            offset = end;
        }
        String text = Json.format(fields, JsonStyle.COMPACT);
        int padding = (HEADER_ALIGNMENT - text.length() % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
        return (text + " ".repeat(padding)).getBytes(StandardCharsets.US_ASCII);
    }
}

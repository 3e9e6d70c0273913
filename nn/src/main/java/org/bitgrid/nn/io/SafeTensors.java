package org.bitgrid.nn.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    /**
     * All tensors of a model that is cut into several files: {@code index} is the JSON file that tells which file holds
     * which tensor, such as {@code model.safetensors.index.json}. The files lie in its folder.
     *
     * @throws FormatException when the index names a file elsewhere, or a file lacks a tensor or has one too many
     */
    public static LinkedHashMap<String, Tensor> readSharded(Path index) {
        Map<String, List<String>> namesByFile = new LinkedHashMap<>();
        LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
        JsonValue root = Json.read(index);
        for (String key : root.keys()) {
            if (!key.equals("metadata") && !key.equals("weight_map")) {
                throw root.error("has an unknown field \"" + key + "\"; expected metadata and weight_map");
            }
        }
        root.get("weight_map").fields().forEach((name, file) -> {
            if (!file.asString().matches("[^/\\\\]+\\.safetensors")) {
                throw file.error("must name a safetensors file in the same folder; got " + file);
            }
            namesByFile.computeIfAbsent(file.asString(), ignored -> new ArrayList<>()).add(name);
            tensors.put(name, null);
        });
        namesByFile.forEach((file, names) -> {
            Path path = index.resolveSibling(file);
            try (SafeTensorsFile open = SafeTensorsFile.open(path)) {
                if (open.names().size() != names.size() || !open.names().containsAll(names)) {
                    throw new FormatException("safetensors: " + path + " does not hold what " + index + " says; got "
                            + open.names() + "; expected " + names);
                }
                names.forEach(name -> tensors.put(name, open.tensor(name)));
            }
        });
        return tensors;
    }

    /**
     * Writes tensors into several files of at most {@code mostBytes} bytes of elements each (one tensor at least), and
     * their index. The index comes last, so that there is none while files are missing.
     *
     * @param index a name ending in {@code .safetensors.index.json}; the files are named after it
     */
    public static void writeSharded(Path index, Map<String, Tensor> tensors, long mostBytes) {
        String ending = ".safetensors.index.json";
        String name = index.getFileName().toString();
        if (!name.endsWith(ending)) {
            throw new FormatException("SafeTensors.writeSharded: wrong name of an index; got " + index
                    + "; expected a name ending in " + ending);
        }
        List<Map<String, Tensor>> shards = new ArrayList<>();
        long[] bytes = {Long.MAX_VALUE, 0};
        tensors.forEach((key, tensor) -> {
            long size = tensor.numel() * tensor.dtype().byteSize();
            if (shards.isEmpty() || bytes[0] > mostBytes - size) {
                shards.add(new LinkedHashMap<>());
                bytes[0] = 0;
            }
            shards.get(shards.size() - 1).put(key, tensor);
            bytes[0] += size;
            bytes[1] += size;
        });
        Map<String, Object> weightMap = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String file = String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors",
                    name.substring(0, name.length() - ending.length()), i + 1, shards.size());
            write(index.resolveSibling(file), shards.get(i));
            shards.get(i).keySet().forEach(key -> weightMap.put(key, file));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("metadata", Map.of("total_size", bytes[1]));
        root.put("weight_map", weightMap);
        Json.write(index, root, JsonStyle.INDENTED);
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

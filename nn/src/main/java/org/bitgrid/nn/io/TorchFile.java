package org.bitgrid.nn.io;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * Reads what PyTorch saved ({@code .pt}, {@code .pth}), in the zip form and in the older one, without running any of
 * it: only tensors and plain containers are built, everything else is refused by name.
 *
 * <p>Dictionaries become {@code LinkedHashMap}, lists and tuples {@code List}, integers {@code Long} (huge ones
 * {@code BigInteger}), floats {@code Double}. Tensors that share a storage in the file share it here.
 */
public final class TorchFile {
    /** What the older form begins with: a pickle of this number. */
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long LEGACY_VERSION = 1001;
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;
    private static final int MOST_FLATTENED = 10_000_000;

    private final Path path;

    private TorchFile(Path path) {
        this.path = path;
    }

    /**
     * Everything in a file.
     *
     * @throws FormatException when the file is damaged, or holds anything but tensors and plain containers
     */
    public static Object read(Path path) {
        TorchFile file = new TorchFile(path);
        Object root = isZip(path) ? file.readZip() : file.readLegacy();
        file.checkTree(root);
        return file.withoutTuples(root);
    }

    /**
     * The tensors in a file by dotted path, as {@code Module.loadStateDict} wants them: {@code {"model": {"w": …}}}
     * gives {@code model.w}; items of lists count from 0. Other values are left out.
     */
    public static LinkedHashMap<String, Tensor> readTensors(Path path) {
        LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
        Deque<Map.Entry<String, Object>> open = new ArrayDeque<>();
        open.push(entry("", read(path)));
        int visited = 0;
        while (!open.isEmpty()) {
            Map.Entry<String, Object> next = open.pop();
            if (++visited > MOST_FLATTENED) {
                throw new FormatException("pt: " + path + " repeats its containers too often; got more than "
                        + MOST_FLATTENED + " values");
            }
            if (next.getValue() instanceof Tensor tensor) {
                tensors.put(next.getKey(), tensor);
                continue;
            }
            List<Map.Entry<String, Object>> below = new ArrayList<>();
            String prefix = next.getKey().isEmpty() ? "" : next.getKey() + ".";
            if (next.getValue() instanceof Map<?, ?> map) {
                map.forEach((key, value) -> below.add(entry(prefix + key, value)));
            } else if (next.getValue() instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    below.add(entry(prefix + i, list.get(i)));
                }
            }
            Collections.reverse(below);
            below.forEach(open::push);
        }
        return tensors;
    }

    private static Map.Entry<String, Object> entry(String name, Object value) {
        return new AbstractMap.SimpleImmutableEntry<>(name, value);
    }

    private static boolean isZip(Path path) {
        try (var in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        } catch (IOException e) {
            throw FileException.of("pt", path, e);
        }
    }

    private String source() {
        return "pt: " + path;
    }

    private FormatException fault(String fault) {
        return new FormatException(source() + " " + fault);
    }

    // ------------------------------------------------------------------ zip form

    private Object readZip() {
        try (ZipArchive archive = ZipArchive.open("pt", path)) {
            List<String> pickles = archive.names().stream().filter(name -> name.endsWith("/data.pkl")
                    && name.indexOf('/') == name.length() - "/data.pkl".length()).toList();
            if (pickles.size() != 1) {
                throw fault("is no PyTorch archive; got " + pickles.size()
                        + " entries named ARCHIVE/data.pkl; expected one");
            }
            String root = pickles.get(0).substring(0, pickles.get(0).length() - "data.pkl".length());
            ByteOrder order = byteOrder(archive, root + "byteorder");
            Map<String, Tensor> storages = new HashMap<>();
            TorchObjects objects = new TorchObjects(source(), storage -> storages.computeIfAbsent(storage.key(),
                    key -> storage(storage, ByteBuffer.wrap(archive.read(root + "data/" + key)), order)));
            ByteBuffer pickle = ByteBuffer.wrap(archive.read(pickles.get(0)));
            Object tree = new Unpickler(pickle, source(), objects).load();
            if (pickle.hasRemaining()) {
                throw fault("has bytes behind its pickle; got " + pickle.remaining());
            }
            return tree;
        }
    }

    private ByteOrder byteOrder(ZipArchive archive, String entry) {
        if (!archive.has(entry)) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        String text = archive.size(entry) > 16 ? "a long text"
                : new String(archive.read(entry), StandardCharsets.US_ASCII).strip();
        return switch (text) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw fault("has an unknown byte order; got " + Unpickler.shorten(text)
                    + "; expected little or big");
        };
    }

    /** All elements of a storage as one row. */
    private Tensor storage(TorchObjects.StorageKey storage, ByteBuffer bytes, ByteOrder order) {
        long expected = storage.elements() * storage.type().byteSize();
        if (bytes.remaining() != expected) {
            throw fault("has a storage of the wrong size: " + storage.key() + "; got " + bytes.remaining()
                    + " bytes; expected " + expected + " for " + storage.elements() + " elements of "
                    + storage.type());
        }
        try {
            return ElementCodec.read(storage.type(), Shape.of((int) storage.elements()), order, source() + " storage "
                    + storage.key(), chunk -> {
                        bytes.get(chunk.array(), chunk.arrayOffset(), chunk.limit());
                        chunk.position(chunk.limit());
                    });
        } catch (IOException e) {
            throw new FormatException(source() + " has a storage that cannot be read", e);
        }
    }

    // ------------------------------------------------------------------ older form

    private Object readLegacy() {
        ByteBuffer in = ByteBuffer.wrap(allBytes()).order(ByteOrder.LITTLE_ENDIAN);
        TorchObjects nothing = new TorchObjects(source(), null);
        Object magic = new Unpickler(in, source(), nothing).load();
        if (!MAGIC.equals(magic)) {
            throw fault("is no file of PyTorch's; got neither a zip archive nor the number it begins with");
        }
        Object version = new Unpickler(in, source(), nothing).load();
        if (!Long.valueOf(LEGACY_VERSION).equals(version)) {
            throw fault("has an unknown version; got " + Unpickler.describe(version) + "; expected "
                    + LEGACY_VERSION);
        }
        ByteOrder order = new Unpickler(in, source(), nothing).load() instanceof Map<?, ?> system
                && Boolean.FALSE.equals(system.get("little_endian")) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        // The elements come last: the tree is read once to learn of the storages and once more to fill its tensors.
        int treeStart = in.position();
        Map<String, TorchObjects.StorageKey> keys = new LinkedHashMap<>();
        new Unpickler(in, source(), new TorchObjects(source(), storage -> {
            keys.putIfAbsent(storage.key(), storage);
            return null;
        })).load();
        Map<String, Tensor> storages = readStorages(in, keys, order);
        if (in.hasRemaining()) {
            throw fault("has bytes behind its last storage; got " + in.remaining());
        }
        in.position(treeStart);
        return new Unpickler(in, source(), new TorchObjects(source(), storage -> storages.get(storage.key()))).load();
    }

    private byte[] allBytes() {
        try {
            long size = Files.size(path);
            if (size > MOST_BYTES) {
                throw fault("is too large for the older form; got " + size + " bytes; expected at most " + MOST_BYTES);
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw FileException.of("pt", path, e);
        }
    }

    private Map<String, Tensor> readStorages(ByteBuffer in, Map<String, TorchObjects.StorageKey> keys,
                                             ByteOrder order) {
        if (!(new Unpickler(in, source(), new TorchObjects(source(), null)).load() instanceof List<?> listed)) {
            throw fault("has no list of storages behind its pickle");
        }
        Map<String, Tensor> storages = new HashMap<>();
        for (Object name : listed) {
            TorchObjects.StorageKey storage = name instanceof String key ? keys.get(key) : null;
            if (storage == null || storages.containsKey(storage.key())) {
                throw fault("lists a storage that no tensor uses, or one twice; got "
                        + Unpickler.describe(name));
            }
            if (in.remaining() < Long.BYTES) {
                throw fault("is truncated before storage " + storage.key());
            }
            long elements = in.order(order).getLong();
            long size = storage.elements() * storage.type().byteSize();
            if (elements != storage.elements() || size > in.remaining()) {
                throw fault("has a storage of the wrong size: " + storage.key() + "; got " + elements
                        + " elements and " + in.remaining() + " bytes; expected " + storage.elements() + " and " + size);
            }
            storages.put(storage.key(), storage(storage, in.slice(in.position(), (int) size), order));
            in.position(in.position() + (int) size);
        }
        if (storages.size() != keys.size()) {
            throw fault("lacks storages; got " + storages.size() + "; expected " + keys.size());
        }
        return storages;
    }

    // ------------------------------------------------------------------ tree

    /** Walks the containers, each once; those that contain themselves and leftovers of a call are errors. */
    private void checkTree(Object root) {
        Set<Object> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Object> done = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.push(new Object[] {root});
        while (!open.isEmpty()) {
            Object next = open.pop();
            if (next instanceof Leave leave) {
                onPath.remove(leave.container());
                done.add(leave.container());
                continue;
            }
            for (Object child : next instanceof Object[] array ? List.of(array[0] == null ? "" : array[0])
                    : children(next)) {
                if (onPath.contains(child)) {
                    throw fault("has a container that contains itself");
                }
                if (!isValue(child) && !done.contains(child)) {
                    onPath.add(child);
                    open.push(new Leave(child));
                    open.push(child);
                }
            }
        }
    }

    private record Leave(Object container) {
    }

    private boolean isValue(Object value) {
        if (value == null || value instanceof Tensor || value instanceof String || value instanceof Number
                || value instanceof Boolean) {
            return true;
        }
        if (value instanceof Map || value instanceof List || value instanceof Unpickler.Tuple) {
            return false;
        }
        throw fault("holds something that is neither tensor nor plain data; got " + Unpickler.describe(value));
    }

    private static List<Object> children(Object container) {
        if (container instanceof Map<?, ?> map) {
            return new ArrayList<>(map.values());
        }
        return container instanceof Unpickler.Tuple tuple ? tuple.items() : new ArrayList<>((List<?>) container);
    }

    /** Replaces tuples by lists, in place where the container can change. */
    private Object withoutTuples(Object root) {
        Map<Object, List<Object>> lists = new IdentityHashMap<>();
        Object result = plain(root, lists);
        Deque<Object> open = new ArrayDeque<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        open.push(new Object[] {result});
        while (!open.isEmpty()) {
            Object container = open.pop();
            List<Object> contents = container instanceof Object[] array
                    ? Collections.singletonList(array[0]) : children(container);
            for (Object child : contents) {
                if (child instanceof Map || child instanceof List) {
                    if (seen.add(child)) {
                        replaceTuples(child, lists);
                        open.push(child);
                    }
                }
            }
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static void replaceTuples(Object container, Map<Object, List<Object>> lists) {
        if (container instanceof Map<?, ?> map) {
            ((Map<Object, Object>) map).replaceAll((key, value) -> plain(value, lists));
        } else {
            ((List<Object>) container).replaceAll(value -> plain(value, lists));
        }
    }

    private static Object plain(Object value, Map<Object, List<Object>> lists) {
        return value instanceof Unpickler.Tuple tuple
                ? lists.computeIfAbsent(tuple, ignored -> new ArrayList<>(tuple.items())) : value;
    }
}

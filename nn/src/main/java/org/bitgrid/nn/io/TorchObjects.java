package org.bitgrid.nn.io;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/** The few names that a pickle of PyTorch's may use, and what they make. */
final class TorchObjects implements Unpickler.Builder {
    private static final int MAX_RANK = 64;
    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            Map.entry("FloatStorage", ElementType.F32), Map.entry("DoubleStorage", ElementType.F64),
            Map.entry("HalfStorage", ElementType.F16), Map.entry("BFloat16Storage", ElementType.BF16),
            Map.entry("LongStorage", ElementType.I64), Map.entry("IntStorage", ElementType.I32),
            Map.entry("ShortStorage", ElementType.I16), Map.entry("CharStorage", ElementType.I8),
            Map.entry("ByteStorage", ElementType.U8), Map.entry("BoolStorage", ElementType.BOOL));

    private enum Callable {
        ORDERED_DICT, REBUILD_TENSOR, REBUILD_PARAMETER, SIZE
    }

    /**
     * Where elements lie.
     *
     * @param key      name of the storage in the file
     * @param elements number of elements
     */
    record StorageKey(String key, ElementType type, long elements) {
    }

    private final String source;
    private final Function<StorageKey, Tensor> storages;

    /** @param storages gives the elements of a storage as one row, or null while they are not known yet */
    TorchObjects(String source, Function<StorageKey, Tensor> storages) {
        this.source = source;
        this.storages = storages;
    }

    private FormatException fault(String fault) {
        return new FormatException(source + " " + fault);
    }

    @Override
    public Object global(String module, String name) {
        if (module.equals("torch") && STORAGES.containsKey(name)) {
            return STORAGES.get(name);
        }
        return switch (module + "." + name) {
            case "collections.OrderedDict" -> Callable.ORDERED_DICT;
            case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor" -> Callable.REBUILD_TENSOR;
            case "torch._utils._rebuild_parameter" -> Callable.REBUILD_PARAMETER;
            case "torch.Size" -> Callable.SIZE;
            default -> null;
        };
    }

    @Override
    public Object call(Object function, List<Object> arguments) {
        if (!(function instanceof Callable callable)) {
            throw fault("has a pickle that calls what is no function");
        }
        return switch (callable) {
            case ORDERED_DICT -> {
                if (!arguments.isEmpty()) {
                    throw fault("makes an ordered dictionary from " + arguments.size() + " arguments; expected none");
                }
                yield new LinkedHashMap<>();
            }
            case SIZE -> {
                if (arguments.size() != 1 || !(arguments.get(0) instanceof Unpickler.Tuple)) {
                    throw fault("makes a size from something that is no tuple");
                }
                yield arguments.get(0);
            }
            case REBUILD_PARAMETER -> {
                if (arguments.isEmpty() || !isTensor(arguments.get(0))) {
                    throw fault("makes a parameter from something that is no tensor");
                }
                yield arguments.get(0);
            }
            case REBUILD_TENSOR -> tensor(arguments);
        };
    }

    private static boolean isTensor(Object value) {
        return value instanceof Tensor || value instanceof Unknown;
    }

    /** Stands for a tensor, or the elements of one, while the elements are not known yet. */
    private record Unknown(StorageKey key) {
    }

    private record Elements(StorageKey key, Tensor row) {
    }

    @Override
    public Object persistent(Object identifier) {
        if (storages == null || !(identifier instanceof Unpickler.Tuple tuple) || tuple.items().size() < 5
                || !"storage".equals(tuple.items().get(0)) || !(tuple.items().get(1) instanceof ElementType type)
                || !(tuple.items().get(2) instanceof String key) || !(tuple.items().get(4) instanceof Long elements)) {
            throw fault("has a reference to a storage that cannot be read");
        }
        if (tuple.items().size() > 5 && tuple.items().get(5) != null) {
            throw fault("has a storage that is a part of another, which PyTorch has not written since version 0.4; "
                    + "got " + Unpickler.shorten(key));
        }
        if (elements < 0 || elements > Integer.MAX_VALUE - 8 || !key.matches("[0-9A-Za-z_]{1,40}")) {
            throw fault("has a wrong storage; got " + elements + " elements in " + Unpickler.shorten(key));
        }
        StorageKey storage = new StorageKey(key, type, elements);
        Tensor row = storages.apply(storage);
        if (row != null && (row.numel() != elements || row.dtype() != type.dtype())) {
            throw fault("uses storage " + key + " in two ways; got " + elements + " elements of " + type);
        }
        return row == null ? new Unknown(storage) : new Elements(storage, row);
    }

    private Object tensor(List<Object> arguments) {
        if (arguments.size() < 4 || !(arguments.get(1) instanceof Long offset)
                || !(arguments.get(2) instanceof Unpickler.Tuple sizes)
                || !(arguments.get(3) instanceof Unpickler.Tuple strides)
                || sizes.items().size() != strides.items().size()) {
            throw fault("has a tensor that cannot be read");
        }
        StorageKey key = arguments.get(0) instanceof Elements elements ? elements.key()
                : arguments.get(0) instanceof Unknown unknown ? unknown.key() : null;
        if (key == null) {
            throw fault("has a tensor without a storage");
        }
        int rank = sizes.items().size();
        if (rank > MAX_RANK) {
            throw fault("has a tensor of too many dimensions; got " + rank + "; expected at most " + MAX_RANK);
        }
        int[] dims = new int[rank];
        int[] steps = new int[rank];
        long numel = 1;
        long last = offset;
        for (int i = 0; i < rank; i++) {
            dims[i] = inRange(sizes.items().get(i), "size");
            steps[i] = inRange(strides.items().get(i), "stride");
            numel = Math.min(numel * dims[i], Long.MAX_VALUE / Integer.MAX_VALUE);
            last += (long) Math.max(0, dims[i] - 1) * steps[i];
        }
        if (numel > Integer.MAX_VALUE - 8 || offset < 0 || numel > 0 && last >= key.elements()) {
            throw fault("has a tensor that lies outside its storage; got elements " + offset + " to " + last
                    + " of storage " + key.key() + "; expected less than " + key.elements());
        }
        if (arguments.get(0) instanceof Elements elements) {
            return Tensor.of(elements.row().storage(), Layout.of(Shape.of(dims), steps,
                    numel == 0 ? 0 : (int) (long) offset), elements.row().device());
        }
        return arguments.get(0);
    }

    private int inRange(Object value, String what) {
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return (int) (long) number;
        }
        throw fault("has a tensor with a wrong " + what + "; got " + Unpickler.describe(value));
    }
}

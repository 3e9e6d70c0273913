package org.bitgrid.testing;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;

/** Tensors of any strides, from and to Java source. */
public final class Strided {
    private Strided() {
    }

    /** A FLOAT32 tensor whose elements lie in {@code buffer} with these strides; its first element is at 0. */
    public static Tensor of(float[] buffer, Shape shape, int... strides) {
        Storage storage = Storage.allocate(DType.FLOAT32, buffer.length);
        System.arraycopy(buffer, 0, storage.floats(), 0, buffer.length);
        return Tensor.of(storage, Layout.of(shape, strides, 0), Device.CPU);
    }

    /** An INT64 tensor of this kind. */
    public static Tensor of(long[] buffer, Shape shape, int... strides) {
        Storage storage = Storage.allocate(DType.INT64, buffer.length);
        System.arraycopy(buffer, 0, storage.longs(), 0, buffer.length);
        return Tensor.of(storage, Layout.of(shape, strides, 0), Device.CPU);
    }

    /** A BOOL tensor of this kind, 0 for false. */
    public static Tensor of(byte[] buffer, Shape shape, int... strides) {
        Storage storage = Storage.allocate(DType.BOOL, buffer.length);
        System.arraycopy(buffer, 0, storage.bytes(), 0, buffer.length);
        return Tensor.of(storage, Layout.of(shape, strides, 0), Device.CPU);
    }

    /** Number of elements from the first to the last of a tensor, gaps included. */
    static int span(Tensor tensor) {
        if (tensor.numel() == 0) {
            return 0;
        }
        int span = 1;
        for (int i = 0; i < tensor.rank(); i++) {
            span += (tensor.size(i) - 1) * tensor.layout().stride(i);
        }
        return span;
    }

    /** An expression that makes a tensor of the same elements and strides. */
    static String text(Tensor tensor) {
        Layout layout = tensor.layout();
        int start = layout.offset();
        int end = start + span(tensor);
        Storage storage = tensor.storage();
        String elements = IntStream.range(start, end).mapToObj(i -> switch (tensor.dtype()) {
            case FLOAT32 -> OpText.of(storage.floats()[i]);
            case INT64 -> OpText.of(storage.longs()[i]);
            case BOOL -> String.valueOf(storage.bytes()[i]);
            default -> throw new IllegalArgumentException("a fuzzed tensor of type " + tensor.dtype());
        }).collect(Collectors.joining(", "));
        String type = switch (tensor.dtype()) {
            case FLOAT32 -> "float";
            case INT64 -> "long";
            default -> "byte";
        };
        String strides = Arrays.stream(layout.strides()).mapToObj(stride -> ", " + stride)
                .collect(Collectors.joining());
        return "Strided.of(new " + type + "[] {" + elements + "}, " + OpText.of(tensor.shape()) + strides + ")";
    }
}

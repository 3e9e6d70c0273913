package org.bitgrid.quant.export.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** A constant of a model: name, element type, sizes and little-endian elements. Not modifiable. */
public final class OnnxTensor {
    private final String name;
    private final OnnxType type;
    private final List<Long> dims;
    private final byte[] data;

    /** @throws FormatException when the number of bytes does not fit type and sizes */
    OnnxTensor(String name, OnnxType type, List<Long> dims, byte[] data) {
        this.name = name;
        this.type = type;
        this.dims = List.copyOf(dims);
        this.data = data;
        long expected = type.byteSize(elements(name, this.dims));
        if (data.length != expected) {
            throw new FormatException("onnx: tensor \"" + name + "\" has the wrong number of bytes; got " + data.length
                    + "; expected " + expected + " for " + type + " " + dims);
        }
    }

    private static long elements(String name, List<Long> dims) {
        long elements = 1;
        for (long dim : dims) {
            if (dim < 0 || dim > Integer.MAX_VALUE || (elements *= dim) > Integer.MAX_VALUE) {
                throw new FormatException("onnx: tensor \"" + name + "\" is too large or has a negative size; got "
                        + dims);
            }
        }
        return elements;
    }

    /** The values of a tensor under a name. */
    public static OnnxTensor of(String name, Tensor tensor) {
        OnnxType type = OnnxType.of(tensor.dtype());
        Shape shape = tensor.spec().shape();
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(type.byteSize(shape.numel())))
                .order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT -> data.asFloatBuffer().put(tensor.toFloatArray());
            case DOUBLE -> data.asDoubleBuffer().put(tensor.toDoubleArray());
            case INT64 -> data.asLongBuffer().put(tensor.toLongArray());
            case INT32 -> data.asIntBuffer().put(Arrays.stream(tensor.toLongArray()).mapToInt(v -> (int) v).toArray());
            default -> {
                for (long value : tensor.toLongArray()) {
                    data.put((byte) value);
                }
            }
        }
        return new OnnxTensor(name, type, Arrays.stream(shape.toArray()).mapToObj(dim -> (long) dim).toList(),
                data.array());
    }

    /** Whole numbers in one dimension, as shapes and axes are given. */
    public static OnnxTensor ofIntegers(String name, List<Long> values) {
        return of(name, Tensors.of(values.stream().mapToLong(Long::longValue).toArray(), values.size()));
    }

    /** Floats of these sizes. */
    public static OnnxTensor ofFloats(String name, List<Float> values, List<Long> dims) {
        ByteBuffer data = ByteBuffer.allocate(Float.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(data::putFloat);
        return new OnnxTensor(name, OnnxType.FLOAT, dims, data.array());
    }

    /** Integers of 4, 8 or 16 bits, two of 4 bits to a byte, the first in its low half. */
    public static OnnxTensor ofCodes(String name, OnnxType type, List<Long> codes, List<Long> dims) {
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(type.byteSize(codes.size())))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < codes.size(); i++) {
            long code = codes.get(i);
            switch (type) {
                case INT4, UINT4 -> data.put(i / 2, (byte) (data.get(i / 2) | (code & 15) << 4 * (i % 2)));
                case INT16, UINT16 -> data.putShort((short) code);
                default -> data.put((byte) code);
            }
        }
        return new OnnxTensor(name, type, dims, data.array());
    }

    public String name() {
        return name;
    }

    public OnnxType type() {
        return type;
    }

    public List<Long> dims() {
        return dims;
    }

    /** The elements, for writing; not to be changed. */
    byte[] data() {
        return data;
    }

    /** The elements as a tensor of the same type. */
    public Tensor tensor() {
        int[] sizes = dims.stream().mapToInt(Long::intValue).toArray();
        ByteBuffer values = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case FLOAT -> {
                float[] floats = new float[data.length / Float.BYTES];
                values.asFloatBuffer().get(floats);
                yield Tensors.of(floats, sizes);
            }
            case DOUBLE -> {
                double[] doubles = new double[data.length / Double.BYTES];
                values.asDoubleBuffer().get(doubles);
                yield Tensors.of(doubles, sizes);
            }
            case INT64 -> {
                long[] longs = new long[data.length / Long.BYTES];
                values.asLongBuffer().get(longs);
                yield Tensors.of(longs, sizes);
            }
            default -> Tensors.of(small(values), sizes).to(type.dtype());
        };
    }

    private long[] small(ByteBuffer values) {
        long[] longs = new long[type == OnnxType.INT32 ? data.length / Integer.BYTES : data.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = type == OnnxType.INT32 ? values.getInt() : type == OnnxType.INT8 ? values.get()
                    : values.get() & 0xFF;
        }
        return longs;
    }

    /** Whether name, type, sizes and all bytes are the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof OnnxTensor tensor && name.equals(tensor.name) && type == tensor.type
                && dims.equals(tensor.dims) && Arrays.equals(data, tensor.data);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return name + ": " + type + " " + dims;
    }
}

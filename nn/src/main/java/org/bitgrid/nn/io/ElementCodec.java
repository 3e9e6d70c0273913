package org.bitgrid.nn.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Moves elements between bytes and tensors, a piece at a time. */
public final class ElementCodec {
    private static final int CHUNK_BYTES = 1 << 16;

    private ElementCodec() {
    }

    /** Where bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** Fills the buffer to its limit or fails. */
        void readFully(ByteBuffer chunk) throws IOException;
    }

    /**
     * A tensor of the elements that {@code source} yields next in row-major order. The caller has made sure that so
     * many bytes exist, since memory for them is taken at once.
     *
     * @param what what errors call the tensor
     */
    public static Tensor read(ElementType type, Shape shape, ByteOrder order, String what, Source source)
            throws IOException {
        Target target = new Target(type.dtype(), numel(shape, what));
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(order);
        int perChunk = CHUNK_BYTES / type.byteSize();
        for (int first = 0; first < target.count; first += perChunk) {
            int end = Math.min(target.count, first + perChunk);
            chunk.clear().limit((end - first) * type.byteSize());
            source.readFully(chunk);
            chunk.flip();
            decode(type, chunk, target, first, end, what);
            if (end == target.count) {
                break;
            }
        }
        return target.tensor(shape);
    }

    private static int numel(Shape shape, String what) {
        long numel = shape.numel();
        if (numel > Integer.MAX_VALUE - 8) {
            throw new FormatException(what + " is too large for one tensor; got shape " + shape + " = " + numel
                    + " elements; expected at most " + (Integer.MAX_VALUE - 8));
        }
        return (int) numel;
    }

    private static void decode(ElementType type, ByteBuffer bytes, Target target, int first, int end, String what) {
        switch (type) {
            case BOOL -> {
                bytes.get(target.bytes, first, end - first);
                for (int i = first; i < end; i++) {
                    if ((target.bytes[i] & 0xfe) != 0) {
                        throw new FormatException(what + " has an element that is no boolean; got byte "
                                + (target.bytes[i] & 0xff) + " at element " + i + "; expected 0 or 1");
                    }
                }
            }
            case U8, I8 -> bytes.get(target.bytes, first, end - first);
            case I16 -> {
                for (int i = first; i < end; i++) {
                    target.ints[i] = bytes.getShort();
                }
            }
            case U16 -> {
                for (int i = first; i < end; i++) {
                    target.ints[i] = bytes.getShort() & 0xffff;
                }
            }
            case I32 -> bytes.asIntBuffer().get(target.ints, first, end - first);
            case U32 -> {
                for (int i = first; i < end; i++) {
                    target.longs[i] = bytes.getInt() & 0xffffffffL;
                }
            }
            case I64 -> bytes.asLongBuffer().get(target.longs, first, end - first);
            case U64 -> {
                for (int i = first; i < end; i++) {
                    target.longs[i] = bytes.getLong();
                    if (target.longs[i] < 0) {
                        throw new FormatException(what + " has an unsigned element that does not fit INT64; got "
                                + Long.toUnsignedString(target.longs[i]) + " at element " + i);
                    }
                }
            }
            case F32 -> bytes.asFloatBuffer().get(target.floats, first, end - first);
            case F64 -> bytes.asDoubleBuffer().get(target.doubles, first, end - first);
            case F16, BF16 -> {
                MiniFloat format = type.miniFloat();
                for (int i = first; i < end; i++) {
                    target.floats[i] = format.decode(bytes.getShort());
                }
            }
            case F8_E5M2, F8_E4M3 -> {
                MiniFloat format = type.miniFloat();
                for (int i = first; i < end; i++) {
                    target.floats[i] = format.decode(bytes.get());
                }
            }
        }
    }

    /** Writes the elements in row-major order. The type must be able to hold them; floats may lose precision. */
    public static void write(Tensor tensor, ElementType type, ByteOrder order, String what, OutputStream out)
            throws IOException {
        checkWritable(tensor.dtype(), type, what);
        int count = numel(tensor.spec().shape(), what);
        double[] doubles = tensor.dtype() == DType.FLOAT64 ? tensor.toDoubleArray() : null;
        float[] floats = tensor.dtype() == DType.FLOAT32 ? tensor.toFloatArray() : null;
        long[] longs = tensor.dtype().isFloating() ? null : tensor.toLongArray();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(order);
        for (int i = 0; i < count; i++) {
            if (longs != null) {
                putLong(longs[i], type, chunk, what);
            } else {
                putDouble(floats != null ? floats[i] : doubles[i], type, chunk);
            }
            if (chunk.remaining() < Long.BYTES) {
                out.write(chunk.array(), 0, chunk.position());
                chunk.clear();
            }
        }
        out.write(chunk.array(), 0, chunk.position());
    }

    static void checkWritable(DType dtype, ElementType type, String what) {
        boolean possible = dtype.isFloating() ? type.dtype().isFloating()
                : dtype == DType.BOOL ? type == ElementType.BOOL
                : type.dtype().isInteger();
        if (!possible) {
            throw new FormatException(what + " cannot be written as " + type + "; got a tensor of " + dtype
                    + "; expected " + (dtype.isFloating() ? "a floating type" : dtype == DType.BOOL ? "BOOL"
                    : "an integer type"));
        }
    }

    private static void putDouble(double value, ElementType type, ByteBuffer chunk) {
        switch (type) {
            case F64 -> chunk.putDouble(value);
            case F32 -> chunk.putFloat((float) value);
            case F16, BF16 -> chunk.putShort((short) type.miniFloat().encode((float) value));
            default -> chunk.put((byte) type.miniFloat().encode((float) value));
        }
    }

    private static void putLong(long value, ElementType type, ByteBuffer chunk, String what) {
        boolean unsigned = type == ElementType.U8 || type == ElementType.U16 || type == ElementType.U32
                || type == ElementType.U64;
        int bits = type.byteSize() * 8;
        long low = unsigned ? 0 : Long.MIN_VALUE >> 64 - bits;
        long high = unsigned ? Long.MAX_VALUE >>> Math.max(0, 63 - bits) : Long.MAX_VALUE >> 64 - bits;
        if (value < low || value > high) {
            throw new FormatException(what + " has an element out of range for " + type + "; got " + value
                    + "; expected " + low + " to " + high);
        }
        switch (type.byteSize()) {
            case 1 -> chunk.put((byte) value);
            case 2 -> chunk.putShort((short) value);
            case 4 -> chunk.putInt((int) value);
            default -> chunk.putLong(value);
        }
    }

    /** The array that elements are read into; exactly one of the fields is there. */
    private static final class Target {
        private final DType dtype;
        private final int count;
        private byte[] bytes;
        private int[] ints;
        private long[] longs;
        private float[] floats;
        private double[] doubles;

        private Target(DType dtype, int count) {
            this.dtype = dtype;
            this.count = count;
            switch (dtype) {
                case BOOL, UINT8, INT8 -> bytes = new byte[count];
                case INT32 -> ints = new int[count];
                case INT64 -> longs = new long[count];
                case FLOAT32 -> floats = new float[count];
                case FLOAT64 -> doubles = new double[count];
            }
        }

        private Tensor tensor(Shape shape) {
            int[] dims = shape.toArray();
            return switch (dtype) {
                case BOOL, UINT8, INT8 -> Tensors.ofBytes(dtype, bytes, dims);
                case INT32 -> Tensors.of(ints, dims);
                case INT64 -> Tensors.of(longs, dims);
                case FLOAT32 -> Tensors.of(floats, dims);
                case FLOAT64 -> Tensors.of(doubles, dims);
            };
        }
    }
}

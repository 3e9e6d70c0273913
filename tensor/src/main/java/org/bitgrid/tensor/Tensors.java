package org.bitgrid.tensor;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Einsum;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.Where;

/** Makes tensors. Data is copied in; shapes are row-major. */
public final class Tensors {
    private Tensors() {
    }

    /** A FLOAT32 vector of these values. */
    public static Tensor of(float... values) {
        return of(values, values.length);
    }

    /** A FLOAT32 tensor of these values in row-major order. */
    public static Tensor of(float[] values, int... dims) {
        Tensor tensor = allocate("of", DType.FLOAT32, values.length, dims);
        System.arraycopy(values, 0, tensor.storage().floats(), 0, values.length);
        return tensor;
    }

    /** A FLOAT64 tensor of these values in row-major order. */
    public static Tensor of(double[] values, int... dims) {
        Tensor tensor = allocate("of", DType.FLOAT64, values.length, dims);
        System.arraycopy(values, 0, tensor.storage().doubles(), 0, values.length);
        return tensor;
    }

    /** An INT64 tensor of these values in row-major order. */
    public static Tensor of(long[] values, int... dims) {
        Tensor tensor = allocate("of", DType.INT64, values.length, dims);
        System.arraycopy(values, 0, tensor.storage().longs(), 0, values.length);
        return tensor;
    }

    /** An INT32 tensor of these values in row-major order. */
    public static Tensor of(int[] values, int... dims) {
        Tensor tensor = allocate("of", DType.INT32, values.length, dims);
        System.arraycopy(values, 0, tensor.storage().ints(), 0, values.length);
        return tensor;
    }

    /** A UINT8 tensor of these bytes, read as 0 to 255, in row-major order. */
    public static Tensor ofBytes(byte[] values, int... dims) {
        return ofBytes(DType.UINT8, values, dims);
    }

    /** An INT8, UINT8 or BOOL tensor of these bytes in row-major order. */
    public static Tensor ofBytes(DType dtype, byte[] values, int... dims) {
        if (dtype.byteSize() != 1) {
            throw new DTypeException("ofBytes", "elements are one byte; got " + dtype);
        }
        Tensor tensor = allocate("ofBytes", dtype, values.length, dims);
        System.arraycopy(values, 0, tensor.storage().bytes(), 0, values.length);
        return tensor;
    }

    /** A BOOL vector of these values. */
    public static Tensor of(boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return ofBytes(DType.BOOL, bytes, values.length);
    }

    /** A FLOAT32 tensor without dimensions. */
    public static Tensor scalar(double value) {
        return full(Shape.SCALAR, value, DType.FLOAT32);
    }

    private static Tensor allocate(String operation, DType dtype, int length, int[] dims) {
        Shape shape = Shape.of(dims);
        if (shape.numel() != length) {
            throw new ShapeException(operation, "got " + length + " values for shape " + shape + "; expected "
                    + shape.numel());
        }
        return new Tensor(Storage.allocate(dtype, length), Layout.contiguous(shape), Device.CPU);
    }

    /** FLOAT32 zeros. */
    public static Tensor zeros(int... dims) {
        return full(Shape.of(dims), 0, DType.FLOAT32);
    }

    public static Tensor zeros(Shape shape, DType dtype) {
        return full(shape, 0, dtype);
    }

    /** FLOAT32 ones. */
    public static Tensor ones(int... dims) {
        return full(Shape.of(dims), 1, DType.FLOAT32);
    }

    /** Zeros of the shape, type and device of {@code like}. */
    public static Tensor zerosLike(Tensor like) {
        return fullLike(like.spec(), 0);
    }

    /** Ones of the shape, type and device of {@code like}. */
    public static Tensor onesLike(Tensor like) {
        return fullLike(like.spec(), 1);
    }

    /** A tensor of this shape, type and device, all elements {@code value}. */
    public static Tensor fullLike(TensorSpec like, double value) {
        if (like.device().isMeta()) {
            return Tensor.meta(like.shape(), like.dtype());
        }
        return Dispatch.apply(new Fill(like, value));
    }

    /** A tensor with all elements {@code value}. */
    public static Tensor full(Shape shape, double value, DType dtype) {
        return Dispatch.apply(new Fill(new TensorSpec(shape, dtype, Device.CPU), value));
    }

    /** INT64: 0, 1, … count - 1. */
    public static Tensor arange(int count) {
        long[] values = new long[count];
        Arrays.setAll(values, i -> i);
        return of(values, count);
    }

    /** FLOAT32, uniform in [0, 1). */
    public static Tensor rand(Rng rng, int... dims) {
        float[] values = new float[elements("rand", dims)];
        rng.fillUniform(values, 0f, 1f);
        return of(values, dims);
    }

    /** FLOAT32, normal with mean 0 and variance 1. */
    public static Tensor randn(Rng rng, int... dims) {
        float[] values = new float[elements("randn", dims)];
        rng.fillNormal(values, 0f, 1f);
        return of(values, dims);
    }

    private static int elements(String operation, int[] dims) {
        return Tensor.elements(operation, Shape.of(dims));
    }

    /** Joins tensors along {@code axis}; all other sizes must agree. Types are promoted to one. */
    public static Tensor cat(List<Tensor> tensors, int axis) {
        return Cat.apply(axis, tensors);
    }

    /** Joins tensors of one shape along a new dimension. */
    public static Tensor stack(List<Tensor> tensors, int axis) {
        return cat(tensors.stream().map(t -> t.unsqueeze(axis)).toList(), axis);
    }

    /** Sums of products in Einstein's notation, such as {@code bij,bjk->bik}; see {@link Einsum}. */
    public static Tensor einsum(String equation, Tensor... operands) {
        return Dispatch.function(new Einsum(equation), operands);
    }

    /** {@code a} where the condition (BOOL) holds, else {@code b}; all are broadcast, types promoted. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Where.apply(condition, a, b);
    }

    /** FLOAT32 matrix with ones on its diagonal. */
    public static Tensor eye(int size) {
        return ones(size).diag(0);
    }

    /** FLOAT32: {@code count} numbers from {@code first} to {@code last}, evenly spaced. */
    public static Tensor linspace(double first, double last, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            // From the nearer end, so that both ends are exact.
            double step = (last - first) / Math.max(1, count - 1);
            values[i] = (float) (i < count / 2 ? first + step * i : count == 1 ? first : last - step * (count - 1 - i));
        }
        return of(values, count);
    }

    /** INT64: first, first + step, … up to but without {@code end}. */
    public static Tensor arange(long first, long end, long step) {
        if (step == 0 || end < first != step < 0 && end != first) {
            throw new ShapeException("arange", "step must lead from the first to the end; got " + first + " to " + end
                    + " by " + step);
        }
        long[] values = new long[Math.toIntExact((Math.abs(end - first) + Math.abs(step) - 1) / Math.abs(step))];
        Arrays.setAll(values, i -> first + i * step);
        return of(values, values.length);
    }

    /** INT64, uniform from {@code least} to {@code end} (exclusive). */
    public static Tensor randint(Rng rng, int least, int end, int... dims) {
        long[] values = new long[elements("randint", dims)];
        Arrays.setAll(values, i -> least + rng.nextInt(end - least));
        return of(values, dims);
    }

    /** INT64: 0 to count - 1 in random order. */
    public static Tensor randperm(Rng rng, int count) {
        long[] values = new long[count];
        Arrays.setAll(values, i -> i);
        for (int i = count - 1; i > 0; i--) {
            int other = rng.nextInt(i + 1);
            long value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
        return of(values, count);
    }
}

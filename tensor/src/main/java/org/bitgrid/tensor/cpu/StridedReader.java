package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;

/**
 * Reads a tensor of any type and layout as if it were a row-major array of another shape it is broadcast to. Kernels
 * stage blocks of it in a buffer that fits the first-level cache, so that each needs one loop only, over arrays with
 * unit stride; or take the array itself where elements lie as wanted.
 */
final class StridedReader {
    private final Storage storage;
    private final int offset;
    /** Sizes and strides after joining dimensions that lie evenly; the last is the innermost. */
    private final int[] dims;
    private final int[] strides;
    private final boolean contiguous;

    private StridedReader(Storage storage, Layout layout) {
        this.storage = storage;
        this.offset = layout.offset();
        this.contiguous = layout.isContiguous();
        Shape shape = layout.shape();
        int[] sizes = new int[shape.rank() + 1];
        int[] steps = new int[shape.rank() + 1];
        int rank = 0;
        for (int i = 0; i < shape.rank(); i++) {
            int size = shape.dim(i);
            int stride = layout.stride(i);
            if (size == 1) {
                continue;
            }
            if (rank > 0 && steps[rank - 1] == (long) stride * size) {
                sizes[rank - 1] *= size;
                steps[rank - 1] = stride;
            } else {
                sizes[rank] = size;
                steps[rank++] = stride;
            }
        }
        if (rank == 0) {
            sizes[0] = 1;
            steps[0] = 1;
            rank = 1;
        }
        this.dims = Arrays.copyOf(sizes, rank);
        this.strides = Arrays.copyOf(steps, rank);
    }

    /** Reads the tensor broadcast to {@code shape}. */
    static StridedReader of(Tensor tensor, Shape shape) {
        Layout layout = tensor.layout();
        return new StridedReader(tensor.storage(), layout.shape().equals(shape) ? layout : layout.expand(shape));
    }

    /** Reads the tensor as it is. */
    static StridedReader of(Tensor tensor) {
        return new StridedReader(tensor.storage(), tensor.layout());
    }

    DType dtype() {
        return storage.dtype();
    }

    /** Whether the elements lie in {@link #array} row-major without gaps, so that nothing need be staged. */
    boolean isDirect() {
        return contiguous && storage.dtype() == DType.FLOAT32;
    }

    /** Whether all elements are the same one. */
    boolean isConstant() {
        return dims.length == 1 && (strides[0] == 0 || dims[0] == 1);
    }

    /** The elements of a FLOAT32 tensor, element i of a direct one at {@link #offset} + i. */
    float[] array() {
        return storage.floats();
    }

    int offset() {
        return offset;
    }

    /** Converts a run of elements. */
    private interface Run {
        void copy(int from, int stride, int to, int count);
    }

    /** Copies elements start to start + count, as floats, to {@code target} from position {@code at}. */
    void read(int start, int count, float[] target, int at) {
        walk(start, count, at, switch (storage.dtype()) {
            case FLOAT32 -> {
                float[] x = storage.floats();
                yield (from, stride, to, n) -> copy(x, from, stride, target, to, n);
            }
            case FLOAT64 -> {
                double[] x = storage.doubles();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = (float) x[from + i * stride];
                    }
                };
            }
            case INT64 -> {
                long[] x = storage.longs();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT32 -> {
                int[] x = storage.ints();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT8, BOOL, UINT8 -> {
                byte[] x = storage.bytes();
                int mask = storage.dtype() == DType.UINT8 ? 0xff : -1;
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride] & mask;
                    }
                };
            }
        });
    }

    /** Copies elements start to start + count, as longs (floats cut off), to {@code target} from position 0. */
    void read(int start, int count, long[] target) {
        walk(start, count, 0, switch (storage.dtype()) {
            case FLOAT32 -> {
                float[] x = storage.floats();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = (long) x[from + i * stride];
                    }
                };
            }
            case FLOAT64 -> {
                double[] x = storage.doubles();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = (long) x[from + i * stride];
                    }
                };
            }
            case INT64 -> {
                long[] x = storage.longs();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT32 -> {
                int[] x = storage.ints();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT8, BOOL, UINT8 -> {
                byte[] x = storage.bytes();
                int mask = storage.dtype() == DType.UINT8 ? 0xff : -1;
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride] & mask;
                    }
                };
            }
        });
    }

    /** Copies elements start to start + count, as doubles, to {@code target} from position 0. */
    void read(int start, int count, double[] target) {
        walk(start, count, 0, switch (storage.dtype()) {
            case FLOAT32 -> {
                float[] x = storage.floats();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case FLOAT64 -> {
                double[] x = storage.doubles();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT64 -> {
                long[] x = storage.longs();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT32 -> {
                int[] x = storage.ints();
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride];
                    }
                };
            }
            case INT8, BOOL, UINT8 -> {
                byte[] x = storage.bytes();
                int mask = storage.dtype() == DType.UINT8 ? 0xff : -1;
                yield (from, stride, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        target[to + i] = x[from + i * stride] & mask;
                    }
                };
            }
        });
    }

    /** Copies elements start to start + count of INT8, UINT8 or BOOL as they are. */
    void read(int start, int count, byte[] target, int at) {
        byte[] x = storage.bytes();
        walk(start, count, at, (from, stride, to, n) -> {
            if (stride == 1) {
                System.arraycopy(x, from, target, to, n);
            } else {
                for (int i = 0; i < n; i++) {
                    target[to + i] = x[from + i * stride];
                }
            }
        });
    }

    private static void copy(float[] x, int from, int stride, float[] target, int to, int count) {
        if (stride == 1) {
            System.arraycopy(x, from, target, to, count);
        } else if (stride == 0) {
            Arrays.fill(target, to, to + count, x[from]);
        } else {
            for (int i = 0; i < count; i++) {
                target[to + i] = x[from + i * stride];
            }
        }
    }

    /** Calls {@code run} for each piece of an innermost row. */
    private void walk(int start, int count, int to, Run run) {
        int last = dims.length - 1;
        int inner = dims[last];
        int stride = strides[last];
        if (last == 0) {
            run.copy(offset + start * stride, stride, to, count);
            return;
        }
        int[] index = new int[last];
        int row = start / inner;
        int column = start % inner;
        int from = offset;
        for (int d = last - 1; d >= 0; d--) {
            index[d] = row % dims[d];
            from += index[d] * strides[d];
            row /= dims[d];
        }
        while (true) {
            int run1 = Math.min(inner - column, count);
            run.copy(from + column * stride, stride, to, run1);
            count -= run1;
            if (count == 0) {
                return;
            }
            to += run1;
            column = 0;
            for (int d = last - 1; d >= 0; d--) {
                from += strides[d];
                if (++index[d] < dims[d]) {
                    break;
                }
                from -= strides[d] * dims[d];
                index[d] = 0;
            }
        }
    }
}

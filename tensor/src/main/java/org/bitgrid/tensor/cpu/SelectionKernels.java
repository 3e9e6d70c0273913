package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Scatter;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.Sort;

/** Operators that pick, order and add up floats along one dimension. */
final class SelectionKernels {
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;

    private SelectionKernels() {
    }

    static void register() {
        CpuBackend.define(Gather.class, new Picked());
        CpuBackend.define(ScatterAdd.class, new Scattered());
        CpuBackend.define(Scatter.class, new Scattered());
        CpuBackend.define(ArgReduce.class, (op, in, out) -> {
            ArgReduce arg = (ArgReduce) op;
            Shape shape = in[0].layout().shape();
            Lines lines = arg.axis() == null ? new Lines(1, (int) shape.numel(), 1)
                    : Lines.along(op.name(), shape, arg.axis());
            extremes(lines, arg.largest(), in[0], null, out[0]);
        });
        CpuBackend.define(MaxDim.class, (op, in, out) -> {
            MaxDim max = (MaxDim) op;
            extremes(Lines.along(op.name(), in[0].layout().shape(), max.axis()), max.largest(), in[0], out[0], out[1]);
        });
        CpuBackend.define(CumSum.class, SelectionKernels::cumSum);
        CpuBackend.define(Sort.class, SelectionKernels::sort);
    }

    private static long index(Storage storage, int at) {
        return switch (storage.dtype()) {
            case INT64 -> storage.longs()[at];
            case INT32 -> storage.ints()[at];
            case UINT8 -> storage.bytes()[at] & 0xff;
            default -> storage.bytes()[at];
        };
    }

    /** Positions of what the indices name in a tensor of shape {@code whole}, elements begin to end of the index. */
    private static void targets(String operation, int axis, Tensor index, Shape whole, int begin, int end,
                                int[] positions) {
        int[] strides = MoveKernels.strides(whole);
        boolean scalar = whole.rank() == 0;
        int along = scalar ? 0 : whole.checkedAxis(operation, axis);
        int size = scalar ? 1 : whole.dim(along);
        int stride = scalar ? 0 : strides[along];
        if (!scalar) {
            strides[along] = 0;
        }
        MoveKernels.positions(index.layout().shape(), strides, begin, end, positions);
        for (int i = begin; i < end; i++) {
            long chosen = index(index.storage(), index.layout().offset() + i);
            if (chosen < 0 || chosen >= size) {
                throw Gather.outside(operation, chosen, size);
            }
            positions[i - begin] += (int) chosen * stride;
        }
    }

    private static final class Picked implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return MoveKernels.isFloat(inputs[0]) && inputs[0].layout().shape().rank() > 0;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            float[] x = inputs[0].storage().floats();
            int xAt = inputs[0].layout().offset();
            float[] y = outputs[0].storage().floats();
            int yAt = outputs[0].layout().offset();
            Shape whole = inputs[0].layout().shape();
            Blocks.parallel(outputs[0], (begin, end) -> {
                int[] positions = new int[Blocks.BLOCK];
                for (int i = begin; i < end; i += Blocks.BLOCK) {
                    int stop = Math.min(end, i + Blocks.BLOCK);
                    targets(op.name(), ((Gather) op).axis(), inputs[1], whole, i, stop, positions);
                    for (int k = i; k < stop; k++) {
                        y[yAt + k] = x[xAt + positions[k - i]];
                    }
                }
            });
        }
    }

    /** Adds, or puts; of equal places the last wins. */
    private static final class Scattered implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return MoveKernels.isFloat(inputs[0]) && inputs[0].layout().shape().rank() > 0;
        }

        /** On one thread: indices may name the same element twice. */
        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Shape whole = inputs[0].layout().shape();
            Shape index = inputs[1].layout().shape();
            MoveKernels.copy(inputs[0].storage(), inputs[0].layout().offset(), outputs[0].storage(),
                    outputs[0].layout().offset(), (int) inputs[0].numel());
            float[] source = inputs[2].storage().floats();
            int sourceAt = inputs[2].layout().offset();
            int[] sourceStrides = MoveKernels.strides(inputs[2].layout().shape());
            float[] y = outputs[0].storage().floats();
            int yAt = outputs[0].layout().offset();
            int[] to = new int[Blocks.BLOCK];
            int[] from = new int[Blocks.BLOCK];
            int count = (int) index.numel();
            boolean adds = op instanceof ScatterAdd;
            int axis = adds ? ((ScatterAdd) op).axis() : ((Scatter) op).axis();
            for (int i = 0; i < count; i += Blocks.BLOCK) {
                int stop = Math.min(count, i + Blocks.BLOCK);
                targets(op.name(), axis, inputs[1], whole, i, stop, to);
                MoveKernels.positions(index, sourceStrides, i, stop, from);
                for (int k = 0; k < stop - i; k++) {
                    float value = source[sourceAt + from[k]];
                    y[yAt + to[k]] = adds ? y[yAt + to[k]] + value : value;
                }
            }
        }
    }

    /** First largest or smallest of each line; NaN is both. */
    private static void extremes(Lines lines, boolean largest, Tensor input, Tensor values, Tensor indices) {
        float[] x = input.storage().floats();
        int xAt = input.layout().offset();
        long[] places = indices.storage().longs();
        int placesAt = indices.layout().offset();
        float[] y = values == null ? null : values.storage().floats();
        int yAt = values == null ? 0 : values.layout().offset();
        int stride = lines.inner();
        lines.parallel((begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            for (int line = begin; line < end; line++) {
                int at = xAt + lines.start(line);
                int place = stride == 1 ? first(x, at, lines.length(), largest, lanes)
                        : first(x, at, stride, lines.length(), largest);
                places[placesAt + line] = place;
                if (y != null) {
                    y[yAt + line] = x[at + place * stride];
                }
            }
        });
    }

    /** Finds the value with vectors, then its place. */
    private static int first(float[] x, int at, int count, boolean largest, float[] lanes) {
        float best = largest ? REDUCTIONS.max(x, at, count, lanes) : REDUCTIONS.min(x, at, count, lanes);
        boolean nan = best != best;
        int i = 0;
        while (nan ? x[at + i] == x[at + i] : x[at + i] != best) {
            i++;
        }
        return i;
    }

    private static int first(float[] x, int at, int stride, int count, boolean largest) {
        int place = 0;
        float best = x[at];
        for (int i = 1; i < count && best == best; i++) {
            float value = x[at + i * stride];
            if (value != value || (largest ? value > best : value < best)) {
                best = value;
                place = i;
            }
        }
        return place;
    }

    private static void cumSum(Op op, Tensor[] in, Tensor[] out) {
        CumSum sum = (CumSum) op;
        Lines lines = Lines.along(op.name(), in[0].layout().shape(), sum.axis());
        float[] x = in[0].storage().floats();
        int xAt = in[0].layout().offset();
        float[] y = out[0].storage().floats();
        int yAt = out[0].layout().offset();
        int length = lines.length();
        lines.parallelColumns((start, count) -> {
            double[] sums = new double[count];
            for (int i = 0; i < length; i++) {
                int at = start + (sum.reversed() ? length - 1 - i : i) * lines.inner();
                for (int j = 0; j < count; j++) {
                    sums[j] += x[xAt + at + j];
                    y[yAt + at + j] = (float) sums[j];
                }
            }
        });
    }

    /** Sorts whole numbers that hold the order of the value above and the place below. */
    private static void sort(Op op, Tensor[] in, Tensor[] out) {
        Sort sort = (Sort) op;
        Lines lines = Lines.along(op.name(), in[0].layout().shape(), sort.axis());
        float[] x = in[0].storage().floats();
        int xAt = in[0].layout().offset();
        float[] y = out[0].storage().floats();
        int yAt = out[0].layout().offset();
        long[] places = out[1].storage().longs();
        int placesAt = out[1].layout().offset();
        int length = lines.length();
        int stride = lines.inner();
        lines.parallel((begin, end) -> {
            long[] keys = new long[length];
            for (int line = begin; line < end; line++) {
                int start = lines.start(line);
                for (int i = 0; i < length; i++) {
                    // Adding 0 makes -0 equal to 0; the bits of NaN are above those of infinity.
                    int bits = Float.floatToIntBits(x[xAt + start + i * stride] + 0f);
                    int order = bits ^ bits >> 31 & Integer.MAX_VALUE;
                    keys[i] = (long) (sort.descending() ? ~order : order) << 32 | i;
                }
                Arrays.sort(keys);
                for (int i = 0; i < length; i++) {
                    int place = (int) keys[i];
                    y[yAt + start + i * stride] = x[xAt + start + place * stride];
                    places[placesAt + start + i * stride] = place;
                }
            }
        });
    }
}

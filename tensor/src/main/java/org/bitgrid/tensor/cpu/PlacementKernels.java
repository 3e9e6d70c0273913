package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Diagonal;
import org.bitgrid.tensor.op.Nonzero;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.RRelu;

/** Diagonals of zeros, coordinates of what is not zero, and slopes drawn at random. */
final class PlacementKernels {
    private PlacementKernels() {
    }

    static void register() {
        CpuBackend.define(Diagonal.Embed.class, (op, in, out) -> embed((Diagonal.Embed) op, in[0], out[0]));
        CpuBackend.define(Nonzero.class, new Coordinates());
        CpuBackend.define(RRelu.class, (op, in, out) -> slopes((RRelu) op, in[0], out[0], out[1]));
    }

    private static void embed(Diagonal.Embed op, Tensor diagonal, Tensor output) {
        Layout view = op.diagonal().view(Layout.contiguous(op.shape(), output.layout().offset()));
        float[] y = output.storage().floats();
        float[] x = diagonal.storage().floats();
        int from = output.layout().offset();
        Arrays.fill(y, from, from + (int) output.numel(), 0);
        int count = (int) diagonal.numel();
        if (count == 0) {
            return;
        }
        int[] places = new int[count];
        MoveKernels.positions(view.shape(), view.strides(), 0, count, places);
        for (int i = 0; i < count; i++) {
            y[view.offset() + places[i]] = x[diagonal.layout().offset() + i];
        }
    }

    private static void slopes(RRelu op, Tensor input, Tensor output, Tensor slopes) {
        float[] x = input.storage().floats();
        float[] y = output.storage().floats();
        float[] used = slopes.storage().floats();
        int xAt = input.layout().offset();
        int yAt = output.layout().offset();
        int usedAt = slopes.layout().offset();
        double spread = op.upper() - op.lower();
        Blocks.parallel(output, (begin, end) -> {
            Rng rng = new Rng(op.seed());
            for (int i = begin; i < end; i++) {
                float value = x[xAt + i];
                float slope = value > 0 ? 1 : (float) (op.lower() + spread * rng.floatAt(i));
                y[yAt + i] = value * slope;
                used[usedAt + i] = slope;
            }
        });
    }

    /** On one thread: where a row goes depends on how many came before. */
    private static final class Coordinates implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() != DType.FLOAT64;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Shape shape = inputs[0].layout().shape();
            Storage storage = inputs[0].storage();
            int offset = inputs[0].layout().offset();
            int count = (int) shape.numel();
            int found = 0;
            for (int i = 0; i < count; i++) {
                found += isSet(storage, offset + i) ? 1 : 0;
            }
            if (found != ((Nonzero) op).count()) {
                throw ((Nonzero) op).otherCount(found);
            }
            int rank = shape.rank();
            long[] y = outputs[0].storage().longs();
            int row = outputs[0].layout().offset();
            for (int i = 0; i < count && rank > 0; i++) {
                if (isSet(storage, offset + i)) {
                    int rest = i;
                    for (int d = rank - 1; d >= 0; d--) {
                        y[row + d] = rest % shape.dim(d);
                        rest /= shape.dim(d);
                    }
                    row += rank;
                }
            }
        }

        private static boolean isSet(Storage storage, int at) {
            return switch (storage.dtype()) {
                case FLOAT32 -> storage.floats()[at] != 0;
                case FLOAT64 -> storage.doubles()[at] != 0;
                case INT64 -> storage.longs()[at] != 0;
                case INT32 -> storage.ints()[at] != 0;
                case INT8, UINT8, BOOL -> storage.bytes()[at] != 0;
            };
        }
    }
}

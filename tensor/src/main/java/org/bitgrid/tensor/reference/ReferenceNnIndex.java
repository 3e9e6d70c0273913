package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.Scatter;
import org.bitgrid.tensor.op.ScatterAdd;

/** Definitions of operators that select elements: by index, by size, by chance. */
final class ReferenceNnIndex {
    private ReferenceNnIndex() {
    }

    static void register() {
        ReferenceBackend.define(Gather.class, (op, in, out) -> {
            int[] from = targets(op.name(), op.axis(), in[1], in[0].shape());
            for (int i = 0; i < from.length; i++) {
                out[0].values()[i] = in[0].values()[from[i]];
            }
        });
        ReferenceBackend.define(ScatterAdd.class, (op, in, out) -> {
            System.arraycopy(in[0].values(), 0, out[0].values(), 0, in[0].values().length);
            int[] to = targets(op.name(), op.axis(), in[1], in[0].shape());
            int[] from = places(in[1].shape(), in[2].shape());
            for (int i = 0; i < to.length; i++) {
                out[0].values()[to[i]] += in[2].values()[from[i]];
            }
        });
        ReferenceBackend.define(Scatter.class, (op, in, out) -> {
            System.arraycopy(in[0].values(), 0, out[0].values(), 0, in[0].values().length);
            int[] to = targets(op.name(), op.axis(), in[1], in[0].shape());
            int[] from = places(in[1].shape(), in[2].shape());
            for (int i = 0; i < to.length; i++) {
                out[0].values()[to[i]] = in[2].values()[from[i]];
            }
        });
        ReferenceBackend.define(MaxDim.class, ReferenceNnIndex::maxDim);
        ReferenceBackend.define(Dropout.class, (op, in, out) -> {
            Rng rng = new Rng(op.seed());
            for (int i = 0; i < out[0].values().length; i++) {
                out[0].values()[i] = rng.floatAt(i) >= op.probability() ? in[0].values()[i] * op.scale() : 0;
            }
        });
    }

    /** The position in an array of shape {@code shape} that each index names. */
    private static int[] targets(String operation, int axis, RefArray index, Shape shape) {
        int[] positions = places(index.shape(), shape);
        if (shape.rank() == 0) {
            return positions;
        }
        int at = shape.checkedAxis(operation, axis);
        int stride = (int) shape.slice(at + 1, shape.rank()).numel();
        int inner = (int) index.shape().slice(at + 1, shape.rank()).numel();
        for (int i = 0; i < positions.length; i++) {
            long chosen = (long) index.values()[i];
            if (chosen < 0 || chosen >= shape.dim(at)) {
                throw Gather.outside(operation, chosen, shape.dim(at));
            }
            int own = i / inner % index.dim(at);
            positions[i] += ((int) chosen - own) * stride;
        }
        return positions;
    }

    /** The position in an array of shape {@code in} of each coordinate of {@code of}, which may lie outside. */
    private static int[] places(Shape of, Shape in) {
        int[] positions = new int[(int) of.numel()];
        int ofStride = 1;
        int inStride = 1;
        for (int d = of.rank() - 1; d >= 0; d--) {
            for (int i = 0; i < positions.length; i++) {
                positions[i] += i / ofStride % of.dim(d) * inStride;
            }
            ofStride *= of.dim(d);
            inStride *= in.dim(d);
        }
        return positions;
    }

    private static void maxDim(MaxDim op, RefArray[] in, RefArray[] out) {
        ReferenceShapes.argReduce(new ArgReduce(op.largest(), op.axis(), op.keepDim()), in,
                new RefArray[] {out[1]});
        int position = 0;
        for (Line line : Line.along(in[0].shape(), op.axis())) {
            out[0].values()[position] = in[0].values()[line.at((int) out[1].values()[position])];
            position++;
        }
    }
}

package org.bitgrid.tensor.reference;

import java.util.Arrays;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Diagonal;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.op.Slice;

/** Definitions of operators that fold, join or place elements, and of the matrix product. */
final class ReferenceShapes {
    private ReferenceShapes() {
    }

    static void register() {
        ReferenceBackend.define(Reduce.class, ReferenceShapes::reduce);
        ReferenceBackend.define(ArgReduce.class, ReferenceShapes::argReduce);
        ReferenceBackend.define(Cat.class, ReferenceShapes::cat);
        ReferenceBackend.define(Slice.Grad.class, (op, in, out) -> {
            int[] places = ReferencePointwise.indices(op.slice().view(Layout.contiguous(op.shape())));
            for (int i = 0; i < places.length; i++) {
                out[0].values()[places[i]] = in[0].values()[i];
            }
        });
        ReferenceBackend.define(Diagonal.Embed.class, (op, in, out) -> {
            int[] places = ReferencePointwise.indices(op.diagonal().view(Layout.contiguous(op.shape())));
            for (int i = 0; i < places.length; i++) {
                out[0].values()[places[i]] = in[0].values()[i];
            }
        });
        ReferenceBackend.define(MatMul.class, ReferenceShapes::matMul);
    }

    private static void reduce(Reduce op, RefArray[] in, RefArray[] out) {
        Shape shape = in[0].shape();
        boolean[] folded = op.folded(shape);
        int[] kept = shape.toArray();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = folded[i] ? 1 : kept[i];
        }
        int[] places = ReferencePointwise.broadcastIndices(Shape.of(kept), shape);
        double[] y = out[0].values();
        double[] x = in[0].values();
        double count = y.length == 0 ? 1 : (double) x.length / y.length;
        switch (op.kind()) {
            case SUM, MEAN -> {
                for (int i = 0; i < x.length; i++) {
                    y[places[i]] += x[i];
                }
                if (op.kind() == Reduce.Kind.MEAN) {
                    for (int i = 0; i < y.length; i++) {
                        y[i] /= count;
                    }
                }
            }
            case AMAX -> {
                Arrays.fill(y, Double.NEGATIVE_INFINITY);
                for (int i = 0; i < x.length; i++) {
                    y[places[i]] = Math.max(y[places[i]], x[i]);
                }
            }
            case AMIN -> {
                Arrays.fill(y, Double.POSITIVE_INFINITY);
                for (int i = 0; i < x.length; i++) {
                    y[places[i]] = Math.min(y[places[i]], x[i]);
                }
            }
        }
    }

    static void argReduce(ArgReduce op, RefArray[] in, RefArray[] out) {
        double[] x = in[0].values();
        Shape shape = in[0].shape();
        boolean all = op.axis() == null || shape.rank() == 0;
        int axis = all ? 0 : shape.checkedAxis(op.name(), op.axis());
        int length = all ? x.length : shape.dim(axis);
        int inner = all ? 1 : (int) shape.slice(axis + 1, shape.rank()).numel();
        for (int i = 0; i < out[0].values().length; i++) {
            int start = i / inner * inner * length + i % inner;
            int best = 0;
            for (int k = 1; k < length; k++) {
                double candidate = x[start + k * inner];
                double champion = x[start + best * inner];
                boolean better = op.largest() ? candidate > champion : candidate < champion;
                if (better || Double.isNaN(candidate) && !Double.isNaN(champion)) {
                    best = Double.isNaN(champion) ? best : k;
                }
            }
            out[0].values()[i] = best;
        }
    }

    private static void cat(Cat op, RefArray[] in, RefArray[] out) {
        Shape shape = out[0].shape();
        int axis = shape.checkedAxis(op.name(), op.axis());
        Layout whole = Layout.contiguous(shape);
        int start = 0;
        for (RefArray part : in) {
            int[] places = ReferencePointwise.indices(whole.slice(axis, start, 1, part.dim(axis)));
            for (int i = 0; i < places.length; i++) {
                out[0].values()[places[i]] = part.values()[i];
            }
            start += part.dim(axis);
        }
    }

    private static void matMul(MatMul op, RefArray[] in, RefArray[] out) {
        Shape a = in[0].rank() == 1 ? Shape.of(1).concat(in[0].shape()) : in[0].shape();
        Shape b = in[1].rank() == 1 ? in[1].shape().concat(Shape.of(1)) : in[1].shape();
        int rows = a.dim(-2);
        int inner = a.dim(-1);
        int columns = b.dim(-1);
        Shape batchA = a.slice(0, a.rank() - 2);
        Shape batchB = b.slice(0, b.rank() - 2);
        Shape batch = Shape.broadcast("matmul", batchA, batchB);
        int[] fromA = ReferencePointwise.broadcastIndices(batchA, batch);
        int[] fromB = ReferencePointwise.broadcastIndices(batchB, batch);
        for (int n = 0; n < fromA.length; n++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    double sum = 0;
                    for (int k = 0; k < inner; k++) {
                        sum += in[0].values()[(fromA[n] * rows + i) * inner + k]
                                * in[1].values()[(fromB[n] * inner + k) * columns + j];
                    }
                    out[0].values()[(n * rows + i) * columns + j] = sum;
                }
            }
        }
    }
}

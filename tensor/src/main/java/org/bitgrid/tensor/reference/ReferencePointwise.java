package org.bitgrid.tensor.reference;

import java.util.Arrays;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.CopyInPlace;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.FillInPlace;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.RRelu;
import org.bitgrid.tensor.op.Where;

/** Definitions of operators that treat each element by itself. */
final class ReferencePointwise {
    private ReferencePointwise() {
    }

    static void register() {
        ReferenceBackend.define(Pointwise1.class, (op, in, out) -> {
            for (int i = 0; i < out[0].values().length; i++) {
                out[0].values()[i] = op.kind().reference(in[0].values()[i]);
            }
        });
        ReferenceBackend.define(Pointwise2.class, (op, in, out) -> {
            int[] a = broadcastIndices(in[0].shape(), out[0].shape());
            int[] b = broadcastIndices(in[1].shape(), out[0].shape());
            for (int i = 0; i < a.length; i++) {
                out[0].values()[i] = op.kind().reference(in[0].values()[a[i]], in[1].values()[b[i]]);
            }
        });
        ReferenceBackend.define(PointwiseScalar.class, (op, in, out) -> {
            for (int i = 0; i < out[0].values().length; i++) {
                double x = in[0].values()[i];
                out[0].values()[i] = op.reversed() ? op.kind().reference(op.scalar(), x)
                        : op.kind().reference(x, op.scalar());
            }
        });
        ReferenceBackend.define(ParametricPointwise.class, (op, in, out) -> {
            for (int i = 0; i < out[0].values().length; i++) {
                out[0].values()[i] = op.reference(in[0].values()[i]);
            }
        });
        ReferenceBackend.define(RRelu.class, (op, in, out) -> {
            Rng rng = new Rng(op.seed());
            for (int i = 0; i < out[0].values().length; i++) {
                double x = in[0].values()[i];
                double slope = x > 0 ? 1 : op.lower() + (op.upper() - op.lower()) * rng.floatAt(i);
                out[0].values()[i] = x * slope;
                out[1].values()[i] = slope;
            }
        });
        ReferenceBackend.define(Where.class, (op, in, out) -> {
            int[] condition = broadcastIndices(in[0].shape(), out[0].shape());
            int[] a = broadcastIndices(in[1].shape(), out[0].shape());
            int[] b = broadcastIndices(in[2].shape(), out[0].shape());
            for (int i = 0; i < a.length; i++) {
                out[0].values()[i] = in[0].values()[condition[i]] != 0 ? in[1].values()[a[i]] : in[2].values()[b[i]];
            }
        });
        ReferenceBackend.define(Copy.class, (op, in, out) -> copy(in[0], out[0]));
        ReferenceBackend.define(Cast.class, (op, in, out) -> copy(in[0], out[0]));
        ReferenceBackend.define(CopyInPlace.class, (op, in, out) -> {
            int[] from = broadcastIndices(in[1].shape(), out[0].shape());
            for (int i = 0; i < from.length; i++) {
                out[0].values()[i] = in[1].values()[from[i]];
            }
        });
        ReferenceBackend.define(FillInPlace.class, (op, in, out) -> Arrays.fill(out[0].values(), op.value()));
        ReferenceBackend.define(Fill.class, (op, in, out) -> Arrays.fill(out[0].values(), op.value()));
        ReferenceBackend.define(AddInPlace.class, (op, in, out) -> {
            for (int i = 0; i < out[0].values().length; i++) {
                out[0].values()[i] += op.alpha() * in[1].values()[i];
            }
        });
    }

    private static void copy(RefArray from, RefArray to) {
        System.arraycopy(from.values(), 0, to.values(), 0, to.values().length);
    }

    /** For each element of {@code to} in row-major order, the position of its source in an array of shape {@code from}. */
    static int[] broadcastIndices(Shape from, Shape to) {
        return indices(Layout.contiguous(from).expand(to));
    }

    /** The storage position of each element of a layout, in row-major order. */
    static int[] indices(Layout layout) {
        Shape shape = layout.shape();
        int[] positions = new int[(int) shape.numel()];
        int[] index = new int[shape.rank()];
        for (int i = 0; i < positions.length; i++) {
            int position = layout.offset();
            for (int d = 0; d < index.length; d++) {
                position += index[d] * layout.stride(d);
            }
            positions[i] = position;
            for (int d = index.length - 1; d >= 0 && ++index[d] == shape.dim(d); d--) {
                index[d] = 0;
            }
        }
        return positions;
    }
}

package org.bitgrid.tensor.reference;

import java.util.Arrays;
import java.util.Comparator;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.Nonzero;
import org.bitgrid.tensor.op.Sort;

/** Definitions of operators that pick, order and add up along one dimension. */
final class ReferenceSelections {
    private ReferenceSelections() {
    }

    static void register() {
        ReferenceBackend.define(IndexSelect.class, (op, in, out) -> {
            int axis = in[0].shape().checkedAxis(op.name(), op.axis());
            walk(op.name(), in[0].shape(), axis, in[1].values(), (whole, part) ->
                    out[0].values()[part] = in[0].values()[whole]);
        });
        ReferenceBackend.define(IndexSelect.Grad.class, (op, in, out) ->
                walk(op.name(), out[0].shape(), op.axis(), in[1].values(), (whole, part) ->
                        out[0].values()[whole] += in[0].values()[part]));
        ReferenceBackend.define(Nonzero.class, (op, in, out) -> {
            int found = (int) Arrays.stream(in[0].values()).filter(value -> value != 0).count();
            if (found != op.count()) {
                throw op.otherCount(found);
            }
            int row = 0;
            for (int i = 0; i < in[0].values().length; i++) {
                if (in[0].values()[i] != 0) {
                    int rest = i;
                    for (int d = in[0].rank() - 1; d >= 0; d--) {
                        out[0].values()[row * in[0].rank() + d] = rest % in[0].dim(d);
                        rest /= in[0].dim(d);
                    }
                    row++;
                }
            }
        });
        ReferenceBackend.define(CumSum.class, (op, in, out) -> {
            for (Line line : Line.along(in[0].shape(), op.axis())) {
                double sum = 0;
                for (int i = 0; i < line.length(); i++) {
                    int at = line.at(op.reversed() ? line.length() - 1 - i : i);
                    sum += in[0].values()[at];
                    out[0].values()[at] = sum;
                }
            }
        });
        ReferenceBackend.define(Sort.class, (op, in, out) -> {
            double[] x = in[0].values();
            for (Line line : Line.along(in[0].shape(), op.axis())) {
                Integer[] order = new Integer[line.length()];
                Arrays.setAll(order, i -> i);
                // Adding 0 makes -0 equal to 0; Double.compare puts NaN last.
                Comparator<Integer> ascending = (a, b) -> Double.compare(x[line.at(a)] + 0.0, x[line.at(b)] + 0.0);
                Arrays.sort(order, op.descending() ? ascending.reversed() : ascending);
                for (int i = 0; i < order.length; i++) {
                    out[0].values()[line.at(i)] = x[line.at(order[i])];
                    out[1].values()[line.at(i)] = order[i];
                }
            }
        });
    }

    /** A position in a whole tensor and that in the slices selected from it. */
    private interface Pair {
        void visit(int whole, int part);
    }

    private static void walk(String operation, Shape whole, int axis, double[] index, Pair pair) {
        int size = whole.dim(axis);
        int outer = (int) whole.slice(0, axis).numel();
        int inner = (int) whole.slice(axis + 1, whole.rank()).numel();
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < index.length; j++) {
                long chosen = (long) index[j];
                if (chosen < 0 || chosen >= size) {
                    throw Gather.outside(operation, chosen, size);
                }
                for (int k = 0; k < inner; k++) {
                    pair.visit((i * size + (int) chosen) * inner + k, (i * index.length + j) * inner + k);
                }
            }
        }
    }
}

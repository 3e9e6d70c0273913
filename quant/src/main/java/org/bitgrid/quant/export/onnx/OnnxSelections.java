package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Diagonal;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.OneHot;
import org.bitgrid.tensor.op.Scatter;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.Sort;
import org.bitgrid.tensor.op.TopK;

/** Operators that choose and order elements. */
final class OnnxSelections {
    private OnnxSelections() {
    }

    static void register(OnnxOps.Table table) {
        table.line(IndexSelect.class, (op, call) -> call.add("Gather", call.inputs(), "axis",
                call.axis(0, op.axis())));
        table.line(Gather.class, (op, call) -> call.add("GatherElements", call.inputs(), "axis",
                call.axis(0, op.axis())));
        table.line(ScatterAdd.class, (op, call) -> scatter(op.axis(), "add", call));
        table.line(Scatter.class, (op, call) -> scatter(op.axis(), "none", call));
        table.line(Diagonal.class, OnnxSelections::diagonal);
        table.lines(TopK.class, (op, call) -> call.addMany("TopK", 2,
                List.of(call.input(0), call.integers(op.count())), "axis", call.axis(0, op.axis()), "largest",
                op.largest() ? 1L : 0L, "sorted", 1L));
        table.lines(Sort.class, (op, call) -> sort(op, call));
        table.line(OneHot.class, (op, call) -> call.add("OneHot", List.of(call.input(0),
                call.scalar(op.classes(), DType.INT64), call.constant(Tensors.of(new long[] {0, 1}, 2))), "axis",
                -1L));
    }

    /** ONNX orders by taking as many of the largest as there are. */
    private static List<String> sort(Sort op, OnnxCall call) {
        int axis = (int) call.axis(0, op.axis());
        long size = call.shape(0).dim(axis);
        String count = call.inputVaries(0, axis)
                ? call.add("Shape", call.input(0), "start", (long) axis, "end", axis + 1L) : call.integers(size);
        return call.addMany("TopK", 2, List.of(call.input(0), count), "axis", (long) axis, "largest",
                op.descending() ? 1L : 0L, "sorted", 1L);
    }

    /** ONNX wants index and source of one shape: what the source has more is cut off. */
    private static String scatter(int axis, String reduction, OnnxCall call) {
        String source = call.input(2);
        if (!call.shape(1).equals(call.shape(2))) {
            List<Long> starts = new ArrayList<>();
            List<Long> axes = new ArrayList<>();
            for (long i = 0; i < call.rank(1); i++) {
                starts.add(0L);
                axes.add(i);
            }
            source = call.add("Slice", List.of(source, call.integers(starts), call.add("Shape", call.input(1)),
                    call.integers(axes)));
        }
        return call.add("ScatterElements", List.of(call.input(0), call.input(1), source), "axis",
                call.axis(0, axis), "reduction", reduction);
    }

    /** Both dimensions joined at the end, and the places of the diagonal gathered. */
    private static String diagonal(Diagonal op, OnnxCall call) {
        long first = call.axis(0, op.first());
        long second = call.axis(0, op.second());
        List<Long> order = new ArrayList<>();
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < call.rank(0); i++) {
            if (i != first && i != second) {
                order.add(i);
                shape.add(call.inputVaries(0, (int) i) ? -1L : call.shape(0).dim((int) i));
            }
        }
        order.add(first);
        order.add(second);
        long rows = call.shape(0).dim((int) first);
        long columns = call.shape(0).dim((int) second);
        shape.add(rows * columns);
        List<Long> places = new ArrayList<>();
        for (long row = 0; row < rows; row++) {
            long column = row + op.offset();
            if (column >= 0 && column < columns) {
                places.add(row * columns + column);
            }
        }
        String moved = call.add("Transpose", call.input(0), "perm", order);
        String joined = call.add("Reshape", List.of(moved, call.integers(shape)));
        return call.add("Gather", List.of(joined, call.integers(places)), "axis", shape.size() - 1L);
    }
}

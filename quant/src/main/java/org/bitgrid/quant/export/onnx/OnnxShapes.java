package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Expand;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.Permute;
import org.bitgrid.tensor.op.Repeat;
import org.bitgrid.tensor.op.Reshape;
import org.bitgrid.tensor.op.Slice;
import org.bitgrid.tensor.op.Squeeze;
import org.bitgrid.tensor.op.Transpose;
import org.bitgrid.tensor.op.Unsqueeze;

/** Operators that move elements without computing. */
final class OnnxShapes {
    private OnnxShapes() {
    }

    static void register(OnnxOps.Table table) {
        table.line(Reshape.class, (op, call) -> reshape(call));
        table.line(Flatten.class, OnnxShapes::flatten);
        table.line(Permute.class, (op, call) -> call.add("Transpose", call.input(0), "perm",
                op.axes().stream().map(axis -> call.axis(0, axis)).toList()));
        table.line(Transpose.class, OnnxShapes::transpose);
        table.line(Squeeze.class, OnnxShapes::squeeze);
        table.line(Unsqueeze.class, (op, call) -> call.add("Unsqueeze", List.of(call.input(0), call.integers(
                op.axis() < 0 ? op.axis() + call.rank(0) + 1 : op.axis()))));
        table.line(Expand.class, (op, call) -> expand(call));
        table.line(Slice.class, OnnxShapes::slice);
        table.line(Cat.class, (op, call) -> call.add("Concat", call.inputs().stream().toList(), "axis",
                call.axis(0, op.axis())));
        table.line(Repeat.class, OnnxShapes::repeat);
        table.line(OnnxRecording.SecondName.class, (op, call) -> call.add("Identity", call.input(0)));
        table.line(Fill.class, (op, call) -> call.add("Expand", List.of(
                call.scalar(op.value(), op.spec().dtype()), call.outputShape())));
    }

    private static String reshape(OnnxCall call) {
        return call.add("Reshape", List.of(call.input(0), call.outputShapeForReshape()));
    }

    private static String flatten(Flatten op, OnnxCall call) {
        boolean allButFirst = call.rank(0) > 1 && call.axis(0, op.start()) == 1
                && call.axis(0, op.end()) == call.rank(0) - 1;
        return allButFirst ? call.add("Flatten", call.input(0), "axis", 1L) : reshape(call);
    }

    private static String transpose(Transpose op, OnnxCall call) {
        List<Long> order = new ArrayList<>();
        for (long i = 0; i < call.rank(0); i++) {
            order.add(i);
        }
        if (!order.isEmpty()) {
            Collections.swap(order, (int) call.axis(0, op.first()), (int) call.axis(0, op.second()));
        }
        return call.add("Transpose", call.input(0), "perm", order);
    }

    private static String squeeze(Squeeze op, OnnxCall call) {
        boolean drops = call.outputSpec().shape().rank() < call.rank(0);
        return drops ? call.add("Squeeze", List.of(call.input(0), call.integers(call.axis(0, op.axis()))))
                : call.input(0);
    }

    /** Sizes that are the input's own are left to the runtime by 1. */
    private static String expand(OnnxCall call) {
        Shape out = call.outputSpec().shape();
        int lead = out.rank() - call.rank(0);
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < out.rank(); i++) {
            boolean same = i >= lead && call.shape(0).dim(i - lead) == out.dim(i);
            if (call.outputVaries(i) && !(same && call.inputVaries(0, i - lead))) {
                return call.add("Expand", List.of(call.input(0), call.outputShape()));
            }
            sizes.add(same && call.inputVaries(0, i - lead) ? 1L : (long) out.dim(i));
        }
        return call.add("Expand", List.of(call.input(0), call.integers(sizes)));
    }

    private static String slice(Slice op, OnnxCall call) {
        Slice other = (Slice) call.otherOp();
        long axis = call.axis(0, op.axis());
        return call.add("Slice", List.of(call.input(0), bound(op.start(), other.start(), call),
                bound(op.end(), other.end(), call), call.integers(axis), call.integers(op.step())));
    }

    private static String bound(long first, long second, OnnxCall call) {
        return first == second ? call.integers(first) : call.size(first, second);
    }

    private static String repeat(Repeat op, OnnxCall call) {
        String x = call.input(0);
        int lead = op.counts().size() - call.rank(0);
        if (lead > 0) {
            List<Long> axes = new ArrayList<>();
            for (long i = 0; i < lead; i++) {
                axes.add(i);
            }
            x = call.add("Unsqueeze", List.of(x, call.integers(axes)));
        }
        List<Integer> counts = op.counts();
        List<Integer> others = ((Repeat) call.otherOp()).counts();
        List<String> parts = new ArrayList<>();
        boolean varies = !counts.equals(others);
        for (int i = 0; varies && i < counts.size(); i++) {
            parts.add(bound(counts.get(i), others.get(i), call));
        }
        String all = varies ? call.add("Concat", parts, "axis", 0L)
                : call.constant(Tensors.of(counts.stream().mapToLong(Integer::longValue).toArray(), counts.size()));
        return call.add("Tile", List.of(x, all));
    }
}

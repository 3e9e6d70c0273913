package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.LogSumExp;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.Norm;
import org.bitgrid.tensor.op.Prod;
import org.bitgrid.tensor.op.Reduce;

/** Operators that fold many elements into one. */
final class OnnxReductions {
    private OnnxReductions() {
    }

    static void register(OnnxOps.Table table) {
        table.line(Reduce.class, (op, call) -> reduce(switch (op.kind()) {
            case SUM -> "ReduceSum";
            case MEAN -> "ReduceMean";
            case AMAX -> "ReduceMax";
            case AMIN -> "ReduceMin";
        }, call.castInput(0, call.outputSpec().dtype()), op.axes(), op.keepDim(), call));
        table.line(ArgReduce.class, OnnxReductions::argReduce);
        table.lines(MaxDim.class, (op, call) -> List.of(
                reduce(op.largest() ? "ReduceMax" : "ReduceMin", call.input(0), List.of(op.axis()), op.keepDim(),
                        call),
                argument(op.largest(), call.input(0), call.axis(0, op.axis()), op.keepDim(), call)));
        table.line(LogSumExp.class, (op, call) -> reduce("ReduceLogSumExp", call.input(0), op.axes(), op.keepDim(),
                call));
        table.line(Norm.class, OnnxReductions::norm);
        table.line(Prod.class, (op, call) -> reduce("ReduceProd", call.castInput(0, call.outputSpec().dtype()),
                List.of(op.axis()), op.keepDim(), call));
        table.line(CumSum.class, (op, call) -> cumulative(op, call));
    }

    private static String reduce(String type, String x, List<Integer> axes, boolean keepDim, OnnxCall call) {
        if (call.rank(0) == 0) {
            return x;
        }
        return call.add(type, List.of(x, call.integers(call.axes(0, axes))), "keepdims", keepDim ? 1L : 0L);
    }

    private static String argReduce(ArgReduce op, OnnxCall call) {
        if (op.axis() != null) {
            return argument(op.largest(), call.input(0), call.axis(0, op.axis()), op.keepDim(), call);
        }
        String flat = call.add("Reshape", List.of(call.input(0), call.integers(-1)));
        return argument(op.largest(), flat, 0, false, call);
    }

    private static String argument(boolean largest, String x, long axis, boolean keepDim, OnnxCall call) {
        return call.add(largest ? "ArgMax" : "ArgMin", x, "axis", axis, "keepdims", keepDim ? 1L : 0L);
    }

    /** Σ|x|^p to the power 1/p; the largest |x| for infinity, the smallest for minus infinity. */
    private static String norm(Norm op, OnnxCall call) {
        DType type = call.spec(0).dtype();
        if (op.p() == 2) {
            return reduce("ReduceL2", call.input(0), op.axes(), op.keepDim(), call);
        }
        if (op.p() == 1) {
            return reduce("ReduceL1", call.input(0), op.axes(), op.keepDim(), call);
        }
        String magnitude = call.add("Abs", call.input(0));
        if (Double.isInfinite(op.p())) {
            return reduce(op.p() > 0 ? "ReduceMax" : "ReduceMin", magnitude, op.axes(), op.keepDim(), call);
        }
        if (op.p() == 0) {
            String counted = call.add("Sign", magnitude);
            return reduce("ReduceSum", counted, op.axes(), op.keepDim(), call);
        }
        String powers = call.add("Pow", List.of(magnitude, call.scalar(op.p(), type)));
        String sum = reduce("ReduceSum", powers, op.axes(), op.keepDim(), call);
        return call.add("Pow", List.of(sum, call.scalar(1 / op.p(), type)));
    }

    private static String cumulative(CumSum op, OnnxCall call) {
        List<String> inputs = new ArrayList<>(List.of(call.castInput(0, call.outputSpec().dtype())));
        inputs.add(call.scalar(call.axis(0, op.axis()), DType.INT64));
        return call.add("CumSum", inputs, "reverse", op.reversed() ? 1L : 0L);
    }
}

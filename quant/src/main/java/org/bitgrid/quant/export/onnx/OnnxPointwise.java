package org.bitgrid.quant.export.onnx;

import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Where;

/** Operators that compute each element by itself. */
final class OnnxPointwise {
    private OnnxPointwise() {
    }

    static void register(OnnxOps.Table table) {
        one(table, Pointwise1.Kind.NEG, "Neg");
        one(table, Pointwise1.Kind.ABS, "Abs");
        one(table, Pointwise1.Kind.SIGN, "Sign");
        table.line(Pointwise1.Kind.SQUARE, (op, call) -> call.add("Mul", List.of(call.input(0), call.input(0))));
        one(table, Pointwise1.Kind.FLOOR, "Floor");
        one(table, Pointwise1.Kind.CEIL, "Ceil");
        one(table, Pointwise1.Kind.ROUND, "Round");
        one(table, Pointwise1.Kind.EXP, "Exp");
        one(table, Pointwise1.Kind.LOG, "Log");
        one(table, Pointwise1.Kind.SQRT, "Sqrt");
        table.line(Pointwise1.Kind.RSQRT, (op, call) -> call.add("Reciprocal", call.add("Sqrt", floating(call))));
        one(table, Pointwise1.Kind.RECIPROCAL, "Reciprocal");
        one(table, Pointwise1.Kind.SIGMOID, "Sigmoid");
        one(table, Pointwise1.Kind.TANH, "Tanh");
        one(table, Pointwise1.Kind.ERF, "Erf");
        one(table, Pointwise1.Kind.RELU, "Relu");
        table.line(Pointwise1.Kind.RELU6, (op, call) -> call.add("Clip", List.of(call.input(0),
                call.scalar(0, call.spec(0).dtype()), call.scalar(6, call.spec(0).dtype()))));
        one(table, Pointwise1.Kind.GELU, "Gelu");
        table.line(Pointwise1.Kind.GELU_TANH, (op, call) -> call.add("Gelu", floating(call), "approximate", "tanh"));

        ofNumbersOrTruth(table, Pointwise2.Kind.ADD, "Add", "Or");
        two(table, Pointwise2.Kind.SUB, "Sub");
        ofNumbersOrTruth(table, Pointwise2.Kind.MUL, "Mul", "And");
        two(table, Pointwise2.Kind.DIV, "Div");
        two(table, Pointwise2.Kind.POW, "Pow");
        ofNumbersOrTruth(table, Pointwise2.Kind.MAXIMUM, "Max", "Or");
        ofNumbersOrTruth(table, Pointwise2.Kind.MINIMUM, "Min", "And");
        two(table, Pointwise2.Kind.EQ, "Equal");
        table.line(Pointwise2.Kind.NE, (op, call) -> call.add("Not", call.add("Equal", operands(op, call))));
        two(table, Pointwise2.Kind.LT, "Less");
        two(table, Pointwise2.Kind.LE, "LessOrEqual");
        two(table, Pointwise2.Kind.GT, "Greater");
        two(table, Pointwise2.Kind.GE, "GreaterOrEqual");

        table.line(Where.class, (op, call) -> call.add("Where", List.of(call.input(0),
                call.castInput(1, call.outputSpec().dtype()), call.castInput(2, call.outputSpec().dtype()))));
        table.line(Cast.class, (op, call) -> call.castInput(0, op.dtype()));
        table.line(Copy.class, (op, call) -> call.input(0));
    }

    private static void one(OnnxOps.Table table, Pointwise1.Kind kind, String type) {
        table.line(kind, (op, call) -> call.add(type, floating(call)));
    }

    private static void two(OnnxOps.Table table, Pointwise2.Kind kind, String type) {
        table.line(kind, (op, call) -> call.add(type, operands(op, call)));
    }

    /** ONNX does arithmetic on numbers only. */
    private static void ofNumbersOrTruth(OnnxOps.Table table, Pointwise2.Kind kind, String type, String ofTruth) {
        table.line(kind, (op, call) -> call.add(call.outputSpec().dtype() == DType.BOOL ? ofTruth : type,
                operands(op, call)));
    }

    /** The input as elements of the output's type. */
    private static String floating(OnnxCall call) {
        return call.castInput(0, call.outputSpec().dtype());
    }

    /** Both operands as elements of one type; a number becomes a constant. */
    static List<String> operands(Op op, OnnxCall call) {
        DType result = call.outputSpec().dtype();
        if (op instanceof PointwiseScalar scalar) {
            DType type = scalar.kind().isComparison() ? compared(call.spec(0).dtype(), scalar) : result;
            String x = call.castInput(0, type);
            String number = number(scalar, call, type);
            return scalar.reversed() ? List.of(number, x) : List.of(x, number);
        }
        DType type = result;
        if (((Pointwise2) op).kind().isComparison()) {
            type = DType.promote(call.spec(0).dtype(), call.spec(1).dtype());
        }
        return List.of(call.castInput(0, type), call.castInput(1, type));
    }

    private static DType compared(DType x, PointwiseScalar scalar) {
        if (x.isFloating()) {
            return x;
        }
        return scalar.integral() ? DType.INT64 : DType.FLOAT32;
    }

    private static String number(PointwiseScalar scalar, OnnxCall call, DType type) {
        double second = ((PointwiseScalar) call.otherOp()).scalar();
        if (Double.compare(scalar.scalar(), second) == 0) {
            return call.scalar(scalar.scalar(), type);
        }
        return call.cast(call.size((long) scalar.scalar(), (long) second), DType.INT64, type);
    }
}

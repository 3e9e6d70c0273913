package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.PRelu;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;

/** Elementary functions, activations and remainders, of which ONNX has some and lacks others. */
final class OnnxFunctions {
    /** Beyond this, log(1 + exp(x)) is x in float32. */
    private static final double SOFTPLUS_IS_LINEAR = 17;

    private OnnxFunctions() {
    }

    static void register(OnnxOps.Table table) {
        elementary(table);
        activations(table);
        parametric(table);
        table.line(Pointwise2.Kind.FMOD, (op, call) -> call.add("Mod", OnnxPointwise.operands(op, call), "fmod", 1L));
        table.line(Pointwise2.Kind.REMAINDER, OnnxFunctions::remainder);
        table.line(Pointwise2.Kind.FLOOR_DIVIDE, OnnxFunctions::floorDivide);
        table.line(Pointwise2.Kind.ATAN2, OnnxFunctions::atan2);
        table.line(PRelu.class, OnnxFunctions::prelu);
    }

    private static void elementary(OnnxOps.Table table) {
        table.line(Pointwise1.Kind.TRUNC, (op, call) -> truncated(call));
        table.line(Pointwise1.Kind.FRAC, (op, call) -> call.add("Sub", List.of(x(call), truncated(call))));
        table.line(Pointwise1.Kind.LOG1P, (op, call) -> call.add("Log", call.add("Add", List.of(x(call), one(call)))));
        table.line(Pointwise1.Kind.LOG2, (op, call) -> scaledLog(call, 1 / Math.log(2)));
        table.line(Pointwise1.Kind.LOG10, (op, call) -> scaledLog(call, 1 / Math.log(10)));
        table.line(Pointwise1.Kind.EXPM1, (op, call) -> call.add("Sub", List.of(call.add("Exp", x(call)), one(call))));
        table.line(Pointwise1.Kind.EXP2, (op, call) -> call.add("Pow", List.of(number(call, 2), x(call))));
        table.line(Pointwise1.Kind.SIN, (op, call) -> call.add("Sin", x(call)));
        table.line(Pointwise1.Kind.COS, (op, call) -> call.add("Cos", x(call)));
        table.line(Pointwise1.Kind.TAN, (op, call) -> call.add("Tan", x(call)));
        table.line(Pointwise1.Kind.ASIN, (op, call) -> call.add("Asin", x(call)));
        table.line(Pointwise1.Kind.ACOS, (op, call) -> call.add("Acos", x(call)));
        table.line(Pointwise1.Kind.ATAN, (op, call) -> call.add("Atan", x(call)));
        table.line(Pointwise1.Kind.SINH, (op, call) -> call.add("Sinh", x(call)));
        table.line(Pointwise1.Kind.COSH, (op, call) -> call.add("Cosh", x(call)));
    }

    private static void activations(OnnxOps.Table table) {
        table.line(Pointwise1.Kind.SELU, (op, call) -> call.add("Selu", x(call)));
        table.line(Pointwise1.Kind.SILU, (op, call) -> call.add("Mul", List.of(x(call), call.add("Sigmoid", x(call)))));
        table.line(Pointwise1.Kind.MISH, (op, call) -> call.add("Mish", x(call)));
        table.line(Pointwise1.Kind.HARDSWISH, (op, call) -> call.add("HardSwish", x(call)));
        table.line(Pointwise1.Kind.HARDSIGMOID, (op, call) -> call.add("HardSigmoid", x(call), "alpha", 1 / 6f, "beta",
                0.5f));
        table.line(Pointwise1.Kind.LOGSIGMOID, (op, call) ->
                call.add("Neg", call.add("Softplus", call.add("Neg", x(call)))));
        table.line(Pointwise1.Kind.SOFTSIGN, (op, call) -> call.add("Softsign", x(call)));
        table.line(Pointwise1.Kind.TANHSHRINK, (op, call) -> call.add("Sub", List.of(x(call), call.add("Tanh",
                x(call)))));
    }

    private static void parametric(OnnxOps.Table table) {
        table.line(ParametricPointwise.Kind.CLAMP, (op, call) -> clip(op, call));
        table.line(ParametricPointwise.Kind.HARDTANH, (op, call) -> clip(op, call));
        table.line(ParametricPointwise.Kind.LEAKY_RELU, (op, call) -> call.add("LeakyRelu", x(call), "alpha",
                (float) op.first()));
        table.line(ParametricPointwise.Kind.ELU, (op, call) -> call.add("Elu", x(call), "alpha", (float) op.first()));
        table.line(ParametricPointwise.Kind.CELU, (op, call) -> call.add("Celu", x(call), "alpha", (float) op.first()));
        table.line(ParametricPointwise.Kind.SOFTPLUS, OnnxFunctions::softplus);
        table.line(ParametricPointwise.Kind.THRESHOLD, (op, call) -> call.add("Where", List.of(
                call.add("LessOrEqual", List.of(x(call), number(call, op.first()))), number(call, op.second()),
                x(call))));
        table.line(ParametricPointwise.Kind.HARDSHRINK, (op, call) -> call.add("Shrink", x(call), "lambd",
                (float) op.first(), "bias", 0f));
        table.line(ParametricPointwise.Kind.SOFTSHRINK, (op, call) -> call.add("Shrink", x(call), "lambd",
                (float) op.first(), "bias", (float) op.first()));
    }

    private static String x(OnnxCall call) {
        return call.castInput(0, call.outputSpec().dtype());
    }

    private static String number(OnnxCall call, double value) {
        return call.scalar(value, call.outputSpec().dtype());
    }

    private static String one(OnnxCall call) {
        return number(call, 1);
    }

    private static String truncated(OnnxCall call) {
        String magnitude = call.add("Floor", call.add("Abs", x(call)));
        return call.add("Mul", List.of(call.add("Sign", x(call)), magnitude));
    }

    private static String scaledLog(OnnxCall call, double factor) {
        return call.add("Mul", List.of(call.add("Log", x(call)), number(call, factor)));
    }

    /** Bounds that are infinite are left out. */
    private static String clip(ParametricPointwise op, OnnxCall call) {
        List<String> inputs = new ArrayList<>(List.of(x(call)));
        inputs.add(Double.isInfinite(op.first()) ? "" : number(call, op.first()));
        inputs.add(Double.isInfinite(op.second()) ? "" : number(call, op.second()));
        return call.add("Clip", inputs);
    }

    private static String softplus(ParametricPointwise op, OnnxCall call) {
        String scaled = op.first() == 1 ? x(call) : call.add("Mul", List.of(x(call), number(call, op.first())));
        String y = call.add("Softplus", scaled);
        y = op.first() == 1 ? y : call.add("Div", List.of(y, number(call, op.first())));
        return op.second() >= SOFTPLUS_IS_LINEAR ? y : call.add("Where", List.of(
                call.add("Greater", List.of(scaled, number(call, op.second()))), x(call), y));
    }

    /** Sign of the divisor: ONNX has it for integers only. */
    private static String remainder(Op op, OnnxCall call) {
        List<String> operands = OnnxPointwise.operands(op, call);
        if (!call.outputSpec().dtype().isFloating()) {
            return call.add("Mod", operands, "fmod", 0L);
        }
        String whole = call.add("Floor", call.add("Div", operands));
        return call.add("Sub", List.of(operands.get(0), call.add("Mul", List.of(whole, operands.get(1)))));
    }

    private static String floorDivide(Op op, OnnxCall call) {
        List<String> operands = OnnxPointwise.operands(op, call);
        if (call.outputSpec().dtype().isFloating()) {
            return call.add("Floor", call.add("Div", operands));
        }
        String rest = call.add("Mod", operands, "fmod", 0L);
        return call.add("Div", List.of(call.add("Sub", List.of(operands.get(0), rest)), operands.get(1)));
    }

    /** The angle of (x, y): that of their quotient, turned by half a circle left of the y axis; -0 counts as 0. */
    private static String atan2(Op op, OnnxCall call) {
        List<String> operands = OnnxPointwise.operands(op, call);
        String y = operands.get(0);
        String x = operands.get(1);
        DType type = call.outputSpec().dtype();
        String zero = call.scalar(0, type);
        String angle = call.add("Atan", call.add("Div", operands));
        String turned = call.add("Where", List.of(call.add("GreaterOrEqual", List.of(y, zero)),
                call.add("Add", List.of(angle, call.scalar(Math.PI, type))),
                call.add("Sub", List.of(angle, call.scalar(Math.PI, type)))));
        String onAxis = call.add("Mul", List.of(call.add("Sign", y), call.scalar(Math.PI / 2, type)));
        String left = call.add("Where", List.of(call.add("Less", List.of(x, zero)), turned, angle));
        return call.add("Where", List.of(call.add("Equal", List.of(x, zero)), onAxis, left));
    }

    /** ONNX lines slopes up with the last dimensions, PyTorch with the channels. */
    private static String prelu(PRelu op, OnnxCall call) {
        String slope = call.input(1);
        int rank = call.rank(0);
        if (call.shape(1).numel() > 1 && rank > 2) {
            List<Long> shape = new ArrayList<>(OnnxOps.repeated(1, rank - 1));
            shape.set(0, -1L);
            slope = call.add("Reshape", List.of(slope, call.integers(shape)));
        }
        return call.add("PRelu", List.of(call.input(0), slope));
    }
}

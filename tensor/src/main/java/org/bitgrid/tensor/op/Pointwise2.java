package org.bitgrid.tensor.op;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** A function of two elements at a time: shapes are broadcast, types promoted. */
public record Pointwise2(Kind kind) implements Op {
    /** Computes the gradients of both operands before they are summed back to the operands' shapes. */
    @FunctionalInterface
    private interface Derivative {
        Tensor apply(VjpContext context, int operand);
    }

    /** The functions. Each carries its definition in double precision and its derivative. */
    public enum Kind {
        ADD("add", "+", 0, Reads.NOTHING, (a, b) -> a + b, (c, i) -> c.gradOutput()),
        SUB("sub", "-", 0, Reads.NOTHING, (a, b) -> a - b, (c, i) -> i == 0 ? c.gradOutput() : c.gradOutput().neg()),
        MUL("mul", "*", 0, Reads.inputs(0, 1), (a, b) -> a * b, (c, i) -> c.gradOutput().mul(c.input(1 - i))),
        /** True division: integers give floats. */
        DIV("truediv", "/", 0, Reads.inputs(0, 1), (a, b) -> a / b, (c, i) -> i == 0 ? c.gradOutput().div(c.input(1))
                : c.gradOutput().mul(c.input(0)).div(c.input(1).square()).neg()),
        POW("pow", "**", 8, Reads.inputs(0, 1).andOutputs(0), StrictMath::pow, Kind::powGrad),
        /** The larger; NaN when either is NaN; between equals each operand gets half the gradient. */
        MAXIMUM("maximum", "", 0, Reads.inputs(0, 1), Math::max, (c, i) -> chosen(c, i, true)),
        /** The smaller; NaN when either is NaN; between equals each operand gets half the gradient. */
        MINIMUM("minimum", "", 0, Reads.inputs(0, 1), Math::min, (c, i) -> chosen(c, i, false)),
        /** a - b · trunc(a / b): the sign of a. */
        FMOD("fmod", "", 0, Reads.inputs(0, 1), (a, b) -> a % b, (c, i) -> i == 0 ? c.gradOutput()
                : c.gradOutput().mul(c.input(0).detach().div(c.input(1).detach()).trunc()).neg()),
        /** a - b · floor(a / b): the sign of b. */
        REMAINDER("remainder", "", 1, Reads.inputs(0, 1), Kind::modulo, (c, i) -> i == 0 ? c.gradOutput()
                : c.gradOutput().mul(c.input(0).detach().div(c.input(1).detach()).floor()).neg()),
        /** floor(a / b); integers stay integers. */
        FLOOR_DIVIDE("floordiv", "//", 1, Reads.NOTHING, Kind::floorDivide, (c, i) -> null),
        /** The angle of (b, a) from the positive axis, in (-π, π]. */
        ATAN2("atan2", "", 4, Reads.inputs(0, 1), StrictMath::atan2, (c, i) -> {
            Tensor slope = c.input(1 - i).div(c.input(0).square().add(c.input(1).square()));
            return c.gradOutput().mul(i == 0 ? slope : slope.neg());
        }),
        EQ("eq", "==", (a, b) -> a == b ? 1 : 0),
        NE("ne", "!=", (a, b) -> a != b ? 1 : 0),
        LT("lt", "<", (a, b) -> a < b ? 1 : 0),
        LE("le", "<=", (a, b) -> a <= b ? 1 : 0),
        GT("gt", ">", (a, b) -> a > b ? 1 : 0),
        GE("ge", ">=", (a, b) -> a >= b ? 1 : 0),
        /** (grad, y) -> grad where y &gt; 0, else 0: gradient of relu. */
        RELU_GRAD("relu_grad", "", 0, Reads.inputs(1), (g, y) -> y > 0 ? g : 0,
                (c, i) -> i == 0 ? Kind.apply("RELU_GRAD", c) : null),
        /** (grad, y) -> grad where 0 &lt; y &lt; 6, else 0: gradient of relu6. */
        RELU6_GRAD("relu6_grad", "", 0, Reads.inputs(1), (g, y) -> y > 0 && y < 6 ? g : 0,
                (c, i) -> i == 0 ? Kind.apply("RELU6_GRAD", c) : null),
        /** (grad, y) -> grad · y · (1 - y): gradient of sigmoid. */
        SIGMOID_GRAD("sigmoid_grad", "", 2, Reads.inputs(0, 1), (g, y) -> g * y * (1 - y), (c, i) -> i == 0
                ? c.gradOutput().mul(c.input(1)).mul(c.input(1).neg().add(1.0))
                : c.gradOutput().mul(c.input(0)).mul(c.input(1).mul(-2.0).add(1.0))),
        /** (grad, y) -> grad · (1 - y²): gradient of tanh. */
        TANH_GRAD("tanh_grad", "", 2, Reads.inputs(0, 1), (g, y) -> g * (1 - y * y), (c, i) -> i == 0
                ? c.gradOutput().mul(c.input(1).square().neg().add(1.0))
                : c.gradOutput().mul(c.input(0)).mul(c.input(1)).mul(-2.0));

        private final String label;
        private final String infix;
        private final int roundings;
        private final Reads reads;
        private final DoubleBinaryOperator function;
        private final Derivative derivative;

        Kind(String label, String infix, int roundings, Reads reads, DoubleBinaryOperator function,
             Derivative derivative) {
            this.label = label;
            this.infix = infix;
            this.roundings = roundings;
            this.reads = reads;
            this.function = function;
            this.derivative = derivative;
        }

        /** A comparison. */
        Kind(String label, String infix, DoubleBinaryOperator function) {
            this(label, infix, 0, Reads.NOTHING, function, null);
        }

        /** The definition, in double precision; comparisons give 1 or 0. */
        public double reference(double a, double b) {
            return function.applyAsDouble(a, b);
        }

        /** How many roundings of half a unit in the last place a float32 kernel may lose beyond the exact result. */
        public int roundings() {
            return roundings;
        }

        public boolean isComparison() {
            return derivative == null;
        }

        public String label() {
            return label;
        }

        /** The sign between the operands in Python, or empty. */
        public String infix() {
            return infix;
        }

        /** Dispatches this function. */
        public Tensor apply(Tensor a, Tensor b) {
            return Dispatch.apply(new Pointwise2(this), a, b);
        }

        private static double modulo(double a, double b) {
            double rest = a % b;
            return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
        }

        private static double floorDivide(double a, double b) {
            return b == 0 ? a / b : Math.rint((a - modulo(a, b)) / b);
        }

        // The constants that are their own derivative cannot name themselves while they are being made.
        private static Tensor apply(String kind, VjpContext context) {
            return valueOf(kind).apply(context.gradOutput(), context.input(1));
        }

        private static Tensor powGrad(VjpContext c, int operand) {
            Tensor base = c.input(0);
            Tensor exponent = c.input(1);
            if (operand == 0) {
                Tensor slope = exponent.mul(base.pow(exponent.sub(1.0)));
                return c.gradOutput().mul(Where.apply(exponent.eq(0.0), Where.zero(slope), slope));
            }
            Tensor slope = c.output(0).mul(base.log());
            return c.gradOutput().mul(Where.apply(base.eq(0.0), Where.zero(slope), slope));
        }

        private static Tensor chosen(VjpContext c, int operand, boolean larger) {
            Tensor mine = c.input(operand);
            Tensor other = c.input(1 - operand);
            Tensor grad = c.gradOutput();
            Tensor wins = larger ? mine.gt(other) : mine.lt(other);
            Tensor ties = mine.eq(other);
            return Where.apply(wins, grad, Where.apply(ties, grad.mul(0.5), Where.zero(grad)));
        }
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec a = inputs.get(0);
        TensorSpec b = inputs.get(1);
        Shape shape = Shape.broadcast(kind.label, a.shape(), b.shape());
        DType type = Promotion.of(a, b);
        if (kind.isComparison()) {
            type = DType.BOOL;
        } else if ((kind == Kind.DIV || kind == Kind.ATAN2) && !type.isFloating()) {
            type = DType.FLOAT32;
        } else if (kind == Kind.SUB && (a.dtype() == DType.BOOL || b.dtype() == DType.BOOL)) {
            throw new DTypeException(kind.label, "boolean tensors have no difference; got " + a.dtype() + " and "
                    + b.dtype() + "; use logicalXor, or cast with .to(DType)");
        }
        return List.of(new TensorSpec(shape, type, a.device()));
    }

    @Override
    public Reads reads() {
        return kind.reads;
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        if (kind.isComparison()) {
            throw new NotDifferentiableException(kind.label, "a comparison is constant almost everywhere");
        }
        Tensor[] grads = new Tensor[2];
        for (int i = 0; i < 2; i++) {
            Tensor grad = context.needs(i) ? kind.derivative.apply(context, i) : null;
            grads[i] = grad == null ? null : SumTo.apply(grad, context.inputSpec(i));
        }
        return grads;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return infer(inputs).get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return kind.infix.isEmpty() ? Signature.function("torch." + kind.label)
                : Signature.infix("operator." + kind.label, kind.infix);
    }
}

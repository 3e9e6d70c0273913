package org.bitgrid.tensor.op;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.reference.SpecialFunctions;

/** A function of one element at a time, x of any shape -> the same shape. */
public record Pointwise1(Kind kind) implements Op {
    /** The functions. Each carries its definition in double precision and its derivative. */
    public enum Kind {
        NEG("neg", Domain.NUMBER, 0, Reads.NOTHING, x -> -x, c -> c.gradOutput().neg()),
        ABS("abs", Domain.NUMBER, 0, Reads.inputs(0), Math::abs, c -> c.gradOutput().mul(c.input(0).sign())),
        SIGN("sign", Domain.NUMBER, 0, Reads.NOTHING, Math::signum, c -> c.gradOutput().mul(0.0)),
        SQUARE("square", Domain.NUMBER, 0, Reads.inputs(0), x -> x * x,
                c -> c.gradOutput().mul(c.input(0)).mul(2.0)),
        FLOOR("floor", Domain.NUMBER, 0, Reads.NOTHING, Math::floor, c -> c.gradOutput().mul(0.0)),
        CEIL("ceil", Domain.NUMBER, 0, Reads.NOTHING, Math::ceil, c -> c.gradOutput().mul(0.0)),
        /** Half to even. */
        ROUND("round", Domain.NUMBER, 0, Reads.NOTHING, Math::rint, c -> c.gradOutput().mul(0.0)),
        /** Towards 0. */
        TRUNC("trunc", Domain.NUMBER, 0, Reads.NOTHING, x -> x < 0 ? Math.ceil(x) : Math.floor(x),
                c -> c.gradOutput().mul(0.0)),
        /** x - trunc(x). */
        FRAC("frac", Domain.FLOAT, 0, Reads.NOTHING, x -> x - (x < 0 ? Math.ceil(x) : Math.floor(x)),
                VjpContext::gradOutput),
        EXP("exp", Domain.FLOAT, 4, Reads.outputs(0), StrictMath::exp, c -> c.gradOutput().mul(c.output(0))),
        LOG("log", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::log, c -> c.gradOutput().div(c.input(0))),
        LOG1P("log1p", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::log1p,
                c -> c.gradOutput().div(c.input(0).add(1.0))),
        LOG2("log2", Domain.FLOAT, 4, Reads.inputs(0), x -> StrictMath.log(x) / StrictMath.log(2),
                c -> c.gradOutput().div(c.input(0).mul(StrictMath.log(2)))),
        LOG10("log10", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::log10,
                c -> c.gradOutput().div(c.input(0).mul(StrictMath.log(10)))),
        /** exp(x) - 1, exact near 0. */
        EXPM1("expm1", Domain.FLOAT, 4, Reads.outputs(0), StrictMath::expm1,
                c -> c.gradOutput().mul(c.output(0).add(1.0))),
        EXP2("exp2", Domain.FLOAT, 4, Reads.outputs(0), x -> StrictMath.pow(2, x),
                c -> c.gradOutput().mul(c.output(0)).mul(StrictMath.log(2))),
        SIN("sin", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::sin, c -> c.gradOutput().mul(c.input(0).cos())),
        COS("cos", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::cos,
                c -> c.gradOutput().mul(c.input(0).sin()).neg()),
        TAN("tan", Domain.FLOAT, 4, Reads.outputs(0), StrictMath::tan,
                c -> c.gradOutput().mul(c.output(0).square().add(1.0))),
        ASIN("asin", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::asin,
                c -> c.gradOutput().mul(c.input(0).square().neg().add(1.0).rsqrt())),
        ACOS("acos", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::acos,
                c -> c.gradOutput().mul(c.input(0).square().neg().add(1.0).rsqrt()).neg()),
        ATAN("atan", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::atan,
                c -> c.gradOutput().div(c.input(0).square().add(1.0))),
        SINH("sinh", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::sinh,
                c -> c.gradOutput().mul(c.input(0).cosh())),
        COSH("cosh", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::cosh,
                c -> c.gradOutput().mul(c.input(0).sinh())),
        SQRT("sqrt", Domain.FLOAT, 1, Reads.outputs(0), Math::sqrt,
                c -> c.gradOutput().div(c.output(0).mul(2.0))),
        RSQRT("rsqrt", Domain.FLOAT, 2, Reads.outputs(0), x -> 1 / Math.sqrt(x),
                c -> c.gradOutput().mul(c.output(0).pow(3.0)).mul(-0.5)),
        RECIPROCAL("reciprocal", Domain.FLOAT, 1, Reads.outputs(0), x -> 1 / x,
                c -> c.gradOutput().mul(c.output(0).square()).neg()),
        SIGMOID("sigmoid", Domain.FLOAT, 4, Reads.outputs(0), x -> 1 / (1 + StrictMath.exp(-x)),
                c -> Pointwise2.Kind.SIGMOID_GRAD.apply(c.gradOutput(), c.output(0))),
        TANH("tanh", Domain.FLOAT, 4, Reads.outputs(0), StrictMath::tanh,
                c -> Pointwise2.Kind.TANH_GRAD.apply(c.gradOutput(), c.output(0))),
        ERF("erf", Domain.FLOAT, 4, Reads.inputs(0), SpecialFunctions::erf,
                c -> c.gradOutput().mul(c.input(0).square().neg().exp()).mul(2 / Math.sqrt(Math.PI))),
        /** max(x, 0); gradient 0 at 0; NaN stays NaN. */
        RELU("relu", Domain.NUMBER, 0, Reads.outputs(0), x -> x > 0 || x != x ? x : 0,
                c -> Pointwise2.Kind.RELU_GRAD.apply(c.gradOutput(), c.output(0))),
        /** min(max(x, 0), 6); gradient 0 at 0 and at 6. */
        RELU6("relu6", Domain.NUMBER, 0, Reads.outputs(0), x -> x != x ? x : Math.min(Math.max(x, 0), 6),
                c -> Pointwise2.Kind.RELU6_GRAD.apply(c.gradOutput(), c.output(0))),
        /** x · Φ(x), Φ the normal distribution function (Hendrycks and Gimpel, 2016). */
        GELU("gelu", Domain.FLOAT, 6, Reads.inputs(0),
                x -> 0.5 * x * (1 + SpecialFunctions.erf(x / Math.sqrt(2))), ActivationGradients::gelu),
        /** The approximation of {@link #GELU} by tanh. */
        GELU_TANH("gelu", Domain.FLOAT, 6, Reads.inputs(0), x -> 0.5 * x * (1 + StrictMath.tanh(
                Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))), ActivationGradients::geluTanh),
        /** scale · x where x &gt; 0, else scale · alpha · (exp(x) - 1) (Klambauer et al., 2017). */
        SELU("selu", Domain.FLOAT, 6, Reads.outputs(0), x -> ActivationGradients.SELU_SCALE
                * (x > 0 ? x : ActivationGradients.SELU_ALPHA * StrictMath.expm1(x)), ActivationGradients::selu),
        /** x · sigmoid(x), also called swish. */
        SILU("silu", Domain.FLOAT, 6, Reads.inputs(0), x -> x / (1 + StrictMath.exp(-x)),
                ActivationGradients::silu),
        /** x · tanh(log(1 + exp(x))) (Misra, 2019). */
        MISH("mish", Domain.FLOAT, 8, Reads.inputs(0), x -> x * StrictMath.tanh(x > 20 ? x
                : StrictMath.log1p(StrictMath.exp(x))), ActivationGradients::mish),
        /** x · min(max(x + 3, 0), 6) / 6 (Howard et al., 2019). */
        HARDSWISH("hardswish", Domain.FLOAT, 4, Reads.inputs(0),
                x -> x * Math.min(Math.max(x + 3, 0), 6) / 6, ActivationGradients::hardswish),
        /** min(max(x + 3, 0), 6) / 6. */
        HARDSIGMOID("hardsigmoid", Domain.FLOAT, 3, Reads.inputs(0),
                x -> Math.min(Math.max(x + 3, 0), 6) / 6, ActivationGradients::hardsigmoid),
        /** log(sigmoid(x)). */
        LOGSIGMOID("logsigmoid", Domain.FLOAT, 6, Reads.inputs(0),
                x -> Math.min(x, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(x))),
                c -> c.gradOutput().mul(c.input(0).neg().sigmoid())),
        /** x / (1 + |x|). */
        SOFTSIGN("softsign", Domain.FLOAT, 2, Reads.inputs(0), x -> x / (1 + Math.abs(x)),
                c -> c.gradOutput().div(c.input(0).abs().add(1.0).square())),
        /** x - tanh(x). */
        TANHSHRINK("tanhshrink", Domain.FLOAT, 6, Reads.inputs(0), x -> x - StrictMath.tanh(x),
                c -> c.gradOutput().mul(c.input(0).tanh().square()));

        /** Which element types a function takes as they are; others become FLOAT32 first. */
        private enum Domain { NUMBER, FLOAT }

        private final String label;
        private final Domain domain;
        private final int roundings;
        private final Reads reads;
        private final DoubleUnaryOperator function;
        private final Function<VjpContext, Tensor> derivative;

        Kind(String label, Domain domain, int roundings, Reads reads, DoubleUnaryOperator function,
             Function<VjpContext, Tensor> derivative) {
            this.label = label;
            this.domain = domain;
            this.roundings = roundings;
            this.reads = reads;
            this.function = function;
            this.derivative = derivative;
        }

        /** The definition, in double precision. */
        public double reference(double x) {
            return function.applyAsDouble(x);
        }

        /** How many roundings of half a unit in the last place a float32 kernel may lose beyond the exact result. */
        public int roundings() {
            return roundings;
        }
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(0);
        if (kind == Kind.NEG && x.dtype() == DType.BOOL) {
            throw new DTypeException(kind.label, "boolean tensors have no negative; got bool; use logicalNot, or cast "
                    + "it with .to(DType)");
        }
        boolean convert = kind.domain == Kind.Domain.FLOAT ? !x.dtype().isFloating() : x.dtype() == DType.BOOL;
        return List.of(convert ? x.withDType(kind.domain == Kind.Domain.FLOAT ? DType.FLOAT32 : DType.INT64) : x);
    }

    @Override
    public Reads reads() {
        return kind.reads;
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {kind.derivative.apply(context)};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return switch (kind) {
            case RELU -> Signature.function("torch.nn.functional.relu").keyword("inplace", false);
            case RELU6 -> Signature.function("torch.nn.functional.relu6").keyword("inplace", false);
            case SILU, MISH, SELU, HARDSWISH, HARDSIGMOID -> Signature.function("torch.nn.functional." + kind.label)
                    .keyword("inplace", false);
            case SOFTSIGN, TANHSHRINK -> Signature.function("torch.nn.functional." + kind.label);
            case LOGSIGMOID -> Signature.function("torch._C._nn.log_sigmoid");
            case GELU -> Signature.function("torch._C._nn.gelu");
            case GELU_TANH -> Signature.function("torch._C._nn.gelu").keyword("approximate", "tanh");
            default -> Signature.function("torch." + kind.label);
        };
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.bitgrid.tensor.DType;
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
        EXP("exp", Domain.FLOAT, 4, Reads.outputs(0), StrictMath::exp, c -> c.gradOutput().mul(c.output(0))),
        LOG("log", Domain.FLOAT, 4, Reads.inputs(0), StrictMath::log, c -> c.gradOutput().div(c.input(0))),
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
                x -> 0.5 * x * (1 + SpecialFunctions.erf(x / Math.sqrt(2))), Kind::geluGrad),
        /** The approximation of {@link #GELU} by tanh. */
        GELU_TANH("gelu", Domain.FLOAT, 6, Reads.inputs(0), x -> 0.5 * x * (1 + StrictMath.tanh(
                Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))), Kind::geluTanhGrad);

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

        /** Φ(x) + x · φ(x). */
        private static Tensor geluGrad(VjpContext c) {
            Tensor x = c.input(0);
            Tensor distribution = x.mul(Math.sqrt(0.5)).erf().add(1.0).mul(0.5);
            Tensor density = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
            return c.gradOutput().mul(distribution.add(x.mul(density)));
        }

        private static Tensor geluTanhGrad(VjpContext c) {
            Tensor x = c.input(0);
            double slope = Math.sqrt(2 / Math.PI);
            Tensor square = x.square();
            Tensor tanh = x.mul(square.mul(0.044715).add(1.0)).mul(slope).tanh();
            Tensor inner = square.mul(3 * 0.044715).add(1.0).mul(slope);
            Tensor outer = tanh.square().neg().add(1.0).mul(x).mul(inner);
            return c.gradOutput().mul(tanh.add(1.0).add(outer).mul(0.5));
        }
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(0);
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
            case GELU -> Signature.function("torch._C._nn.gelu");
            case GELU_TANH -> Signature.function("torch._C._nn.gelu").keyword("approximate", "tanh");
            default -> Signature.function("torch." + kind.label);
        };
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * A function of one element at a time that has one or two settings, x of any shape -> the same shape.
 *
 * @param first  the first setting, as {@link Kind} says
 * @param second the second setting, or 0 where there is one only
 */
public record ParametricPointwise(Kind kind, double first, double second) implements Op {
    /** The definition in double precision. */
    @FunctionalInterface
    private interface Definition {
        double at(double x, double first, double second);
    }

    /** The gradient of x, given what the operator kept. */
    @FunctionalInterface
    private interface Gradient {
        Tensor of(VjpContext context, ParametricPointwise op);
    }

    /** The functions. */
    public enum Kind {
        /** min(max(x, first), second); the bounds may be infinite. Gradient 1 also at the bounds. */
        CLAMP("clamp", 0, (x, a, b) -> x != x ? x : Math.min(Math.max(x, a), b), (c, op) -> {
            Tensor x = c.input(0);
            Tensor inside = Where.apply(x.le(op.second), c.gradOutput(), Where.zero(c.gradOutput()));
            return Where.apply(x.ge(op.first), inside, Where.zero(inside));
        }),
        /** min(max(x, first), second); gradient 0 at the bounds. */
        HARDTANH("hardtanh", 0, (x, a, b) -> x != x ? x : Math.min(Math.max(x, a), b), (c, op) -> {
            Tensor x = c.input(0);
            Tensor inside = Where.apply(x.lt(op.second), c.gradOutput(), Where.zero(c.gradOutput()));
            return Where.apply(x.gt(op.first), inside, Where.zero(inside));
        }),
        /** x where x &gt; 0, else first · x. */
        LEAKY_RELU("leaky_relu", 0, (x, slope, unused) -> x > 0 ? x : x * slope, (c, op) ->
            Where.apply(c.input(0).gt(0.0), c.gradOutput(), c.gradOutput().mul(op.first))),
        /** x where x &gt; 0, else first · (exp(x) - 1) (Clevert et al., 2016). */
        ELU("elu", 5, (x, alpha, unused) -> x > 0 ? x : alpha * StrictMath.expm1(x), (c, op) ->
            negativeSide(c, c.input(0).clampMax(0).exp().mul(op.first))),
        /** x where x &gt; 0, else first · (exp(x / first) - 1) (Barron, 2017). */
        CELU("celu", 6, (x, alpha, unused) -> x > 0 ? x : alpha * StrictMath.expm1(x / alpha), (c, op) ->
            negativeSide(c, c.input(0).clampMax(0).div(op.first).exp())),
        /** log(1 + exp(first · x)) / first, but x where first · x &gt; second. */
        SOFTPLUS("softplus", 6, (x, beta, threshold) -> x * beta > threshold ? x
                : StrictMath.log1p(StrictMath.exp(x * beta)) / beta, (c, op) -> {
            Tensor scaled = c.input(0).mul(op.first);
            return Where.apply(scaled.gt(op.second), c.gradOutput(), c.gradOutput().mul(scaled.sigmoid()));
        }),
        /** x where x &gt; first, else second. */
        THRESHOLD("threshold", 0, (x, threshold, value) -> x <= threshold ? value : x, (c, op) ->
            Where.apply(c.input(0).le(op.first), Where.zero(c.gradOutput()), c.gradOutput())),
        /** x where |x| &gt; first, else 0. */
        HARDSHRINK("hardshrink", 0, (x, lambda, unused) -> x >= -lambda && x <= lambda ? 0 : x, (c, op) ->
            Where.apply(c.input(0).abs().le(op.first), Where.zero(c.gradOutput()), c.gradOutput())),
        /** x moved towards 0 by first, no farther than 0. */
        SOFTSHRINK("softshrink", 1, (x, lambda, unused) -> x > lambda ? x - lambda : x < -lambda ? x + lambda
                : x != x ? x : 0, (c, op) ->
            Where.apply(c.input(0).abs().le(op.first), Where.zero(c.gradOutput()), c.gradOutput()));

        private final String label;
        private final int roundings;
        private final Definition definition;
        private final Gradient gradient;

        Kind(String label, int roundings, Definition definition, Gradient gradient) {
            this.label = label;
            this.roundings = roundings;
            this.definition = definition;
            this.gradient = gradient;
        }

        /** How many roundings of half a unit in the last place a float32 kernel may lose beyond the exact result. */
        public int roundings() {
            return roundings;
        }

        /** The gradient itself where x &gt; 0, else times {@code slope}. */
        private static Tensor negativeSide(VjpContext c, Tensor slope) {
            return Where.apply(c.input(0).gt(0.0), c.gradOutput(), c.gradOutput().mul(slope));
        }
    }

    public ParametricPointwise {
        if (Double.isNaN(first) || Double.isNaN(second)) {
            throw new ShapeException(kind.label, "settings must be numbers; got " + first + " and " + second);
        }
        if ((kind == Kind.HARDTANH) && first > second) {
            throw new ShapeException(kind.label, "lower bound lies above the upper one; got " + first + " and "
                    + second);
        }
        if ((kind == Kind.CELU || kind == Kind.SOFTPLUS) && first == 0) {
            throw new ShapeException(kind.label, "the first setting divides and must not be 0; got " + first);
        }
        if ((kind == Kind.HARDSHRINK || kind == Kind.SOFTSHRINK) && first < 0) {
            throw new ShapeException(kind.label, "lambda must not be negative; got " + first);
        }
    }

    /** Runs it, written as a method call. */
    public static Tensor apply(Kind kind, Tensor x, double first, double second) {
        return Dispatch.apply(new ParametricPointwise(kind, first, second), x);
    }

    /** Runs it, written as a function call. */
    public static Tensor function(Kind kind, Tensor x, double first, double second) {
        return Dispatch.function(new ParametricPointwise(kind, first, second), x);
    }

    /** The definition, in double precision. */
    public double reference(double x) {
        return kind.definition.at(x, first, second);
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        if (x.dtype().isFloating()) {
            return List.of(x);
        }
        if (kind != Kind.CLAMP && kind != Kind.HARDTANH && kind != Kind.THRESHOLD) {
            throw new DTypeException(name(), "input must be floating point; got " + x.dtype()
                    + "; cast it with .to(DType.FLOAT32)");
        }
        if (x.dtype() == DType.BOOL) {
            throw new DTypeException(name(), "input must hold numbers; got bool; cast it with .to(DType)");
        }
        boolean whole = isWhole(first) && isWhole(second);
        return List.of(whole ? x : x.withDType(DType.FLOAT32));
    }

    private static boolean isWhole(double value) {
        return Double.isInfinite(value) || value == Math.rint(value);
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {kind.gradient.of(context, this)};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return switch (kind) {
            case CLAMP -> clampSignature();
            case HARDTANH -> functional().keyword("min_val", first).keyword("max_val", second)
                    .keyword("inplace", false);
            case LEAKY_RELU -> functional().keyword("negative_slope", first).keyword("inplace", false);
            case ELU, CELU -> functional().keyword("alpha", first).keyword("inplace", false);
            case SOFTPLUS -> Signature.function("torch._C._nn.softplus").keyword("beta", first)
                    .keyword("threshold", second);
            case THRESHOLD -> functional().with(first, second).keyword("inplace", false);
            case HARDSHRINK -> Signature.function("torch.hardshrink").with(first);
            case SOFTSHRINK -> Signature.function("torch._C._nn.softshrink").with(first);
        };
    }

    private Signature functional() {
        return Signature.function("torch.nn.functional." + kind.label);
    }

    private Signature clampSignature() {
        Signature call = Signature.function("torch.clamp");
        if (first != Double.NEGATIVE_INFINITY) {
            call = call.keyword("min", first);
        }
        return second == Double.POSITIVE_INFINITY ? call : call.keyword("max", second);
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * A function of two numbers of which one is the same for all elements.
 *
 * @param kind     the function
 * @param scalar   the number
 * @param integral whether the number was written as an integer: it then does not turn integers into floats
 * @param reversed whether the number is the first operand
 */
public record PointwiseScalar(Pointwise2.Kind kind, double scalar, boolean integral, boolean reversed)
        implements Rebindable {
    public static Tensor apply(Pointwise2.Kind kind, Tensor x, double scalar) {
        return Dispatch.apply(new PointwiseScalar(kind, scalar, false, false), x);
    }

    public static Tensor apply(Pointwise2.Kind kind, Tensor x, long scalar) {
        return Dispatch.apply(new PointwiseScalar(kind, scalar, true, false), x);
    }

    @Override
    public String name() {
        return kind.label();
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(0);
        DType type = x.dtype();
        if (kind.isComparison()) {
            type = DType.BOOL;
        } else if (type == DType.BOOL && kind == Pointwise2.Kind.SUB) {
            throw new DTypeException(name(), "boolean tensors have no difference; got bool; cast it with .to(DType)");
        } else if (!type.isFloating()
                && (!integral || kind == Pointwise2.Kind.DIV || kind == Pointwise2.Kind.ATAN2)) {
            type = DType.FLOAT32;
        } else if (type == DType.BOOL) {
            type = DType.INT64;
        }
        return List.of(x.withDType(type));
    }

    @Override
    public Reads reads() {
        return switch (kind) {
            case ADD, SUB, MUL, FLOOR_DIVIDE -> Reads.NOTHING;
            case DIV, FMOD, REMAINDER -> reversed ? Reads.inputs(0) : Reads.NOTHING;
            case POW -> reversed ? Reads.outputs(0) : Reads.inputs(0);
            default -> Reads.inputs(0);
        };
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        return new Tensor[] {switch (kind) {
            case ADD -> grad;
            case SUB -> reversed ? grad.neg() : grad;
            case MUL -> grad.mul(scalar);
            case DIV -> reversed ? grad.mul(-scalar).div(context.input(0).square()) : grad.div(scalar);
            case POW -> reversed ? grad.mul(context.output(0)).mul(StrictMath.log(scalar)) : powGrad(context, grad);
            case FMOD -> reversed ? grad.mul(restSlope(context).trunc()).neg() : grad;
            case REMAINDER -> reversed ? grad.mul(restSlope(context).floor()).neg() : grad;
            case FLOOR_DIVIDE -> grad.mul(0.0);
            case ATAN2 -> grad.mul(reversed ? -scalar : scalar)
                    .div(context.input(0).square().add(scalar * scalar));
            case MAXIMUM -> clampGrad(context.input(0).gt(scalar), context.input(0), grad);
            case MINIMUM -> clampGrad(context.input(0).lt(scalar), context.input(0), grad);
            default -> throw new NotDifferentiableException(name(), "a comparison is constant almost everywhere");
        }};
    }

    private Tensor restSlope(VjpContext context) {
        return context.input(0).detach().reciprocal().mul(scalar);
    }

    private Tensor powGrad(VjpContext context, Tensor grad) {
        if (scalar == 0) {
            return grad.mul(0.0);
        }
        return grad.mul(context.input(0).pow(scalar - 1)).mul(scalar);
    }

    private Tensor clampGrad(Tensor wins, Tensor x, Tensor grad) {
        return Where.apply(wins, grad, Where.apply(x.eq(scalar), grad.mul(0.5), Where.zero(grad)));
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public List<Long> integers() {
        return integral ? List.of((long) scalar) : List.of();
    }

    @Override
    public Op withIntegers(List<Long> values) {
        return integral ? new PointwiseScalar(kind, values.get(0), true, reversed) : this;
    }

    @Override
    public Signature signature() {
        Object number = integral ? new Signature.IntegerAttribute(0) : (Object) scalar;
        Signature.Input x = new Signature.Input(0);
        String target = (kind.infix().isEmpty() ? "torch." : "operator.") + kind.label();
        return new Signature(target, kind.infix(), reversed ? List.of(number, x) : List.of(x, number),
                Map.of());
    }
}

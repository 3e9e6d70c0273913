package org.bitgrid.tensor;

import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.CopyInPlace;
import org.bitgrid.tensor.op.FillInPlace;
import org.bitgrid.tensor.op.InPlace;
import org.bitgrid.tensor.op.MaskedFill;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;

/**
 * Methods of {@link Tensor} that overwrite its elements and return it. Operands are broadcast to its shape; its type
 * stays. Views see the change; a tensor that was saved for a gradient makes that gradient an error.
 */
interface InPlaceOps {
    private Tensor self() {
        return (Tensor) this;
    }

    private Tensor replace(Op op, Tensor... others) {
        checkDistinct(op.name() + "_");
        InPlace.apply(op, self(), others);
        return self();
    }

    private Tensor with(Pointwise2.Kind kind, double number) {
        boolean whole = !self().dtype().isFloating() && number == Math.rint(number);
        return replace(new PointwiseScalar(kind, number, whole, false));
    }

    private Tensor unary(Pointwise1.Kind kind) {
        return replace(new Pointwise1(kind));
    }

    private void checkDistinct(String operation) {
        Layout layout = self().layout();
        for (int i = 0; i < layout.shape().rank(); i++) {
            if (layout.stride(i) == 0 && layout.shape().dim(i) > 1) {
                throw new StateException(operation + ": several elements of an expanded tensor are one in memory; got "
                        + layout + "; clone it first");
            }
        }
    }

    /** this += other. */
    default Tensor addInPlace(Tensor other) {
        Tensor self = self();
        if (self.spec().shape().equals(other.spec().shape()) && self.dtype() == other.dtype()
                && self.isContiguous()) {
            AddInPlace.apply(self, 1, other);
            return self;
        }
        return replace(new Pointwise2(Pointwise2.Kind.ADD), other);
    }

    /** this += number. */
    default Tensor addInPlace(double number) {
        return with(Pointwise2.Kind.ADD, number);
    }

    /** this -= other. */
    default Tensor subInPlace(Tensor other) {
        return replace(new Pointwise2(Pointwise2.Kind.SUB), other);
    }

    /** this -= number. */
    default Tensor subInPlace(double number) {
        return with(Pointwise2.Kind.SUB, number);
    }

    /** this *= other. */
    default Tensor mulInPlace(Tensor other) {
        return replace(new Pointwise2(Pointwise2.Kind.MUL), other);
    }

    /** this *= number. */
    default Tensor mulInPlace(double number) {
        return with(Pointwise2.Kind.MUL, number);
    }

    /** this /= other; only for floating point. */
    default Tensor divInPlace(Tensor other) {
        return replace(new Pointwise2(Pointwise2.Kind.DIV), other);
    }

    /** this /= number; only for floating point. */
    default Tensor divInPlace(double number) {
        return with(Pointwise2.Kind.DIV, number);
    }

    /** this to the power of number. */
    default Tensor powInPlace(double number) {
        return with(Pointwise2.Kind.POW, number);
    }

    default Tensor negInPlace() {
        return unary(Pointwise1.Kind.NEG);
    }

    default Tensor absInPlace() {
        return unary(Pointwise1.Kind.ABS);
    }

    default Tensor expInPlace() {
        return unary(Pointwise1.Kind.EXP);
    }

    default Tensor logInPlace() {
        return unary(Pointwise1.Kind.LOG);
    }

    default Tensor sqrtInPlace() {
        return unary(Pointwise1.Kind.SQRT);
    }

    default Tensor roundInPlace() {
        return unary(Pointwise1.Kind.ROUND);
    }

    default Tensor floorInPlace() {
        return unary(Pointwise1.Kind.FLOOR);
    }

    default Tensor ceilInPlace() {
        return unary(Pointwise1.Kind.CEIL);
    }

    default Tensor sigmoidInPlace() {
        return unary(Pointwise1.Kind.SIGMOID);
    }

    default Tensor tanhInPlace() {
        return unary(Pointwise1.Kind.TANH);
    }

    /** max(this, 0). */
    default Tensor reluInPlace() {
        return unary(Pointwise1.Kind.RELU);
    }

    /** min(max(this, least), most). */
    default Tensor clampInPlace(double least, double most) {
        return replace(new ParametricPointwise(ParametricPointwise.Kind.CLAMP, least, most));
    }

    /** {@code value} where the mask (BOOL, broadcast to this) holds. */
    default Tensor maskedFillInPlace(Tensor mask, double value) {
        return replace(new MaskedFill(value), mask);
    }

    /** All elements {@code value}. */
    default Tensor fillInPlace(double value) {
        checkDistinct("fill_");
        FillInPlace.apply(self(), value);
        return self();
    }

    /** All elements 0. */
    default Tensor zeroInPlace() {
        return fillInPlace(0);
    }

    /** The values of {@code source}, broadcast and converted to this type. */
    default Tensor copyInPlace(Tensor source) {
        checkDistinct("copy_");
        CopyInPlace.apply(self(), source);
        return self();
    }
}

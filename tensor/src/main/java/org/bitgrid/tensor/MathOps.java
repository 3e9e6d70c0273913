package org.bitgrid.tensor;

import org.bitgrid.tensor.op.Clamp;
import org.bitgrid.tensor.op.Logical;
import org.bitgrid.tensor.op.MaskedFill;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Predicate;
import org.bitgrid.tensor.op.Where;

/** Further functions of each element by itself: elementary functions, remainders, bounds, questions, choices. */
interface MathOps {
    private Tensor self() {
        return (Tensor) this;
    }

    private Tensor unary(Pointwise1.Kind kind) {
        return Dispatch.apply(new Pointwise1(kind), self());
    }

    /** log(1 + this), exact near 0. */
    default Tensor log1p() {
        return unary(Pointwise1.Kind.LOG1P);
    }

    default Tensor log2() {
        return unary(Pointwise1.Kind.LOG2);
    }

    default Tensor log10() {
        return unary(Pointwise1.Kind.LOG10);
    }

    /** exp(this) - 1, exact near 0. */
    default Tensor expm1() {
        return unary(Pointwise1.Kind.EXPM1);
    }

    /** 2 to the power of this. */
    default Tensor exp2() {
        return unary(Pointwise1.Kind.EXP2);
    }

    default Tensor sin() {
        return unary(Pointwise1.Kind.SIN);
    }

    default Tensor cos() {
        return unary(Pointwise1.Kind.COS);
    }

    default Tensor tan() {
        return unary(Pointwise1.Kind.TAN);
    }

    default Tensor asin() {
        return unary(Pointwise1.Kind.ASIN);
    }

    default Tensor acos() {
        return unary(Pointwise1.Kind.ACOS);
    }

    default Tensor atan() {
        return unary(Pointwise1.Kind.ATAN);
    }

    /** The angle of the point (other, this) from the positive axis. */
    default Tensor atan2(Tensor other) {
        return Pointwise2.Kind.ATAN2.apply(self(), other);
    }

    default Tensor sinh() {
        return unary(Pointwise1.Kind.SINH);
    }

    default Tensor cosh() {
        return unary(Pointwise1.Kind.COSH);
    }

    /** Towards 0. */
    default Tensor trunc() {
        return unary(Pointwise1.Kind.TRUNC);
    }

    /** this - trunc(this). */
    default Tensor frac() {
        return unary(Pointwise1.Kind.FRAC);
    }

    /** Rest of the division rounded towards 0: the sign of this. */
    default Tensor fmod(Tensor other) {
        return Pointwise2.Kind.FMOD.apply(self(), other);
    }

    /** Rest of the division by a number rounded towards 0: the sign of this. */
    default Tensor fmod(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.FMOD, self(), number);
    }

    /** Rest of the division rounded down: the sign of other. */
    default Tensor remainder(Tensor other) {
        return Pointwise2.Kind.REMAINDER.apply(self(), other);
    }

    /** Rest of the division by a number rounded down: the sign of the number. */
    default Tensor remainder(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.REMAINDER, self(), number);
    }

    /** Rest of the division by a number rounded down; integers stay integers. */
    default Tensor remainder(long number) {
        return PointwiseScalar.apply(Pointwise2.Kind.REMAINDER, self(), number);
    }

    /** floor(this / other); integers stay integers. */
    default Tensor floorDivide(Tensor other) {
        return Pointwise2.Kind.FLOOR_DIVIDE.apply(self(), other);
    }

    /** floor(this / number); integers stay integers. */
    default Tensor floorDivide(long number) {
        return PointwiseScalar.apply(Pointwise2.Kind.FLOOR_DIVIDE, self(), number);
    }

    /** min(max(this, least), most); gradient 1 from bound to bound, both included. */
    default Tensor clamp(double least, double most) {
        return ParametricPointwise.apply(ParametricPointwise.Kind.CLAMP, self(), least, most);
    }

    /** max(this, least). */
    default Tensor clampMin(double least) {
        return clamp(least, Double.POSITIVE_INFINITY);
    }

    /** min(this, most). */
    default Tensor clampMax(double most) {
        return clamp(Double.NEGATIVE_INFINITY, most);
    }

    /** min(max(this, least), most), broadcast; one of the bounds may be null for none. */
    default Tensor clamp(Tensor least, Tensor most) {
        return Clamp.apply(self(), least, most);
    }

    /** Whether it is 0 or false, BOOL. */
    default Tensor logicalNot() {
        return Predicate.apply(Predicate.Kind.LOGICAL_NOT, self());
    }

    /** Whether both are true or not 0, BOOL. */
    default Tensor logicalAnd(Tensor other) {
        return Logical.apply(Logical.Kind.AND, self(), other);
    }

    /** Whether one of both is true or not 0, BOOL. */
    default Tensor logicalOr(Tensor other) {
        return Logical.apply(Logical.Kind.OR, self(), other);
    }

    /** Whether exactly one of both is true or not 0, BOOL. */
    default Tensor logicalXor(Tensor other) {
        return Logical.apply(Logical.Kind.XOR, self(), other);
    }

    default Tensor isNaN() {
        return Predicate.apply(Predicate.Kind.ISNAN, self());
    }

    default Tensor isInf() {
        return Predicate.apply(Predicate.Kind.ISINF, self());
    }

    default Tensor isFinite() {
        return Predicate.apply(Predicate.Kind.ISFINITE, self());
    }

    /** this where the condition holds, else other; all broadcast. */
    default Tensor where(Tensor condition, Tensor other) {
        return Where.apply(condition, self(), other);
    }

    /** {@code value} where the mask (BOOL, broadcast to this) holds, else this. */
    default Tensor maskedFill(Tensor mask, double value) {
        return Dispatch.apply(new MaskedFill(value), self(), mask);
    }
}

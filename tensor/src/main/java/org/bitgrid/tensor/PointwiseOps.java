package org.bitgrid.tensor;

import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;

/** Methods of {@link Tensor} that work on each element by itself. Two tensors are broadcast to one shape. */
interface PointwiseOps {
    private Tensor self() {
        return (Tensor) this;
    }

    private Tensor unary(Pointwise1.Kind kind) {
        return Dispatch.apply(new Pointwise1(kind), self());
    }

    /** this + other. */
    default Tensor add(Tensor other) {
        return Pointwise2.Kind.ADD.apply(self(), other);
    }

    /** this + number. */
    default Tensor add(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.ADD, self(), number);
    }

    /** this + number; integers stay integers. */
    default Tensor add(long number) {
        return PointwiseScalar.apply(Pointwise2.Kind.ADD, self(), number);
    }

    /** this - other. */
    default Tensor sub(Tensor other) {
        return Pointwise2.Kind.SUB.apply(self(), other);
    }

    /** this - number. */
    default Tensor sub(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.SUB, self(), number);
    }

    /** this - number; integers stay integers. */
    default Tensor sub(long number) {
        return PointwiseScalar.apply(Pointwise2.Kind.SUB, self(), number);
    }

    /** this · other. */
    default Tensor mul(Tensor other) {
        return Pointwise2.Kind.MUL.apply(self(), other);
    }

    /** this · number. */
    default Tensor mul(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.MUL, self(), number);
    }

    /** this · number; integers stay integers. */
    default Tensor mul(long number) {
        return PointwiseScalar.apply(Pointwise2.Kind.MUL, self(), number);
    }

    /** this / other; integers give floats. */
    default Tensor div(Tensor other) {
        return Pointwise2.Kind.DIV.apply(self(), other);
    }

    /** this / number; integers give floats. */
    default Tensor div(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.DIV, self(), number);
    }

    /** this to the power of number. */
    default Tensor pow(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.POW, self(), number);
    }

    /** this to the power of other. */
    default Tensor pow(Tensor other) {
        return Pointwise2.Kind.POW.apply(self(), other);
    }

    /** The larger of both; NaN when either is NaN. */
    default Tensor maximum(Tensor other) {
        return Pointwise2.Kind.MAXIMUM.apply(self(), other);
    }

    /** The smaller of both; NaN when either is NaN. */
    default Tensor minimum(Tensor other) {
        return Pointwise2.Kind.MINIMUM.apply(self(), other);
    }

    /** this == other, BOOL. */
    default Tensor eq(Tensor other) {
        return Pointwise2.Kind.EQ.apply(self(), other);
    }

    /** this == number, BOOL. */
    default Tensor eq(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.EQ, self(), number);
    }

    /** this != other, BOOL. */
    default Tensor ne(Tensor other) {
        return Pointwise2.Kind.NE.apply(self(), other);
    }

    /** this != number, BOOL. */
    default Tensor ne(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.NE, self(), number);
    }

    /** this &lt; other, BOOL. */
    default Tensor lt(Tensor other) {
        return Pointwise2.Kind.LT.apply(self(), other);
    }

    /** this &lt; number, BOOL. */
    default Tensor lt(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.LT, self(), number);
    }

    /** this &lt;= other, BOOL. */
    default Tensor le(Tensor other) {
        return Pointwise2.Kind.LE.apply(self(), other);
    }

    /** this &lt;= number, BOOL. */
    default Tensor le(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.LE, self(), number);
    }

    /** this &gt; other, BOOL. */
    default Tensor gt(Tensor other) {
        return Pointwise2.Kind.GT.apply(self(), other);
    }

    /** this &gt; number, BOOL. */
    default Tensor gt(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.GT, self(), number);
    }

    /** this &gt;= other, BOOL. */
    default Tensor ge(Tensor other) {
        return Pointwise2.Kind.GE.apply(self(), other);
    }

    /** this &gt;= number, BOOL. */
    default Tensor ge(double number) {
        return PointwiseScalar.apply(Pointwise2.Kind.GE, self(), number);
    }

    default Tensor neg() {
        return unary(Pointwise1.Kind.NEG);
    }

    default Tensor abs() {
        return unary(Pointwise1.Kind.ABS);
    }

    /** -1, 0 or 1. */
    default Tensor sign() {
        return unary(Pointwise1.Kind.SIGN);
    }

    default Tensor square() {
        return unary(Pointwise1.Kind.SQUARE);
    }

    default Tensor floor() {
        return unary(Pointwise1.Kind.FLOOR);
    }

    default Tensor ceil() {
        return unary(Pointwise1.Kind.CEIL);
    }

    /** To the nearest integer, half to even. */
    default Tensor round() {
        return unary(Pointwise1.Kind.ROUND);
    }

    default Tensor exp() {
        return unary(Pointwise1.Kind.EXP);
    }

    default Tensor log() {
        return unary(Pointwise1.Kind.LOG);
    }

    default Tensor sqrt() {
        return unary(Pointwise1.Kind.SQRT);
    }

    /** 1 / sqrt(this). */
    default Tensor rsqrt() {
        return unary(Pointwise1.Kind.RSQRT);
    }

    default Tensor reciprocal() {
        return unary(Pointwise1.Kind.RECIPROCAL);
    }

    default Tensor erf() {
        return unary(Pointwise1.Kind.ERF);
    }
}

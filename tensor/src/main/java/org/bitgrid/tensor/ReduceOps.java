package org.bitgrid.tensor;

import java.util.List;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.CountEqual;
import org.bitgrid.tensor.op.CumProd;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.Prod;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.op.Truth;

/** Methods of {@link Tensor} that fold dimensions. Without dimensions named, all are folded. */
interface ReduceOps {
    private Tensor self() {
        return (Tensor) this;
    }

    private Tensor reduce(Reduce.Kind kind, List<Integer> axes, boolean keepDim) {
        return Dispatch.apply(new Reduce(kind, axes, keepDim), self());
    }

    /** Sum of all elements; integers give INT64. */
    default Tensor sum() {
        return reduce(Reduce.Kind.SUM, List.of(), false);
    }

    default Tensor sum(int axis) {
        return reduce(Reduce.Kind.SUM, List.of(axis), false);
    }

    default Tensor sum(List<Integer> axes, boolean keepDim) {
        return reduce(Reduce.Kind.SUM, axes, keepDim);
    }

    /** Mean of all elements, which must be floating point. */
    default Tensor mean() {
        return reduce(Reduce.Kind.MEAN, List.of(), false);
    }

    default Tensor mean(int axis) {
        return reduce(Reduce.Kind.MEAN, List.of(axis), false);
    }

    default Tensor mean(List<Integer> axes, boolean keepDim) {
        return reduce(Reduce.Kind.MEAN, axes, keepDim);
    }

    /** Largest element; equal ones share the gradient. */
    default Tensor max() {
        return reduce(Reduce.Kind.AMAX, List.of(), false);
    }

    /** Smallest element; equal ones share the gradient. */
    default Tensor min() {
        return reduce(Reduce.Kind.AMIN, List.of(), false);
    }

    /** Largest elements along dimensions; equal ones share the gradient. */
    default Tensor amax(List<Integer> axes, boolean keepDim) {
        return reduce(Reduce.Kind.AMAX, axes, keepDim);
    }

    /** Smallest elements along dimensions; equal ones share the gradient. */
    default Tensor amin(List<Integer> axes, boolean keepDim) {
        return reduce(Reduce.Kind.AMIN, axes, keepDim);
    }

    /** Largest elements along a dimension, and their indices (INT64); the first of equals. */
    default Tensor[] max(int axis, boolean keepDim) {
        return MaxDim.apply(self(), true, axis, keepDim);
    }

    /** Smallest elements along a dimension, and their indices (INT64); the first of equals. */
    default Tensor[] min(int axis, boolean keepDim) {
        return MaxDim.apply(self(), false, axis, keepDim);
    }

    /** How many elements equal those of {@code other}, of the same shape and type, INT64. */
    default Tensor countEqual(Tensor other) {
        return Dispatch.apply(new CountEqual(), self(), other);
    }

    /** Index of the largest element in row-major order, INT64. */
    default Tensor argmax() {
        return Dispatch.apply(new ArgReduce(true, null, false), self());
    }

    /** Index of the largest element along a dimension, INT64. */
    default Tensor argmax(int axis) {
        return Dispatch.apply(new ArgReduce(true, axis, false), self());
    }

    default Tensor argmax(int axis, boolean keepDim) {
        return Dispatch.apply(new ArgReduce(true, axis, keepDim), self());
    }

    /** Index of the smallest element along a dimension, INT64. */
    default Tensor argmin(int axis) {
        return Dispatch.apply(new ArgReduce(false, axis, false), self());
    }

    /** Index of the smallest element in row-major order, INT64. */
    default Tensor argmin() {
        return Dispatch.apply(new ArgReduce(false, null, false), self());
    }

    default Tensor argmin(int axis, boolean keepDim) {
        return Dispatch.apply(new ArgReduce(false, axis, keepDim), self());
    }

    /** Whether any element is true or not 0, BOOL. */
    default Tensor any() {
        return Truth.apply(self(), false, List.of(), false);
    }

    default Tensor any(List<Integer> axes, boolean keepDim) {
        return Truth.apply(self(), false, axes, keepDim);
    }

    /** Whether all elements are true or not 0, BOOL. */
    default Tensor all() {
        return Truth.apply(self(), true, List.of(), false);
    }

    default Tensor all(List<Integer> axes, boolean keepDim) {
        return Truth.apply(self(), true, axes, keepDim);
    }

    /** How many elements are not 0, INT64. */
    default Tensor countNonzero() {
        return self().ne(0.0).sum();
    }

    /** Product of all elements; integers give INT64. */
    default Tensor prod() {
        return self().reshape(-1).prod(0);
    }

    /** Product along a dimension. */
    default Tensor prod(int axis, boolean keepDim) {
        return Dispatch.apply(new Prod(axis, keepDim), self());
    }

    /** Products of the elements up to and including each, along a dimension. */
    default Tensor cumprod(int axis) {
        return Dispatch.apply(new CumProd(axis), self());
    }
}

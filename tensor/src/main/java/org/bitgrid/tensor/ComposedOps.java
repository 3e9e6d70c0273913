package org.bitgrid.tensor;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Flip;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.LogSumExp;
import org.bitgrid.tensor.op.Norm;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.PixelShuffle;
import org.bitgrid.tensor.op.Prod;
import org.bitgrid.tensor.op.Repeat;
import org.bitgrid.tensor.op.Roll;
import org.bitgrid.tensor.op.Sort;
import org.bitgrid.tensor.op.TopK;
import org.bitgrid.tensor.op.Variance;

/** Methods of {@link Tensor} that select, order and fold, most of them made of other operators. */
interface ComposedOps {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The slices along a dimension that {@code index} names; its shape takes the dimension's place. */
    default Tensor indexSelect(int axis, Tensor index) {
        return Dispatch.apply(new IndexSelect(axis), self(), index);
    }

    /** Opposite order along these dimensions. */
    default Tensor flip(Integer... axes) {
        return Dispatch.apply(new Flip(Arrays.asList(axes)), self());
    }

    /** All elements moved on along a dimension, round and round. */
    default Tensor roll(int shift, int axis) {
        return Dispatch.apply(new Roll(List.of(shift), List.of(axis)), self());
    }

    /** All elements moved on along several dimensions, round and round. */
    default Tensor roll(List<Integer> shifts, List<Integer> axes) {
        return Dispatch.apply(new Roll(shifts, axes), self());
    }

    /** Copies side by side, so many along each dimension; new dimensions come first. */
    default Tensor repeat(Integer... counts) {
        return Dispatch.apply(new Repeat(Arrays.asList(counts)), self());
    }

    /** {@link #repeat}, with counts of 1 put before those given when they are fewer than the dimensions. */
    default Tensor tile(Integer... counts) {
        Integer[] all = new Integer[Math.max(counts.length, self().rank())];
        Arrays.fill(all, 1);
        System.arraycopy(counts, 0, all, all.length - counts.length, counts.length);
        return repeat(all);
    }

    /** A value before and after the last dimension, the one before it, …. */
    default Tensor pad(double value, Integer... sizes) {
        return pad(Pad.Mode.CONSTANT, value, sizes);
    }

    /** Elements before and after the last dimension, the one before it, …; the value is for constants. */
    default Tensor pad(Pad.Mode mode, double value, Integer... sizes) {
        return Dispatch.function(new Pad(Arrays.asList(sizes), mode, value), self());
    }

    /** (…, C·r², H, W) to (…, C, H·r, W·r). */
    default Tensor pixelShuffle(int factor) {
        return Dispatch.function(new PixelShuffle(factor, false), self());
    }

    /** (…, C, H·r, W·r) to (…, C·r², H, W). */
    default Tensor pixelUnshuffle(int factor) {
        return Dispatch.function(new PixelShuffle(factor, true), self());
    }

    /** Parts along a dimension, all of one size but perhaps the last; at most {@code count}. */
    default List<Tensor> chunk(int count, int axis) {
        if (count < 1) {
            throw new ShapeException("chunk", "number of parts must be at least 1; got " + count);
        }
        int size = self().size(axis);
        return self().split(Math.max(1, (size + count - 1) / count), axis);
    }

    /** Sums of the elements up to and including each, along a dimension. */
    default Tensor cumsum(int axis) {
        return Dispatch.apply(new CumSum(axis, false), self());
    }

    /** Elements in order along a dimension, and where they were (INT64). */
    default Tensor[] sort(int axis, boolean descending) {
        return Dispatch.applyAll(new Sort(axis, descending), self());
    }

    /** Where the elements in order along a dimension are (INT64). */
    default Tensor argsort(int axis, boolean descending) {
        return sort(axis, descending)[1];
    }

    /** The k largest elements along a dimension, and where they were (INT64). */
    default Tensor[] topk(int k, int axis) {
        return Dispatch.applyAll(new TopK(k, axis, true), self());
    }

    /** The k largest or smallest elements along a dimension, in order, and where they were (INT64). */
    default Tensor[] topk(int k, int axis, boolean largest) {
        return Dispatch.applyAll(new TopK(k, axis, largest), self());
    }

    /** Unbiased variance of all elements. */
    default Tensor var() {
        return var(List.of(), 1, false);
    }

    /** Variance over dimensions; a correction of 1 makes it unbiased. */
    default Tensor var(List<Integer> axes, int correction, boolean keepDim) {
        return Dispatch.apply(new Variance(axes, correction, keepDim, false), self());
    }

    /** Unbiased standard deviation of all elements. */
    default Tensor std() {
        return std(List.of(), 1, false);
    }

    /** Standard deviation over dimensions; a correction of 1 makes the variance unbiased. */
    default Tensor std(List<Integer> axes, int correction, boolean keepDim) {
        return Dispatch.apply(new Variance(axes, correction, keepDim, true), self());
    }

    /** Log of the sum of exponentials over dimensions. */
    default Tensor logsumexp(List<Integer> axes, boolean keepDim) {
        return Dispatch.apply(new LogSumExp(axes, keepDim), self());
    }

    /** Euclidean norm of all elements. */
    default Tensor norm() {
        return norm(2, List.of(), false);
    }

    /** p-norm over dimensions. */
    default Tensor norm(double p, List<Integer> axes, boolean keepDim) {
        return Dispatch.apply(new Norm(p, axes, keepDim), self());
    }

    /** Product along a dimension. */
    default Tensor prod(int axis) {
        return Dispatch.apply(new Prod(axis, false), self());
    }
}

package org.bitgrid.nn;

import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Where;

/** Losses of the difference d = x - target, both of one shape and type. */
final class RegressionLosses {
    private RegressionLosses() {
    }

    /** Both tensors must be floating, of one type and one shape: silent broadcasting hides mistakes. */
    static void checkPair(String operation, Tensor x, Tensor target) {
        TensorSpec input = x.spec();
        Check.floating(operation, "input", input);
        Check.sameType(operation, "input", input, "target", target.spec());
        Check.shape(operation, "target", target.spec(), input.shape());
    }

    static Tensor zero(Tensor like) {
        return Tensors.fullLike(like.spec().withShape(Shape.SCALAR), 0);
    }

    /** d². */
    static Tensor mse(Tensor x, Tensor target, Reduction reduction) {
        checkPair("mse_loss", x, target);
        return reduction.of(x.sub(target).square());
    }

    /** |d|. */
    static Tensor l1(Tensor x, Tensor target, Reduction reduction) {
        checkPair("l1_loss", x, target);
        return reduction.of(x.sub(target).abs());
    }

    /** d² / (2·beta) where |d| &lt; beta, else |d| - beta / 2. */
    static Tensor smoothL1(Tensor x, Tensor target, double beta, Reduction reduction) {
        checkPair("smooth_l1_loss", x, target);
        if (!(beta >= 0)) {
            throw new ShapeException("smooth_l1_loss", "beta must not be negative; got " + beta);
        }
        if (beta == 0) {
            return l1(x, target, reduction);
        }
        Tensor difference = x.sub(target);
        Tensor size = difference.abs();
        return reduction.of(Where.apply(size.lt(beta), difference.square().mul(0.5 / beta), size.sub(beta / 2)));
    }

    /** d² / 2 where |d| &lt;= delta, else delta · (|d| - delta / 2) (Huber, 1964). */
    static Tensor huber(Tensor x, Tensor target, double delta, Reduction reduction) {
        checkPair("huber_loss", x, target);
        if (!(delta > 0)) {
            throw new ShapeException("huber_loss", "delta must be positive; got " + delta);
        }
        Tensor difference = x.sub(target);
        Tensor size = difference.abs();
        return reduction.of(Where.apply(size.le(delta), difference.square().mul(0.5),
                size.sub(delta / 2).mul(delta)));
    }
}

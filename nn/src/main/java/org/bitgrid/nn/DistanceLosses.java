package org.bitgrid.nn;

import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Where;

/** Losses of how near two or three samples are to each other. */
final class DistanceLosses {
    private static final double COSINE_EPSILON = 1e-12;

    private DistanceLosses() {
    }

    /**
     * a, b (N, D) or (D), y (N) or () of 1 and -1: 1 - cos where y is 1, max(0, cos - margin) where it is -1, with
     * cos = a·b / √((|a|² + 1e-12)(|b|² + 1e-12)).
     */
    static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor y, double margin, Reduction reduction) {
        RegressionLosses.checkPair("cosine_embedding_loss", a, b);
        Shape shape = a.spec().shape();
        if (shape.rank() < 1 || shape.rank() > 2) {
            throw new ShapeException("cosine_embedding_loss", "inputs must be (N, D) or (D); got " + shape);
        }
        Check.shape("cosine_embedding_loss", "target", y.spec(), shape.without(shape.rank() - 1));
        Tensor product = a.mul(b).sum(-1);
        Tensor squares = a.square().sum(-1).add(COSINE_EPSILON).mul(b.square().sum(-1).add(COSINE_EPSILON));
        Tensor cosine = product.div(squares.sqrt());
        Tensor zero = RegressionLosses.zero(cosine);
        Tensor near = Where.apply(y.eq(1.0), cosine.neg().add(1.0), zero);
        Tensor far = Where.apply(y.eq(-1.0), cosine.sub(margin).relu(), zero);
        return reduction.of(near.add(far));
    }

    /**
     * anchor, positive, negative (N, D) or (D): max(0, d(anchor, positive) - d(anchor, negative) + margin), with
     * d(a, b) the p-norm of a - b + epsilon (Balntas et al., 2016).
     *
     * @param swap whether d(positive, negative) counts when it is smaller than d(anchor, negative)
     */
    static Tensor tripletMargin(Tensor anchor, Tensor positive, Tensor negative, double margin, double p,
                                double epsilon, boolean swap, Reduction reduction) {
        RegressionLosses.checkPair("triplet_margin_loss", anchor, positive);
        RegressionLosses.checkPair("triplet_margin_loss", anchor, negative);
        if (anchor.spec().shape().rank() == 0) {
            throw new ShapeException("triplet_margin_loss", "inputs must have at least one dimension; got "
                    + anchor.spec().shape());
        }
        if (!(p >= 1)) {
            throw new ShapeException("triplet_margin_loss", "p must be at least 1; got " + p);
        }
        Tensor near = distance(anchor, positive, p, epsilon);
        Tensor far = distance(anchor, negative, p, epsilon);
        if (swap) {
            far = far.minimum(distance(positive, negative, p, epsilon));
        }
        return reduction.of(near.sub(far).add(margin).relu());
    }

    private static Tensor distance(Tensor a, Tensor b, double p, double epsilon) {
        Tensor difference = a.sub(b).add(epsilon);
        if (p == 1) {
            return difference.abs().sum(-1);
        }
        return p == 2 ? difference.square().sum(-1).sqrt() : difference.abs().pow(p).sum(-1).pow(1 / p);
    }

    /** x, y of one shape, y of 1 and -1: x where y is 1, max(0, margin - x) where it is -1. */
    static Tensor hingeEmbedding(Tensor x, Tensor y, double margin, Reduction reduction) {
        Check.floating("hinge_embedding_loss", "input", x.spec());
        Check.shape("hinge_embedding_loss", "target", y.spec(), x.spec().shape());
        Tensor zero = RegressionLosses.zero(x);
        Tensor far = Where.apply(y.ne(1.0), x.neg().add(margin).relu(), zero);
        return reduction.of(Where.apply(y.ne(-1.0), x, zero).add(far));
    }

    /** x1, x2, y of one shape, y of 1 and -1: max(0, -y · (x1 - x2) + margin). */
    static Tensor marginRanking(Tensor first, Tensor second, Tensor y, double margin, Reduction reduction) {
        RegressionLosses.checkPair("margin_ranking_loss", first, second);
        RegressionLosses.checkPair("margin_ranking_loss", first, y);
        return reduction.of(first.sub(second).mul(y).neg().add(margin).relu());
    }
}

package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** The part of {@link F} about lengths of vectors and distances between them. */
abstract class DistanceFunctions extends ActivationFunctions {
    DistanceFunctions() {
    }

    /** x over its p-norm along a dimension, or over epsilon where that is larger. */
    public static Tensor normalize(Tensor x, double p, int dim, double epsilon) {
        return x.div(x.norm(p, List.of(dim), true).clampMin(epsilon));
    }

    /** Cosine of the angle between vectors along a dimension, broadcast; norms are at least epsilon. */
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int dim, double epsilon) {
        List<Integer> axis = List.of(dim);
        Tensor left = a.div(a.norm(2, axis, true).clampMin(epsilon));
        return left.mul(b.div(b.norm(2, axis, true).clampMin(epsilon))).sum(dim);
    }

    /** p-norm of a - b + epsilon along the last dimension. */
    public static Tensor pairwiseDistance(Tensor a, Tensor b, double p, double epsilon, boolean keepDim) {
        return a.sub(b).add(epsilon).norm(p, List.of(-1), keepDim);
    }

    /** a (…, I), b (…, J), weight (O, I, J), bias (O) or null -> (…, O): a · weight · b + bias. */
    public static Tensor bilinear(Tensor a, Tensor b, Tensor weight, Tensor bias) {
        Tensor y = Tensors.einsum("...i,oij,...j->...o", a, weight, b);
        return bias == null ? y : y.add(bias);
    }
}

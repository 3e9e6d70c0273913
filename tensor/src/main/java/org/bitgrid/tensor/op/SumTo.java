package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** The reverse of broadcasting: sums over the dimensions along which a shape was expanded. */
public final class SumTo {
    private SumTo() {
    }

    /** {@code grad} summed to the shape of {@code target}; the tensor itself when it has that shape already. */
    public static Tensor apply(Tensor grad, TensorSpec target) {
        Shape from = grad.spec().shape();
        Shape to = target.shape();
        if (from.equals(to)) {
            return grad;
        }
        int lead = from.rank() - to.rank();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < from.rank(); i++) {
            if (i < lead || to.dim(i - lead) == 1 && from.dim(i) != 1) {
                axes.add(i);
            }
        }
        Tensor summed = axes.isEmpty() ? grad : grad.sum(axes, true);
        return summed.reshape(to.toArray());
    }
}

package org.bitgrid.tensor.op;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * The type of a result whose operands differ in type, as PyTorch has it: the higher category (boolean, integer,
 * floating) wins, then the wider type. Tensors without dimensions are weak: they count only among themselves, or when
 * their category is higher than that of all tensors with dimensions.
 */
public final class Promotion {
    private Promotion() {
    }

    /** The result type of two operands. */
    public static DType of(TensorSpec a, TensorSpec b) {
        boolean weakA = a.shape().rank() == 0 && b.shape().rank() > 0;
        boolean weakB = b.shape().rank() == 0 && a.shape().rank() > 0;
        if (!weakA && !weakB) {
            return DType.promote(a.dtype(), b.dtype());
        }
        return weakA ? withWeak(b.dtype(), a.dtype()) : withWeak(a.dtype(), b.dtype());
    }

    /** The result type of any number of operands. */
    public static DType of(Tensor... operands) {
        DType strong = null;
        DType weak = null;
        for (Tensor each : operands) {
            TensorSpec spec = each.spec();
            if (spec.shape().rank() == 0) {
                weak = weak == null ? spec.dtype() : DType.promote(weak, spec.dtype());
            } else {
                strong = strong == null ? spec.dtype() : DType.promote(strong, spec.dtype());
            }
        }
        if (strong == null || weak == null) {
            return strong == null ? weak : strong;
        }
        return withWeak(strong, weak);
    }

    private static DType withWeak(DType strong, DType weak) {
        boolean higher = weak.isFloating() && !strong.isFloating() || weak.isInteger() && strong == DType.BOOL;
        return higher ? weak : strong;
    }
}

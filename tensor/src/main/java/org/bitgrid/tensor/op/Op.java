package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * An operator: attributes, shape rule and gradient rule, in one record. Kernels live in backends.
 *
 * <p>Attributes are ints, doubles, booleans, enums, {@code Shape}, {@code Window2d}, or lists of these, so that the
 * record's equality and text mean something.
 */
public interface Op {
    /** PyTorch's name, such as {@code conv2d}; names graph nodes and starts error messages. */
    String name();

    /**
     * Shapes and types of the outputs. All argument errors are thrown from here, before any work.
     *
     * @throws org.bitgrid.tensor.ShapeException when shapes do not fit
     * @throws org.bitgrid.tensor.DTypeException when types do not fit
     */
    List<TensorSpec> infer(List<TensorSpec> inputs);

    /** Which inputs and outputs {@link #vjp} looks at; the gradient engine keeps only these. */
    default Reads reads() {
        return Reads.NOTHING;
    }

    /**
     * The vector-Jacobian product: gradients of the inputs, given gradients of the outputs. Written with operators, so
     * that it runs on every backend and can be differentiated again. One entry for each input, null where
     * {@link VjpContext#needs} is false or where no gradient flows.
     *
     * @throws NotDifferentiableException when the operator has no gradient, with the reason
     */
    default Tensor[] vjp(VjpContext context) {
        throw new NotDifferentiableException(name(), "it has no gradient rule");
    }

    /** Multiplications and additions of one run, 0 when the operator only moves data. */
    default long flops(List<TensorSpec> inputs) {
        return 0;
    }

    /** How many terms are added into one element of the output: what rounding errors grow with. */
    default long reductionLength(List<TensorSpec> inputs) {
        return 1;
    }

    /** Indices of the inputs that are overwritten in place; these are also the first outputs, in this order. */
    default List<Integer> mutates() {
        return List.of();
    }

    /** Whether the output holds the values of input 0 unchanged, only placed or selected differently. */
    default boolean movesDataOnly() {
        return false;
    }

    /** Whether callers get the first output only, the others being kept for the gradient rule. */
    default boolean returnsFirstOnly() {
        return false;
    }

    /** How torch.fx would write a call of this operator. */
    default Signature signature() {
        return Signature.function("torch." + name());
    }
}

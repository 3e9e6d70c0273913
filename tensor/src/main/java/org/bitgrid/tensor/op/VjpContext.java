package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** What a gradient rule may look at. */
public interface VjpContext {
    /** Input {@code index}; it must be declared in {@link Op#reads}. */
    Tensor input(int index);

    /** Output {@code index}; it must be declared in {@link Op#reads}. */
    Tensor output(int index);

    /** Gradient of the loss with respect to output {@code index}; zeros when nothing flows through that output. */
    Tensor gradOutput(int index);

    /** Whether any gradient flows through output {@code index}. */
    boolean hasGradOutput(int index);

    /** Whether somebody wants the gradient of input {@code index}. */
    boolean needs(int index);

    int inputCount();

    TensorSpec inputSpec(int index);

    TensorSpec outputSpec(int index);

    /** Gradient of the first output, for the many operators that have just one. */
    default Tensor gradOutput() {
        return gradOutput(0);
    }
}

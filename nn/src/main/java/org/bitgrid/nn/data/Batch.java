package org.bitgrid.nn.data;

import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * Samples joined into tensors whose first dimension counts samples: by custom the inputs, then the targets.
 *
 * <p>A batch belongs to whoever received it and outlives every {@code TensorScope}; the garbage collector takes care of
 * it in the end. Closing it gives its memory back at once, for the next batch:
 *
 * <pre>{@code
 * for (Batch batch : loader) {
 *     try (batch; TensorScope scope = TensorScope.open()) {
 *         lossFunction.call(model.call(batch.inputs()), batch.targets()).backward();
 *     }
 * }
 * }</pre>
 */
public final class Batch implements AutoCloseable {
    private final List<Tensor> tensors;
    private boolean closed;

    /** A batch of these tensors, which must agree in their first dimension. */
    public Batch(Tensor... tensors) {
        if (tensors.length == 0) {
            throw new ShapeException("Batch", "needs at least one tensor");
        }
        for (Tensor tensor : tensors) {
            if (tensor.rank() == 0 || tensor.size(0) != tensors[0].size(0)) {
                throw new ShapeException("Batch", "tensors must have one number of samples; got "
                        + tensors[0].spec().shape() + " and " + tensor.spec().shape());
            }
        }
        this.tensors = List.of(tensors);
    }

    /** All tensors in order. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** The tensor with this index. */
    public Tensor get(int index) {
        if (index < 0 || index >= tensors.size()) {
            throw new ShapeException("Batch.get", "index out of range; got " + index + "; expected 0 to "
                    + (tensors.size() - 1));
        }
        return tensors.get(index);
    }

    /** The first tensor. */
    public Tensor inputs() {
        return get(0);
    }

    /** The second tensor. */
    public Tensor targets() {
        return get(1);
    }

    /** Number of samples. */
    public int size() {
        return tensors.get(0).size(0);
    }

    /** Gives the memory back; tensors that something else still holds, such as a backward pass, stay. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tensors.forEach(TensorAccess.get()::release);
        }
    }
}

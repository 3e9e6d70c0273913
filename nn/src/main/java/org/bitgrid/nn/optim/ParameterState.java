package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * What an optimizer remembers about one parameter. Its tensors outlive the {@link org.bitgrid.tensor.TensorScope} in
 * which they were made.
 */
public final class ParameterState {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Double> numbers = new LinkedHashMap<>();

    ParameterState() {
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    Map<String, Double> numbers() {
        return numbers;
    }

    /** Number of steps taken, counting the one that now begins. */
    public long nextStep() {
        double step = number("step", 0) + 1;
        numbers.put("step", step);
        return (long) step;
    }

    /** The number of this name, or {@code initial} when it is not there yet. */
    public double number(String name, double initial) {
        return numbers.getOrDefault(name, initial);
    }

    /** Sets the number of this name. */
    public void setNumber(String name, double value) {
        numbers.put(name, value);
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** The tensor of this name, made of the shape and type of {@code like} and filled when it is not there yet. */
    public Tensor tensor(String name, Tensor like, double initial) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            tensor = Tensors.fullLike(like.spec(), initial);
            put(name, tensor);
        }
        return tensor;
    }

    /** Replaces the tensor of this name. */
    public void put(String name, Tensor value) {
        TensorAccess.get().retain(value);
        Tensor old = tensors.put(name, value.detach());
        if (old != null) {
            TensorAccess.get().release(old);
        }
    }

    /** Forgets everything. */
    void clear() {
        tensors.values().forEach(TensorAccess.get()::release);
        tensors.clear();
        numbers.clear();
    }
}

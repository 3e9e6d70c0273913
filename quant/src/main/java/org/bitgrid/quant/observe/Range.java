package org.bitgrid.quant.observe;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * What an analyzer found: the lowest and the highest real number that the grid should reach, for each of its
 * statistics.
 *
 * @param shape shape of the statistics
 * @param min   row-major
 * @param max   row-major
 */
public record Range(Shape shape, float[] min, float[] max) {
    /** The lower ends as a tensor. */
    public Tensor minimum() {
        return Tensors.of(min, shape.toArray());
    }

    /** The upper ends as a tensor. */
    public Tensor maximum() {
        return Tensors.of(max, shape.toArray());
    }
}

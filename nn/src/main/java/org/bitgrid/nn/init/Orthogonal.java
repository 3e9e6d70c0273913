package org.bitgrid.nn.init;

import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Orthogonal matrices from normal ones. */
final class Orthogonal {
    private Orthogonal() {
    }

    static Tensor make(Shape shape, double gain, Rng rng) {
        if (shape.rank() < 2) {
            throw new ShapeException("orthogonal", "a weight needs at least 2 dimensions; got " + shape);
        }
        int rows = shape.dim(0);
        int columns = (int) shape.slice(1, shape.rank()).numel();
        int count = Math.min(rows, columns);
        int length = Math.max(rows, columns);
        double[][] basis = new double[count][length];
        for (int i = 0; i < count; i++) {
            drawOrthogonal(basis, i, rng);
        }
        float[] values = new float[rows * columns];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < length; j++) {
                values[rows <= columns ? i * columns + j : j * columns + i] = (float) (gain * basis[i][j]);
            }
        }
        return Tensors.of(values, shape.toArray());
    }

    /** Draws vector {@code index} at random, of length 1 and orthogonal to those before it. */
    private static void drawOrthogonal(double[][] basis, int index, Rng rng) {
        double[] vector = basis[index];
        double length;
        do {
            for (int j = 0; j < vector.length; j++) {
                vector[j] = rng.nextGaussian();
            }
            // Twice, because one pass of Gram and Schmidt's method loses orthogonality to rounding.
            subtractProjections(basis, index);
            length = normalize(vector);
            subtractProjections(basis, index);
            length = Math.min(length, normalize(vector));
        } while (length < 1e-8);
    }

    private static void subtractProjections(double[][] basis, int index) {
        double[] vector = basis[index];
        for (int i = 0; i < index; i++) {
            double dot = 0;
            for (int j = 0; j < vector.length; j++) {
                dot += basis[i][j] * vector[j];
            }
            for (int j = 0; j < vector.length; j++) {
                vector[j] -= dot * basis[i][j];
            }
        }
    }

    /** Returns the length before. */
    private static double normalize(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        double length = Math.sqrt(sum);
        for (int j = 0; j < vector.length && length > 0; j++) {
            vector[j] /= length;
        }
        return length;
    }
}

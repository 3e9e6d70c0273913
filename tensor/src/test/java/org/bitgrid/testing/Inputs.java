package org.bitgrid.testing;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Tensors for samples: random, but away from the places where operators have kinks or no value. */
public final class Inputs {
    private static final double LEAST = 0.25;
    private static final double SPREAD = 1.5;

    private Inputs() {
    }

    /**
     * FLOAT32 of either sign, sizes in [0.25, 1.75), no two sizes closer than 0.75 / n: away from 0 and from ties, even
     * between absolute values.
     */
    public static Tensor floats(Rng rng, int... dims) {
        float[] values = sizes(rng, dims, LEAST, SPREAD);
        for (int i = 0; i < values.length; i++) {
            values[i] = rng.nextFloat() < 0.5f ? -values[i] : values[i];
        }
        return Tensors.of(values, dims);
    }

    /** FLOAT32 in [0.25, 1.75), all different. */
    public static Tensor positive(Rng rng, int... dims) {
        return Tensors.of(sizes(rng, dims, LEAST, SPREAD), dims);
    }

    /** FLOAT32 in [low, high), all different. */
    public static Tensor between(Rng rng, double low, double high, int... dims) {
        return Tensors.of(sizes(rng, dims, low, high - low), dims);
    }

    private static float[] sizes(Rng rng, int[] dims, double low, double spread) {
        int[] order = rng.permutation((int) Shape.of(dims).numel());
        float[] values = new float[order.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (low + (order[i] + 0.5 * rng.nextDouble()) * spread / order.length);
        }
        return values;
    }

    /** INT64 from 0 to bound - 1. */
    public static Tensor indices(Rng rng, int bound, int... dims) {
        long[] values = new long[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rng.nextInt(bound);
        }
        return Tensors.of(values, dims);
    }

    /** Integers from -9 to 9, or 0 to 9 of an unsigned type, of an integer type. */
    public static Tensor integers(Rng rng, DType dtype, int... dims) {
        long[] values = new long[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dtype == DType.UINT8 ? rng.nextInt(10) : rng.nextInt(19) - 9;
        }
        return Tensors.of(values, dims).to(dtype);
    }

    /** BOOL, about half of them true. */
    public static Tensor bools(Rng rng, int... dims) {
        return indices(rng, 2, dims).to(DType.BOOL);
    }

    /** The same tensors with floating-point elements in double precision: what the reference computes with. */
    public static Tensor[] toDouble(Tensor[] inputs) {
        Tensor[] doubles = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            doubles[i] = inputs[i].dtype().isFloating() ? inputs[i].to(DType.FLOAT64) : inputs[i];
        }
        return doubles;
    }

    /** Copies in fresh memory. */
    public static Tensor[] copies(Tensor[] inputs) {
        Tensor[] copies = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            copies[i] = inputs[i].clone();
        }
        return copies;
    }
}

package org.bitgrid.nn.init;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * The usual initializers. In a weight of shape (K, C, …), the fan-in is C times the sizes behind, the fan-out K times
 * the sizes behind: how many inputs an output depends on, and the reverse.
 *
 * <pre>{@code
 * Init.xavierUniform().apply(layer.weight());
 * Tensor noise = Init.normal(0, 0.02).make(10, 20);
 * }</pre>
 */
public final class Init {
    /** Which of the two fans keeps its variance. */
    public enum Fan { IN, OUT }

    /** The function that follows a layer, which decides the gain. */
    public enum Nonlinearity { LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, SELU }

    private Init() {
    }

    /** All elements {@code value}. */
    public static Initializer constant(double value) {
        return (shape, rng) -> Tensors.full(shape, value, DType.FLOAT32);
    }

    public static Initializer zeros() {
        return constant(0);
    }

    public static Initializer ones() {
        return constant(1);
    }

    /** Uniform in [low, high). */
    public static Initializer uniform(double low, double high) {
        if (!(low <= high)) {
            throw new ShapeException("uniform", "bounds are in the wrong order; got " + low + " and " + high);
        }
        return (shape, rng) -> {
            float[] values = new float[elements(shape)];
            rng.fillUniform(values, (float) low, (float) high);
            return Tensors.of(values, shape.toArray());
        };
    }

    /** Normal. */
    public static Initializer normal(double mean, double standardDeviation) {
        checkDeviation("normal", standardDeviation);
        return (shape, rng) -> {
            float[] values = new float[elements(shape)];
            rng.fillNormal(values, (float) mean, (float) standardDeviation);
            return Tensors.of(values, shape.toArray());
        };
    }

    /** Normal, with values outside [low, high] drawn again. */
    public static Initializer truncatedNormal(double mean, double standardDeviation, double low, double high) {
        checkDeviation("truncatedNormal", standardDeviation);
        if (!(low < high) || standardDeviation == 0) {
            throw new ShapeException("truncatedNormal", "bounds must be in order and the deviation positive; got "
                    + low + ", " + high + " and " + standardDeviation);
        }
        double from = (low - mean) / standardDeviation;
        double to = (high - mean) / standardDeviation;
        return (shape, rng) -> {
            float[] values = new float[elements(shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (mean + standardDeviation * truncated(rng, from, to));
            }
            return Tensors.of(values, shape.toArray());
        };
    }

    /** Standard normal between two bounds, by rejection. */
    private static double truncated(Rng rng, double from, double to) {
        // Drawing from the normal is quick only where most of it lies between the bounds.
        boolean wide = from <= 0 && to >= 0 && to - from > 2;
        double nearest = from > 0 ? from : to < 0 ? to : 0;
        while (true) {
            if (wide) {
                double x = rng.nextGaussian();
                if (x >= from && x <= to) {
                    return x;
                }
            } else {
                double x = from + Math.min(to - from, 10) * rng.nextDouble();
                if (to < 0) {
                    x = to - (x - from);
                }
                if (rng.nextDouble() <= StrictMath.exp((nearest * nearest - x * x) / 2)) {
                    return x;
                }
            }
        }
    }

    /** Glorot and Bengio (2010): uniform in ±sqrt(6 / (fan-in + fan-out)). */
    public static Initializer xavierUniform() {
        return xavierUniform(1);
    }

    /** Glorot and Bengio (2010): uniform in ±gain · sqrt(6 / (fan-in + fan-out)). */
    public static Initializer xavierUniform(double gain) {
        return (shape, rng) -> {
            double bound = gain * Math.sqrt(6.0 / (fan("xavierUniform", shape, Fan.IN)
                    + fan("xavierUniform", shape, Fan.OUT)));
            return uniform(-bound, bound).make(shape, rng);
        };
    }

    /** Glorot and Bengio (2010): normal with deviation sqrt(2 / (fan-in + fan-out)). */
    public static Initializer xavierNormal() {
        return xavierNormal(1);
    }

    /** Glorot and Bengio (2010): normal with deviation gain · sqrt(2 / (fan-in + fan-out)). */
    public static Initializer xavierNormal(double gain) {
        return (shape, rng) -> normal(0, gain * Math.sqrt(2.0 / (fan("xavierNormal", shape, Fan.IN)
                + fan("xavierNormal", shape, Fan.OUT)))).make(shape, rng);
    }

    /** {@link #kaimingUniform(double, Fan, Nonlinearity)} with slope 0, fan-in and leaky ReLU. */
    public static Initializer kaimingUniform() {
        return kaimingUniform(0, Fan.IN, Nonlinearity.LEAKY_RELU);
    }

    /**
     * He et al. (2015): uniform in ±gain · sqrt(3 / fan).
     *
     * @param negativeSlope of the leaky ReLU that follows, if one does
     */
    public static Initializer kaimingUniform(double negativeSlope, Fan mode, Nonlinearity nonlinearity) {
        double gain = gain(nonlinearity, negativeSlope);
        return (shape, rng) -> {
            double bound = gain * Math.sqrt(3.0 / fan("kaimingUniform", shape, mode));
            return uniform(-bound, bound).make(shape, rng);
        };
    }

    /** {@link #kaimingNormal(double, Fan, Nonlinearity)} with slope 0, fan-in and leaky ReLU. */
    public static Initializer kaimingNormal() {
        return kaimingNormal(0, Fan.IN, Nonlinearity.LEAKY_RELU);
    }

    /**
     * He et al. (2015): normal with deviation gain / sqrt(fan).
     *
     * @param negativeSlope of the leaky ReLU that follows, if one does
     */
    public static Initializer kaimingNormal(double negativeSlope, Fan mode, Nonlinearity nonlinearity) {
        double gain = gain(nonlinearity, negativeSlope);
        return (shape, rng) -> normal(0, gain / Math.sqrt(fan("kaimingNormal", shape, mode))).make(shape, rng);
    }

    /** What linear and convolution layers start with: weights uniform in ±1 / sqrt(fan-in), as PyTorch has it. */
    public static Initializer layerWeight() {
        return kaimingUniform(Math.sqrt(5), Fan.IN, Nonlinearity.LEAKY_RELU);
    }

    /** What biases of linear and convolution layers start with: uniform in ±1 / sqrt(fan-in of the weight). */
    public static Initializer layerBias(Shape weight) {
        double fanIn = fan("layerBias", weight, Fan.IN);
        double bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
        return uniform(-bound, bound);
    }

    /** Ones on the diagonal of a matrix, zeros elsewhere. */
    public static Initializer eye() {
        return (shape, rng) -> {
            if (shape.rank() != 2) {
                throw new ShapeException("eye", "expected a matrix; got " + shape);
            }
            float[] values = new float[elements(shape)];
            for (int i = 0; i < Math.min(shape.dim(0), shape.dim(1)); i++) {
                values[i * shape.dim(1) + i] = 1;
            }
            return Tensors.of(values, shape.toArray());
        };
    }

    /** Rows, or columns when there are fewer, that are orthogonal and of length {@code gain} (Saxe et al., 2014). */
    public static Initializer orthogonal(double gain) {
        return (shape, rng) -> Orthogonal.make(shape, gain, rng);
    }

    /** Normal values with the same part of each column set to zero (Martens, 2010). */
    public static Initializer sparse(double sparsity, double standardDeviation) {
        checkDeviation("sparse", standardDeviation);
        return (shape, rng) -> {
            if (shape.rank() != 2) {
                throw new ShapeException("sparse", "expected a matrix; got " + shape);
            }
            int rows = shape.dim(0);
            int columns = shape.dim(1);
            float[] values = new float[elements(shape)];
            rng.fillNormal(values, 0f, (float) standardDeviation);
            int zeros = (int) Math.ceil(sparsity * rows);
            for (int column = 0; column < columns; column++) {
                int[] order = rng.permutation(rows);
                for (int i = 0; i < zeros; i++) {
                    values[order[i] * columns + column] = 0;
                }
            }
            return Tensors.of(values, shape.toArray());
        };
    }

    /** How much a function shrinks the deviation of what passes through it, inverted; PyTorch's table. */
    public static double gain(Nonlinearity nonlinearity, double negativeSlope) {
        return switch (nonlinearity) {
            case LINEAR, SIGMOID -> 1;
            case TANH -> 5.0 / 3;
            case RELU -> Math.sqrt(2);
            case LEAKY_RELU -> Math.sqrt(2 / (1 + negativeSlope * negativeSlope));
            case SELU -> 0.75;
        };
    }

    /** Inputs that an output of a weight (K, C, …) depends on, or the reverse. */
    public static double fan(String operation, Shape weight, Fan mode) {
        if (weight.rank() < 2) {
            throw new ShapeException(operation, "a weight needs at least 2 dimensions; got " + weight
                    + "; use uniform or normal for vectors");
        }
        double field = weight.slice(2, weight.rank()).numel();
        return field * weight.dim(mode == Fan.IN ? 1 : 0);
    }

    static int elements(Shape shape) {
        return Math.toIntExact(shape.numel());
    }

    private static void checkDeviation(String operation, double standardDeviation) {
        if (!(standardDeviation >= 0)) {
            throw new ShapeException(operation, "standard deviation must not be negative; got " + standardDeviation);
        }
    }
}

package org.bitgrid.testing;

import java.util.Arrays;
import java.util.function.Function;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * How large the numbers were that a result was made of: the M of {@link Near}. One tensor for each output, of its
 * shape; for outputs that are not floating point it does not matter.
 *
 * <p>A float32 kernel that is as good as it can be computes the exact result of inputs that are off by a relative
 * rounding error u each, times a few further roundings of the result; to first order its error is at most u times
 * M[i] = max(|y[i]|, Σ_j |∂y[i]/∂x[j]| · |x[j]|), over all elements x[j] of all inputs. For a sum this is Σ|x[j]|, for a
 * product of matrices twice Σ|a||b|. Cancellation shows in it as it should.
 */
@FunctionalInterface
public interface Magnitude {
    /**
     * The magnitudes of {@code outputs}, which are what {@code function} gives for {@code inputs}, all in double
     * precision.
     */
    double[][] of(Function<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor[] outputs);

    /** Derivatives by differences, one input element at a time: for any operator, but slow. */
    Magnitude CONDITION = Magnitude::condition;

    /** The function of the absolute values: for operators that add products, where it is Σ|terms|. */
    Magnitude ABSOLUTE = Magnitude::absolute;

    /** As {@link #CONDITION}, for operators whose outputs see one element of each input: all moved at once. */
    Magnitude ELEMENTWISE = Magnitude::elementwise;

    /**
     * An estimate from below of {@link #CONDITION} that costs a few runs: the largest change of the outputs when all
     * inputs are moved at once, each element to a random side. For many elements; with few, draws may miss the side
     * where all changes add up.
     */
    Magnitude SAMPLED = Magnitude::sampled;

    /** The result itself: for operators that select, or whose sums are exact. */
    Magnitude OUTPUT = (function, inputs, outputs) -> atLeastOutputs(Arrays.stream(outputs)
            .map(output -> new double[(int) output.numel()]).toArray(double[][]::new), outputs);

    /** This rule, or a cheaper one when it would take long for these inputs. */
    default Magnitude within(Tensor[] inputs) {
        long elements = Arrays.stream(inputs).filter(each -> each.dtype().isFloating()).mapToLong(Tensor::numel).sum();
        return this == CONDITION && elements > 64 ? SAMPLED : this;
    }

    /** As {@link #ELEMENTWISE}, but at least the input itself: something of its size was subtracted from. */
    Magnitude AT_LEAST_INPUT = (function, inputs, outputs) -> {
        double[][] magnitudes = elementwise(function, inputs, outputs);
        double[] x = inputs[0].toDoubleArray();
        for (int i = 0; i < x.length; i++) {
            magnitudes[0][i] = Math.max(magnitudes[0][i], Math.abs(x[i]));
        }
        return magnitudes;
    };

    private static double[][] condition(Function<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor[] outputs) {
        double[][] sums = new double[outputs.length][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new double[(int) outputs[i].numel()];
        }
        double step = 0x1p-20;
        for (int which = 0; which < inputs.length; which++) {
            if (!inputs[which].dtype().isFloating()) {
                continue;
            }
            double[] values = inputs[which].toDoubleArray();
            int[] dims = inputs[which].shape().toArray();
            for (int j = 0; j < values.length; j++) {
                double centre = values[j];
                if (centre == 0 || Double.isInfinite(centre) || Double.isNaN(centre)) {
                    continue; // rounding leaves it as it is
                }
                values[j] = centre * (1 + step);
                double[][] above = moved(function, inputs, which, Tensors.of(values, dims));
                values[j] = centre * (1 - step);
                double[][] below = moved(function, inputs, which, Tensors.of(values, dims));
                values[j] = centre;
                addDifferences(sums, above, below, step);
            }
        }
        return atLeastOutputs(sums, outputs);
    }

    private static double[][] elementwise(Function<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor[] outputs) {
        double[][] sums = new double[outputs.length][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new double[(int) outputs[i].numel()];
        }
        double step = 0x1p-20;
        for (int which = 0; which < inputs.length; which++) {
            if (inputs[which].dtype().isFloating()) {
                addDifferences(sums, moved(function, inputs, which, inputs[which].mul(1 + step)),
                        moved(function, inputs, which, inputs[which].mul(1 - step)), step);
            }
        }
        return atLeastOutputs(sums, outputs);
    }

    private static double[][] sampled(Function<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor[] outputs) {
        Rng rng = new Rng(1);
        double step = 0x1p-20;
        double[][] largest = new double[outputs.length][];
        for (int draw = 0; draw < 12; draw++) {
            Tensor[] above = inputs.clone();
            Tensor[] below = inputs.clone();
            for (int which = 0; which < inputs.length; which++) {
                if (inputs[which].dtype().isFloating()) {
                    Tensor side = Tensors.rand(rng, inputs[which].shape().toArray()).gt(0.5).to(DType.FLOAT64)
                            .mul(2 * step).sub(step);
                    above[which] = inputs[which].mul(side.add(1.0));
                    below[which] = inputs[which].mul(side.neg().add(1.0));
                }
            }
            double[][] up = values(function.apply(above));
            double[][] down = values(function.apply(below));
            for (int i = 0; i < outputs.length; i++) {
                largest[i] = draw == 0 ? new double[up[i].length] : largest[i];
                for (int j = 0; j < up[i].length; j++) {
                    double slope = Math.abs(up[i][j] - down[i][j]) / (2 * step);
                    largest[i][j] = Math.max(largest[i][j], Double.isNaN(slope) ? 0 : slope);
                }
            }
        }
        return atLeastOutputs(largest, outputs);
    }

    private static double[][] absolute(Function<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor[] outputs) {
        Tensor[] sizes = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            sizes[i] = inputs[i].dtype().isFloating() ? inputs[i].abs() : inputs[i];
        }
        return atLeastOutputs(values(function.apply(sizes)), outputs);
    }

    private static double[][] moved(Function<Tensor[], Tensor[]> function, Tensor[] inputs, int which, Tensor value) {
        Tensor[] arguments = inputs.clone();
        arguments[which] = value;
        return values(function.apply(arguments));
    }

    private static double[][] values(Tensor[] outputs) {
        return Arrays.stream(outputs).map(each -> each.detach().toDoubleArray()).toArray(double[][]::new);
    }

    private static void addDifferences(double[][] sums, double[][] above, double[][] below, double step) {
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < sums[i].length; j++) {
                double slope = Math.abs(above[i][j] - below[i][j]) / (2 * step);
                sums[i][j] += Double.isNaN(slope) ? 0 : slope;
            }
        }
    }

    private static double[][] atLeastOutputs(double[][] magnitudes, Tensor[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i].dtype() == DType.BOOL || !outputs[i].dtype().isFloating()) {
                continue;
            }
            double[] values = outputs[i].detach().toDoubleArray();
            for (int j = 0; j < values.length; j++) {
                magnitudes[i][j] = Math.max(magnitudes[i][j], Math.abs(values[j]));
            }
        }
        return magnitudes;
    }
}

package org.bitgrid.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * Compares gradients with central differences in double precision: for each element x of each floating input, the
 * derivative of Σ w·output, with fixed random weights w, against (f(x + step) - f(x - step)) / (2·step).
 *
 * <pre>{@code
 * GradCheck.DEFAULT.check(in -> in[0].matmul(in[1]), a, b);             // a, b FLOAT64
 * GradCheck.DEFAULT.checkSecondOrder(in -> in[0].tanh(), x);
 * }</pre>
 *
 * <p>Choose inputs away from kinks (relu at 0, ties of max): differences across one mean nothing.
 *
 * @param step     distance to either side
 * @param absolute greatest difference that always passes
 * @param relative greatest difference that passes, as a part of the expected value's size
 */
public record GradCheck(double step, double absolute, double relative) {
    /** Tight enough to see any wrong rule whose values are of moderate size. */
    public static final GradCheck DEFAULT = new GradCheck(1e-6, 1e-7, 1e-5);

    private static final long WEIGHT_SEED = 20_231;

    /**
     * Checks first derivatives of a function with one output with respect to all floating inputs.
     *
     * @throws GradCheckException naming the element that is off the most
     */
    public void check(Function<Tensor[], Tensor> function, Tensor... inputs) {
        checkAll(arguments -> new Tensor[] {function.apply(arguments)}, inputs);
    }

    /** Checks first derivatives with respect to all floating inputs; outputs that are not floating are left out. */
    public void checkAll(Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        compare("gradcheck", function, inputs);
    }

    /**
     * Checks second derivatives of a function with one output: the gradient, as a function of the inputs and of the
     * gradient of the output, must have the derivatives that differences say.
     */
    public void checkSecondOrder(Function<Tensor[], Tensor> function, Tensor... inputs) {
        checkSecondOrderAll(arguments -> new Tensor[] {function.apply(arguments)}, inputs);
    }

    /** Checks second derivatives of a function with several outputs. */
    public void checkSecondOrderAll(Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        requireDouble("second-order gradcheck", inputs);
        List<Tensor> seeds = new ArrayList<>();
        try (Dispatch.Scope off = Autograd.noGrad()) {
            Rng rng = new Rng(WEIGHT_SEED + 1);
            for (Tensor output : floating(function.apply(inputs.clone()))) {
                seeds.add(weights(output.spec().shape(), rng));
            }
        }
        Tensor[] all = Arrays.copyOf(inputs, inputs.length + seeds.size());
        for (int i = 0; i < seeds.size(); i++) {
            all[inputs.length + i] = seeds.get(i);
        }
        compare("second-order gradcheck", arguments -> gradient(function, arguments, inputs.length), all);
    }

    /** The gradients of all floating inputs, recorded; the last arguments are the gradients of the outputs. */
    private static Tensor[] gradient(Function<Tensor[], Tensor[]> function, Tensor[] arguments, int inputCount) {
        try (Dispatch.Scope on = Autograd.enableGrad()) {
            Tensor[] inputs = Arrays.copyOf(arguments, inputCount);
            List<Tensor> wanted = new ArrayList<>();
            for (int i = 0; i < inputCount; i++) {
                if (inputs[i].dtype().isFloating()) {
                    // Differences are taken with inputs that are plain numbers; the gradient needs leaves.
                    inputs[i] = inputs[i].requiresGrad() ? inputs[i] : inputs[i].detach().requiresGrad(true);
                    wanted.add(inputs[i]);
                }
            }
            List<Tensor> outputs = floating(function.apply(inputs));
            List<Tensor> reached = new ArrayList<>();
            List<Tensor> seeds = new ArrayList<>();
            for (int i = 0; i < outputs.size(); i++) {
                if (outputs.get(i).requiresGrad()) {
                    reached.add(outputs.get(i));
                    seeds.add(arguments[inputCount + i]);
                }
            }
            Tensor[] grads = Autograd.grad(reached, wanted,
                    new GradOptions(seeds, true, true, true));
            for (int i = 0; i < grads.length; i++) {
                grads[i] = grads[i] == null ? Tensors.zerosLike(wanted.get(i)) : grads[i];
            }
            return grads;
        }
    }

    private void compare(String operation, Function<Tensor[], Tensor[]> function, Tensor[] inputs) {
        requireDouble(operation, inputs);
        Tensor[] leaves = new Tensor[inputs.length];
        List<Tensor> wanted = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            leaves[i] = inputs[i].detach();
            if (leaves[i].dtype().isFloating()) {
                wanted.add(leaves[i].requiresGrad(true));
            }
        }
        Tensor[] analytic = analytic(function, leaves, wanted);
        String worst = null;
        double worstExcess = 1;
        int position = 0;
        for (int i = 0; i < inputs.length; i++) {
            if (!inputs[i].dtype().isFloating()) {
                continue;
            }
            double[] found = analytic[position++].toDoubleArray();
            double[] numeric = numeric(function, inputs, i);
            for (int j = 0; j < found.length; j++) {
                double allowed = absolute + relative * Math.abs(numeric[j]);
                double excess = Math.abs(found[j] - numeric[j]) / allowed;
                if (!(excess <= worstExcess)) {
                    worstExcess = Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
                    worst = operation + ": gradient of input " + i + " " + inputs[i].spec().shape()
                            + " is wrong, most of all at " + index(inputs[i].spec().shape(), j) + "; got " + found[j]
                            + "; expected " + numeric[j] + " by central differences with step " + step
                            + "; allowed difference " + allowed;
                }
            }
        }
        if (worst != null) {
            throw new GradCheckException(worst);
        }
    }

    private static Tensor[] analytic(Function<Tensor[], Tensor[]> function, Tensor[] leaves, List<Tensor> wanted) {
        try (Dispatch.Scope on = Autograd.enableGrad()) {
            Rng rng = new Rng(WEIGHT_SEED);
            List<Tensor> outputs = new ArrayList<>();
            List<Tensor> seeds = new ArrayList<>();
            for (Tensor output : floating(function.apply(leaves.clone()))) {
                Tensor seed = weights(output.spec().shape(), rng);
                if (output.requiresGrad()) {
                    outputs.add(output);
                    seeds.add(seed);
                }
            }
            Tensor[] grads = Autograd.grad(outputs, wanted, new GradOptions(seeds, false, false, true));
            for (int i = 0; i < grads.length; i++) {
                grads[i] = grads[i] == null ? Tensors.zerosLike(wanted.get(i)) : grads[i];
            }
            return grads;
        }
    }

    private double[] numeric(Function<Tensor[], Tensor[]> function, Tensor[] inputs, int which) {
        double[] values = inputs[which].toDoubleArray();
        int[] dims = inputs[which].spec().shape().toArray();
        double[] slopes = new double[values.length];
        for (int j = 0; j < values.length; j++) {
            double centre = values[j];
            values[j] = centre + step;
            double above = weighted(function, inputs, which, Tensors.of(values, dims));
            values[j] = centre - step;
            double below = weighted(function, inputs, which, Tensors.of(values, dims));
            values[j] = centre;
            slopes[j] = (above - below) / (2 * step);
        }
        return slopes;
    }

    private static double weighted(Function<Tensor[], Tensor[]> function, Tensor[] inputs, int which, Tensor moved) {
        try (Dispatch.Scope off = Autograd.noGrad(); TensorScope scope = TensorScope.open()) {
            Tensor[] arguments = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                arguments[i] = i == which ? moved : inputs[i].detach();
            }
            Rng rng = new Rng(WEIGHT_SEED);
            double sum = 0;
            for (Tensor output : floating(function.apply(arguments))) {
                double[] elements = output.toDoubleArray();
                double[] weights = weights(output.spec().shape(), rng).toDoubleArray();
                for (int i = 0; i < elements.length; i++) {
                    sum += elements[i] * weights[i];
                }
            }
            return sum;
        }
    }

    private static List<Tensor> floating(Tensor[] outputs) {
        List<Tensor> floating = new ArrayList<>();
        for (Tensor output : outputs) {
            if (output.dtype().isFloating()) {
                floating.add(output);
            }
        }
        return floating;
    }

    /** Between 0.5 and 1.5 with either sign, so that no element of an output goes unnoticed. */
    private static Tensor weights(Shape shape, Rng rng) {
        double[] values = new double[(int) shape.numel()];
        for (int i = 0; i < values.length; i++) {
            double size = 0.5 + rng.nextDouble();
            values[i] = rng.nextDouble() < 0.5 ? -size : size;
        }
        return Tensors.of(values, shape.toArray());
    }

    private static void requireDouble(String operation, Tensor[] inputs) {
        for (int i = 0; i < inputs.length; i++) {
            TensorSpec spec = inputs[i].spec();
            if (spec.dtype().isFloating() && spec.dtype() != DType.FLOAT64) {
                throw new DTypeException(operation, "differences need double precision; got input " + i + " of type "
                        + spec.dtype() + "; cast it with .to(DType.FLOAT64)");
            }
        }
    }

    private static String index(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        int rest = position;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % shape.dim(i);
            rest /= shape.dim(i);
        }
        return Arrays.toString(index);
    }
}

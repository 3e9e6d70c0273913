package org.bitgrid.nn.optim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5), for small problems whose
 * loss can be computed again and again: {@link #step(Supplier)} does so several times. One group of parameters only.
 *
 * <p>History lives with the optimizer and is not part of its saved state: a resumed run starts a new one.
 */
public final class LBFGS extends Optimizer {
    private int maxIterations = 20;
    private int maxEvaluations = 25;
    private double gradientTolerance = 1e-7;
    private double changeTolerance = 1e-9;
    private int historySize = 100;
    private boolean strongWolfe;

    private final Deque<Pair> history = new ArrayDeque<>();
    private Tensor direction;
    private Tensor previousGradient;
    private double stepLength;
    private double hessianScale = 1;

    /** A change of the parameters, the change of gradient that came with it, and one over their product. */
    private record Pair(Tensor step, Tensor change, double rho) {
    }

    /** With learning rate 1. */
    public LBFGS(List<Parameter> parameters) {
        this(parameters, 1);
    }

    public LBFGS(List<Parameter> parameters, double learningRate) {
        super(parameters, settings(learningRate));
    }

    private static Map<String, Double> settings(double learningRate) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        return settings;
    }

    /** Directions tried and losses computed in one step, at most; 20 and 25 by default. Returns this. */
    public LBFGS limits(int iterations, int evaluations) {
        maxIterations = iterations;
        maxEvaluations = evaluations;
        return this;
    }

    /** A step ends once gradient or change are below these everywhere; 1e-7 and 1e-9 by default. Returns this. */
    public LBFGS tolerances(double gradient, double change) {
        gradientTolerance = gradient;
        changeTolerance = change;
        return this;
    }

    /** How many changes are remembered; 100 by default. Returns this. */
    public LBFGS historySize(int size) {
        historySize = size;
        return this;
    }

    /** Whether to search along each direction for a point that meets the strong Wolfe conditions. Returns this. */
    public LBFGS strongWolfe(boolean search) {
        strongWolfe = search;
        return this;
    }

    @Override
    public void step() {
        throw new StateException("LBFGS.step: needs to compute the loss several times; call step(closure)");
    }

    @Override
    protected void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        throw new StateException("LBFGS.step: needs to compute the loss several times; call step(closure)");
    }

    /**
     * Takes one step of several iterations.
     *
     * @param closure forgets the gradients, computes the loss, calls backward on it and returns it
     * @return the loss before the step
     */
    public double step(Supplier<Tensor> closure) {
        if (groups().size() != 1) {
            throw new BitgridException("LBFGS.step: works with one group of parameters only; got "
                    + groups().size());
        }
        double rate = groups().get(0).learningRate();
        double loss = closure.get().item();
        double firstLoss = loss;
        int evaluations = 1;
        try (Dispatch.Scope off = Dispatch.gradEnabled(false)) {
            Tensor gradient = gradient();
            for (int iteration = 1; iteration <= maxIterations; iteration++) {
                if (largest(gradient) <= gradientTolerance) {
                    break;
                }
                chooseDirection(gradient);
                boolean fresh = history.isEmpty();
                double length = fresh ? Math.min(1, 1 / gradient.abs().sum().item()) * rate : rate;
                double slope = dot(gradient, direction);
                if (slope > -changeTolerance) {
                    break;
                }
                Tensor start = parameters();
                keep(gradient);
                double before = loss;
                if (strongWolfe) {
                    WolfeSearch.Result found = new WolfeSearch(at -> evaluate(closure, start, at), changeTolerance)
                            .search(length, loss, slope, maxEvaluations - evaluations);
                    moveTo(start, found.at());
                    length = found.at();
                    loss = found.loss();
                    gradient = found.gradient();
                    evaluations += found.evaluations();
                } else {
                    moveTo(start, length);
                    if (iteration != maxIterations) {
                        loss = lossAndGradient(closure);
                        gradient = gradient();
                        evaluations++;
                    }
                }
                stepLength = length;
                if (evaluations >= maxEvaluations || largest(direction) * length <= changeTolerance
                        || Math.abs(loss - before) < changeTolerance) {
                    break;
                }
            }
        }
        return firstLoss;
    }

    /** Remembers the last change and sets the direction to minus the approximate inverse Hessian times gradient. */
    private void chooseDirection(Tensor gradient) {
        if (previousGradient == null) {
            setDirection(gradient.neg());
            return;
        }
        Tensor change = gradient.sub(previousGradient);
        Tensor step = direction.mul(stepLength);
        double curvature = dot(change, step);
        if (curvature > 1e-10) {
            if (history.size() == historySize) {
                Pair oldest = history.removeFirst();
                TensorAccess.get().release(oldest.step());
                TensorAccess.get().release(oldest.change());
            }
            TensorAccess.get().retain(step);
            TensorAccess.get().retain(change);
            history.addLast(new Pair(step, change, 1 / curvature));
            hessianScale = curvature / dot(change, change);
        }
        Tensor q = gradient.neg();
        double[] weights = new double[history.size()];
        List<Pair> pairs = new ArrayList<>(history);
        for (int i = pairs.size() - 1; i >= 0; i--) {
            Pair pair = pairs.get(i);
            weights[i] = pair.rho() * dot(pair.step(), q);
            q = q.sub(pair.change().mul(weights[i]));
        }
        Tensor r = q.mul(hessianScale);
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            r = r.add(pair.step().mul(weights[i] - pair.rho() * dot(pair.change(), r)));
        }
        setDirection(r);
    }

    private void setDirection(Tensor value) {
        TensorAccess.get().retain(value);
        if (direction != null) {
            TensorAccess.get().release(direction);
        }
        direction = value;
    }

    private void keep(Tensor gradient) {
        TensorAccess.get().retain(gradient);
        if (previousGradient != null) {
            TensorAccess.get().release(previousGradient);
        }
        previousGradient = gradient;
    }

    private WolfeSearch.Point evaluate(Supplier<Tensor> closure, Tensor start, double at) {
        moveTo(start, at);
        double loss = lossAndGradient(closure);
        Tensor gradient = gradient();
        return new WolfeSearch.Point(at, loss, dot(gradient, direction), gradient);
    }

    private static double lossAndGradient(Supplier<Tensor> closure) {
        try (Dispatch.Scope on = Dispatch.gradEnabled(true)) {
            return closure.get().item();
        }
    }

    private List<Parameter> learning() {
        return groups().get(0).parameters();
    }

    /** All gradients as one vector; zeros where a parameter has none. */
    private Tensor gradient() {
        List<Tensor> parts = new ArrayList<>();
        for (Parameter parameter : learning()) {
            Tensor gradient = parameter.requiresGrad() ? parameter.grad() : null;
            Tensor part = gradient == null ? Tensors.zerosLike(parameter.held().detach()) : gradient.detach();
            parts.add(part.reshape(-1));
        }
        return Tensors.cat(parts, 0);
    }

    /** All parameters as one vector, copied. */
    private Tensor parameters() {
        List<Tensor> parts = new ArrayList<>();
        learning().forEach(parameter -> parts.add(parameter.held().detach().reshape(-1)));
        return Tensors.cat(parts, 0);
    }

    /** Sets the parameters to {@code start + length · direction}. */
    private void moveTo(Tensor start, double length) {
        Tensor target = start.add(direction.mul(length));
        int from = 0;
        for (Parameter parameter : learning()) {
            Tensor held = parameter.held().detach();
            int count = (int) held.numel();
            Tensor wanted = target.slice(0, from, from + (long) count).reshape(held.spec().shape().toArray());
            AddInPlace.apply(held, 1, wanted.sub(held));
            from += count;
        }
    }

    private static double dot(Tensor a, Tensor b) {
        return a.mul(b).sum().item();
    }

    private static double largest(Tensor vector) {
        return vector.abs().max().item();
    }
}

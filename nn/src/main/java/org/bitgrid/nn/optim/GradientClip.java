package org.bitgrid.nn.optim;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Keeps gradients from becoming too large. Called between {@code backward} and {@code step}. */
public final class GradientClip {
    private GradientClip() {
    }

    /** {@link #byNorm(List, double, double)} with the Euclidean norm. */
    public static double byNorm(List<Parameter> parameters, double maxNorm) {
        return byNorm(parameters, maxNorm, 2);
    }

    /**
     * Scales all gradients alike when their norm, taken over all of them together, exceeds {@code maxNorm}.
     *
     * @param normType 1, 2, … or {@code Double.POSITIVE_INFINITY} for the largest magnitude
     * @return the norm before, NaN or infinite when a gradient is
     */
    public static double byNorm(List<Parameter> parameters, double maxNorm, double normType) {
        if (!(maxNorm >= 0) || !(normType > 0)) {
            throw new BitgridException("GradientClip.byNorm: norms must be positive; got largest norm " + maxNorm
                    + " and type " + normType);
        }
        try (Dispatch.Scope off = Dispatch.gradEnabled(false)) {
            List<Parameter> learning = withGradient(parameters);
            double total = 0;
            for (Parameter parameter : learning) {
                Tensor gradient = parameter.grad().detach();
                if (gradient.numel() == 0) {
                    continue;
                }
                if (Double.isInfinite(normType)) {
                    total = Math.max(total, gradient.abs().max().item());
                } else if (normType == 2) {
                    total += gradient.square().sum().item();
                } else {
                    total += gradient.abs().pow(normType).sum().item();
                }
            }
            double norm = Double.isInfinite(normType) ? total : StrictMath.pow(total, 1 / normType);
            double scale = maxNorm / (norm + 1e-6);
            if (scale < 1) {
                for (Parameter parameter : learning) {
                    parameter.held().setGrad(parameter.grad().detach().mul(scale));
                }
            }
            return norm;
        }
    }

    /** Cuts every element of every gradient to [-limit, limit]. */
    public static void byValue(List<Parameter> parameters, double limit) {
        if (!(limit >= 0)) {
            throw new BitgridException("GradientClip.byValue: limit must not be negative; got " + limit);
        }
        try (Dispatch.Scope off = Dispatch.gradEnabled(false)) {
            for (Parameter parameter : withGradient(parameters)) {
                Tensor gradient = parameter.grad().detach();
                Tensor bound = Tensors.fullLike(gradient.spec(), limit);
                parameter.held().setGrad(gradient.minimum(bound).maximum(bound.neg()));
            }
        }
    }

    private static List<Parameter> withGradient(List<Parameter> parameters) {
        List<Parameter> found = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (parameter.requiresGrad() && parameter.grad() != null) {
                found.add(parameter);
            }
        }
        return found;
    }
}

package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.op.AdagradStep;
import org.bitgrid.tensor.op.AdamStep;
import org.bitgrid.tensor.op.MomentStep;
import org.bitgrid.tensor.op.RmsPropStep;
import org.bitgrid.tensor.op.SgdStep;

/** Optimizer steps. */
final class ReferenceOptimizers {
    private ReferenceOptimizers() {
    }

    static void register() {
        ReferenceBackend.define(SgdStep.class, ReferenceOptimizers::sgd);
        ReferenceBackend.define(AdamStep.class, ReferenceOptimizers::adam);
        ReferenceBackend.define(RmsPropStep.class, ReferenceOptimizers::rmsProp);
        ReferenceBackend.define(AdagradStep.class, ReferenceOptimizers::adagrad);
        ReferenceBackend.define(MomentStep.class, ReferenceOptimizers::moment);
    }

    private static void sgd(SgdStep op, RefArray[] in, RefArray[] out) {
        double[] parameter = in[0].values();
        double[] gradient = in[in.length - 1].values();
        double[] buffer = in.length == 3 ? in[1].values() : null;
        for (int i = 0; i < parameter.length; i++) {
            double g = (op.maximize() ? -gradient[i] : gradient[i]) + op.weightDecay() * parameter[i];
            double direction = g;
            if (buffer != null) {
                buffer[i] = op.first() ? g : op.momentum() * buffer[i] + (1 - op.dampening()) * g;
                direction = op.nesterov() ? g + op.momentum() * buffer[i] : buffer[i];
            }
            parameter[i] -= op.learningRate() * direction;
        }
    }

    private static void adam(AdamStep op, RefArray[] in, RefArray[] out) {
        double[] parameter = in[0].values();
        double[] mean = in[1].values();
        double[] meanSquare = in[2].values();
        double[] largest = op.amsgrad() ? in[3].values() : null;
        double[] gradient = in[in.length - 1].values();
        double correction1 = 1 - StrictMath.pow(op.beta1(), op.step());
        double correction2 = 1 - StrictMath.pow(op.beta2(), op.step());
        for (int i = 0; i < parameter.length; i++) {
            double g = op.maximize() ? -gradient[i] : gradient[i];
            if (op.decoupled()) {
                parameter[i] *= 1 - op.learningRate() * op.weightDecay();
            } else {
                g += op.weightDecay() * parameter[i];
            }
            mean[i] = op.beta1() * mean[i] + (1 - op.beta1()) * g;
            meanSquare[i] = op.beta2() * meanSquare[i] + (1 - op.beta2()) * g * g;
            double v = meanSquare[i];
            if (largest != null) {
                largest[i] = Math.max(largest[i], v);
                v = largest[i];
            }
            double denominator = Math.sqrt(v) / Math.sqrt(correction2) + op.epsilon();
            parameter[i] -= op.learningRate() / correction1 * mean[i] / denominator;
        }
    }

    private static void rmsProp(RmsPropStep op, RefArray[] in, RefArray[] out) {
        double[] parameter = in[0].values();
        double[] meanSquare = in[1].values();
        double[] mean = op.centered() ? in[2].values() : null;
        double[] buffer = op.momentum() == 0 ? null : in[in.length - 2].values();
        double[] gradient = in[in.length - 1].values();
        for (int i = 0; i < parameter.length; i++) {
            double g = (op.maximize() ? -gradient[i] : gradient[i]) + op.weightDecay() * parameter[i];
            meanSquare[i] = op.alpha() * meanSquare[i] + (1 - op.alpha()) * g * g;
            double spread = meanSquare[i];
            if (mean != null) {
                mean[i] = op.alpha() * mean[i] + (1 - op.alpha()) * g;
                spread -= mean[i] * mean[i];
            }
            double direction = g / (Math.sqrt(spread) + op.epsilon());
            if (buffer != null) {
                buffer[i] = op.momentum() * buffer[i] + direction;
                direction = buffer[i];
            }
            parameter[i] -= op.learningRate() * direction;
        }
    }

    private static void adagrad(AdagradStep op, RefArray[] in, RefArray[] out) {
        double[] parameter = in[0].values();
        double[] sum = in[1].values();
        double[] gradient = in[2].values();
        for (int i = 0; i < parameter.length; i++) {
            double g = (op.maximize() ? -gradient[i] : gradient[i]) + op.weightDecay() * parameter[i];
            sum[i] += g * g;
            parameter[i] -= op.learningRate() * g / (Math.sqrt(sum[i]) + op.epsilon());
        }
    }

    private static void moment(MomentStep op, RefArray[] in, RefArray[] out) {
        double[] parameter = in[0].values();
        double[] mean = in[1].values();
        double[] meanSquare = in[2].values();
        double[] gradient = in[3].values();
        for (int i = 0; i < parameter.length; i++) {
            double p = op.shrinkage() * parameter[i];
            double g = (op.maximize() ? -gradient[i] : gradient[i]) + op.penalty() * p;
            mean[i] = op.beta1() * mean[i] + (1 - op.beta1()) * g;
            meanSquare[i] = op.beta2() * meanSquare[i] + (1 - op.beta2()) * g * g;
            double denominator = op.correction() == 0 ? 1
                    : Math.sqrt(meanSquare[i] / op.correction()) + op.epsilon();
            parameter[i] = p - (op.gradientRate() * g + op.meanRate() * mean[i]) / denominator;
        }
    }
}

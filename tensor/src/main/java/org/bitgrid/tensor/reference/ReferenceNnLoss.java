package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.CountEqual;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Softmax;

/** Definitions of softmax and of losses over classes, with gradients. */
final class ReferenceNnLoss {
    private ReferenceNnLoss() {
    }

    static void register() {
        ReferenceBackend.define(Softmax.class, (op, in, out) -> {
            for (Line line : Line.along(in[0].shape(), op.axis())) {
                double log = line.logSumExp(in[0].values());
                line.fill(out[0].values(), i -> StrictMath.exp(in[0].values()[i] - log));
            }
        });
        ReferenceBackend.define(LogSoftmax.class, (op, in, out) -> {
            for (Line line : Line.along(in[0].shape(), op.axis())) {
                double log = line.logSumExp(in[0].values());
                line.fill(out[0].values(), i -> in[0].values()[i] - log);
            }
        });
        ReferenceBackend.define(Softmax.InputGrad.class, (op, in, out) -> {
            double[] grad = in[0].values();
            double[] y = in[1].values();
            for (Line line : Line.along(in[0].shape(), op.axis())) {
                double sum = line.sum(i -> grad[i] * y[i]);
                line.fill(out[0].values(), i -> y[i] * (grad[i] - sum));
            }
        });
        ReferenceBackend.define(LogSoftmax.InputGrad.class, (op, in, out) -> {
            double[] grad = in[0].values();
            double[] y = in[1].values();
            for (Line line : Line.along(in[0].shape(), op.axis())) {
                double sum = line.sum(i -> grad[i]);
                line.fill(out[0].values(), i -> grad[i] - StrictMath.exp(y[i]) * sum);
            }
        });
        ReferenceBackend.define(CrossEntropy.class, ReferenceNnLoss::crossEntropy);
        ReferenceBackend.define(CrossEntropy.InputGrad.class, ReferenceNnLoss::crossEntropyInputGrad);
        ReferenceBackend.define(CountEqual.class, (op, in, out) -> {
            for (int i = 0; i < in[0].values().length; i++) {
                out[0].values()[0] += in[0].values()[i] == in[1].values()[i] ? 1 : 0;
            }
        });
    }

    /** The target's class, checked; -1 when it is ignored. */
    private static int target(CrossEntropy op, RefArray targets, int position, int classes) {
        long target = (long) targets.values()[position];
        if (target == op.ignoreIndex()) {
            return -1;
        }
        if (target < 0 || target >= classes) {
            throw CrossEntropy.badTarget(op.name(), position, target, classes);
        }
        return (int) target;
    }

    private static double weight(RefArray weights, int index) {
        return weights == null ? 1 : weights.values()[index];
    }

    /** What the mean divides by: the sum of the weights of all targets that are not ignored. */
    private static double divisor(CrossEntropy op, RefArray targets, RefArray weights, int classes) {
        if (op.reduction() != Reduction.MEAN) {
            return 1;
        }
        double sum = 0;
        for (int i = 0; i < targets.values().length; i++) {
            int target = target(op, targets, i, classes);
            sum += target < 0 ? 0 : weight(weights, target);
        }
        return sum;
    }

    /** Weight of class {@code index} in the loss of a sample whose class is {@code target}. */
    private static double share(CrossEntropy op, RefArray weights, int target, int index, int classes) {
        double smooth = op.labelSmoothing() / classes * weight(weights, index);
        return index == target ? (1 - op.labelSmoothing()) * weight(weights, target) + smooth : smooth;
    }

    private static void crossEntropy(CrossEntropy op, RefArray[] in, RefArray[] out) {
        RefArray weights = in.length == 3 ? in[2] : null;
        Shape shape = in[0].shape();
        int axis = CrossEntropy.classAxis(shape);
        int classes = shape.dim(axis);
        double divisor = divisor(op, in[1], weights, classes);
        int position = 0;
        double total = 0;
        for (Line line : Line.along(shape, axis)) {
            int target = target(op, in[1], position, classes);
            double loss = 0;
            if (target >= 0) {
                double log = line.logSumExp(in[0].values());
                for (int c = 0; c < classes; c++) {
                    double share = share(op, weights, target, c, classes);
                    loss += share == 0 ? 0 : share * (log - in[0].values()[line.at(c)]);
                }
            }
            if (op.reduction() == Reduction.NONE) {
                out[0].values()[position] = loss;
            }
            total += loss;
            position++;
        }
        if (op.reduction() != Reduction.NONE) {
            out[0].values()[0] = total / divisor;
        }
    }

    private static void crossEntropyInputGrad(CrossEntropy.InputGrad op, RefArray[] in, RefArray[] out) {
        CrossEntropy loss = op.loss();
        RefArray weights = in.length == 4 ? in[3] : null;
        Shape shape = in[1].shape();
        int axis = CrossEntropy.classAxis(shape);
        int classes = shape.dim(axis);
        double divisor = divisor(loss, in[2], weights, classes);
        int position = 0;
        for (Line line : Line.along(shape, axis)) {
            int target = target(loss, in[2], position, classes);
            double grad = in[0].values()[loss.reduction() == Reduction.NONE ? position : 0] / divisor;
            position++;
            if (target < 0) {
                continue;
            }
            double log = line.logSumExp(in[1].values());
            double mass = 0;
            for (int c = 0; c < classes; c++) {
                mass += share(loss, weights, target, c, classes);
            }
            for (int c = 0; c < classes; c++) {
                double probability = StrictMath.exp(in[1].values()[line.at(c)] - log);
                out[0].values()[line.at(c)] = grad * (probability * mass - share(loss, weights, target, c, classes));
            }
        }
    }
}

package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdagradStep;
import org.bitgrid.tensor.op.AdamStep;
import org.bitgrid.tensor.op.MomentStep;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.RmsPropStep;
import org.bitgrid.tensor.op.SgdStep;
import org.bitgrid.tensor.spi.Parallel;

/** Optimizer steps: one pass over parameter, state and gradient each. The compiler vectorises these loops itself. */
final class OptimizerKernels {
    /** Elements that one thread takes at a time. */
    private static final int CHUNK = 1 << 15;

    private OptimizerKernels() {
    }

    static void register() {
        CpuBackend.define(SgdStep.class, inChunks(OptimizerKernels::sgd));
        CpuBackend.define(AdamStep.class, inChunks(OptimizerKernels::adam));
        CpuBackend.define(RmsPropStep.class, inChunks(OptimizerKernels::rmsProp));
        CpuBackend.define(AdagradStep.class, inChunks(OptimizerKernels::adagrad));
        CpuBackend.define(MomentStep.class, inChunks(OptimizerKernels::moment));
    }

    /** Runs a step on several threads: all tensors have the shape of the parameter, so that a part needs its part only. */
    private static CpuKernel inChunks(CpuKernel step) {
        return (op, in, out) -> Parallel.range((int) in[0].numel(), CHUNK, (begin, end) -> {
            Tensor[] parts = new Tensor[in.length];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = Tensor.of(in[i].storage(), Layout.contiguous(Shape.of(end - begin), offset(in[i]) + begin),
                        in[i].device());
            }
            step.run(op, parts, parts);
        });
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    private static void sgd(Op op, Tensor[] in, Tensor[] out) {
        SgdStep step = (SgdStep) op;
        int count = (int) in[0].numel();
        if (step.momentum() == 0) {
            sgdPlain(step, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]), count);
        } else {
            sgdMomentum(step, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]), floats(in[2]),
                    offset(in[2]), count);
        }
    }

    private static void sgdPlain(SgdStep op, float[] parameter, int p, float[] gradient, int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.weightDecay();
        float rate = (float) op.learningRate();
        for (int i = 0; i < count; i++) {
            float slope = sign * gradient[g + i] + penalty * parameter[p + i];
            parameter[p + i] -= rate * slope;
        }
    }

    private static void sgdMomentum(SgdStep op, float[] parameter, int p, float[] buffer, int b, float[] gradient,
                                    int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.weightDecay();
        float rate = (float) op.learningRate();
        float momentum = (float) op.momentum();
        float kept = op.first() ? 0 : momentum;
        float taken = op.first() ? 1 : (float) (1 - op.dampening());
        // The direction is one combination of slope and buffer, so that Nesterov needs no loop of its own.
        float slopePart = op.nesterov() ? 1 : 0;
        float bufferPart = op.nesterov() ? momentum : 1;
        for (int i = 0; i < count; i++) {
            float slope = sign * gradient[g + i] + penalty * parameter[p + i];
            float velocity = kept * buffer[b + i] + taken * slope;
            buffer[b + i] = velocity;
            parameter[p + i] -= rate * (slopePart * slope + bufferPart * velocity);
        }
    }

    private static void adam(Op op, Tensor[] in, Tensor[] out) {
        AdamStep step = (AdamStep) op;
        int count = (int) in[0].numel();
        Tensor gradient = in[in.length - 1];
        if (step.amsgrad()) {
            amsgrad(step, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]), floats(in[2]), offset(in[2]),
                    floats(in[3]), offset(in[3]), floats(gradient), offset(gradient), count);
        } else {
            adam(step, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]), floats(in[2]), offset(in[2]),
                    floats(gradient), offset(gradient), count);
        }
    }

    private static void adam(AdamStep op, float[] parameter, int p, float[] mean, int m, float[] meanSquare, int v,
                             float[] gradient, int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.penalty();
        float shrinkage = (float) op.shrinkage();
        float newMean = (float) (1 - op.beta1());
        float oldSquare = (float) op.beta2();
        float newSquare = (float) (1 - op.beta2());
        float rate = (float) op.stepSize();
        float correction = (float) op.secondMomentCorrection();
        float epsilon = (float) op.epsilon();
        for (int i = 0; i < count; i++) {
            float weight = parameter[p + i];
            float slope = sign * gradient[g + i] + penalty * weight;
            float average = mean[m + i] + newMean * (slope - mean[m + i]);
            float square = oldSquare * meanSquare[v + i] + newSquare * slope * slope;
            mean[m + i] = average;
            meanSquare[v + i] = square;
            float denominator = (float) Math.sqrt(square) / correction + epsilon;
            parameter[p + i] = shrinkage * weight - rate * average / denominator;
        }
    }

    private static void amsgrad(AdamStep op, float[] parameter, int p, float[] mean, int m, float[] meanSquare, int v,
                                float[] largest, int l, float[] gradient, int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.penalty();
        float shrinkage = (float) op.shrinkage();
        float newMean = (float) (1 - op.beta1());
        float oldSquare = (float) op.beta2();
        float newSquare = (float) (1 - op.beta2());
        float rate = (float) op.stepSize();
        float correction = (float) op.secondMomentCorrection();
        float epsilon = (float) op.epsilon();
        for (int i = 0; i < count; i++) {
            float weight = parameter[p + i];
            float slope = sign * gradient[g + i] + penalty * weight;
            float average = mean[m + i] + newMean * (slope - mean[m + i]);
            float square = oldSquare * meanSquare[v + i] + newSquare * slope * slope;
            float peak = Math.max(largest[l + i], square);
            mean[m + i] = average;
            meanSquare[v + i] = square;
            largest[l + i] = peak;
            float denominator = (float) Math.sqrt(peak) / correction + epsilon;
            parameter[p + i] = shrinkage * weight - rate * average / denominator;
        }
    }

    private static void rmsProp(Op op, Tensor[] in, Tensor[] out) {
        RmsPropStep step = (RmsPropStep) op;
        int count = (int) in[0].numel();
        Tensor gradient = in[in.length - 1];
        Tensor mean = step.centered() ? in[2] : null;
        Tensor buffer = step.momentum() == 0 ? null : in[in.length - 2];
        rmsProp(step, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]),
                mean == null ? null : floats(mean), mean == null ? 0 : offset(mean),
                buffer == null ? null : floats(buffer), buffer == null ? 0 : offset(buffer), floats(gradient),
                offset(gradient), count);
    }

    private static void rmsProp(RmsPropStep op, float[] parameter, int p, float[] meanSquare, int v, float[] mean,
                                int m, float[] buffer, int b, float[] gradient, int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.weightDecay();
        float kept = (float) op.alpha();
        float taken = (float) (1 - op.alpha());
        float epsilon = (float) op.epsilon();
        float momentum = (float) op.momentum();
        float rate = (float) op.learningRate();
        for (int i = 0; i < count; i++) {
            float slope = sign * gradient[g + i] + penalty * parameter[p + i];
            float square = kept * meanSquare[v + i] + taken * slope * slope;
            meanSquare[v + i] = square;
            if (mean != null) {
                float average = mean[m + i] + taken * (slope - mean[m + i]);
                mean[m + i] = average;
                square -= average * average;
            }
            float direction = slope / ((float) Math.sqrt(square) + epsilon);
            if (buffer != null) {
                direction = momentum * buffer[b + i] + direction;
                buffer[b + i] = direction;
            }
            parameter[p + i] -= rate * direction;
        }
    }

    private static void adagrad(Op op, Tensor[] in, Tensor[] out) {
        adagrad((AdagradStep) op, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]), floats(in[2]),
                offset(in[2]), (int) in[0].numel());
    }

    private static void adagrad(AdagradStep op, float[] parameter, int p, float[] sum, int s, float[] gradient,
                                int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.weightDecay();
        float epsilon = (float) op.epsilon();
        float rate = (float) op.learningRate();
        for (int i = 0; i < count; i++) {
            float slope = sign * gradient[g + i] + penalty * parameter[p + i];
            float squares = sum[s + i] + slope * slope;
            sum[s + i] = squares;
            parameter[p + i] -= rate * slope / ((float) Math.sqrt(squares) + epsilon);
        }
    }

    private static void moment(Op op, Tensor[] in, Tensor[] out) {
        moment((MomentStep) op, floats(in[0]), offset(in[0]), floats(in[1]), offset(in[1]), floats(in[2]),
                offset(in[2]), floats(in[3]), offset(in[3]), (int) in[0].numel());
    }

    private static void moment(MomentStep op, float[] parameter, int p, float[] mean, int m, float[] meanSquare,
                               int v, float[] gradient, int g, int count) {
        float sign = op.maximize() ? -1 : 1;
        float penalty = (float) op.penalty();
        float shrinkage = (float) op.shrinkage();
        float newMean = (float) (1 - op.beta1());
        float oldSquare = (float) op.beta2();
        float newSquare = (float) (1 - op.beta2());
        float gradientRate = (float) op.gradientRate();
        float meanRate = (float) op.meanRate();
        boolean divides = op.correction() != 0;
        float inverse = divides ? (float) (1 / op.correction()) : 0;
        float added = divides ? (float) op.epsilon() : 1;
        for (int i = 0; i < count; i++) {
            float weight = shrinkage * parameter[p + i];
            float slope = sign * gradient[g + i] + penalty * weight;
            float average = mean[m + i] + newMean * (slope - mean[m + i]);
            float square = oldSquare * meanSquare[v + i] + newSquare * slope * slope;
            mean[m + i] = average;
            meanSquare[v + i] = square;
            float denominator = (float) Math.sqrt(square * inverse) + added;
            parameter[p + i] = weight - (gradientRate * slope + meanRate * average) / denominator;
        }
    }
}

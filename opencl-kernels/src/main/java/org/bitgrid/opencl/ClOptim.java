package org.bitgrid.opencl;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdagradStep;
import org.bitgrid.tensor.op.AdamStep;
import org.bitgrid.tensor.op.MomentStep;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.RmsPropStep;
import org.bitgrid.tensor.op.SgdStep;

/** Steps of optimizers, one kernel each. */
final class ClOptim {
    private static final ClSource SOURCE = ClSource.file("optim.cl");

    private ClOptim() {
    }

    static void register() {
        OpenClBackend.define(SgdStep.class, new Sgd());
        OpenClBackend.define(AdamStep.class, new Adam());
        OpenClBackend.define(RmsPropStep.class, new RmsProp());
        OpenClBackend.define(AdagradStep.class, new Adagrad());
        OpenClBackend.define(MomentStep.class, new Moment());
    }

    private static float sign(boolean maximize) {
        return maximize ? -1 : 1;
    }

    private static final class Sgd extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            SgdStep step = (SgdStep) op;
            int count = (int) inputs[0].numel();
            float momentum = (float) step.momentum();
            boolean buffer = step.momentum() != 0;
            runtime.launch(SOURCE, "sgd").update(inputs[0]).update(inputs[buffer ? 1 : 0])
                    .input(inputs[inputs.length - 1]).integer(count).number(sign(step.maximize()))
                    .number((float) step.weightDecay()).number((float) step.learningRate()).integer(buffer ? 1 : 0)
                    .number(step.first() ? 0 : momentum)
                    .number(step.first() ? 1 : (float) (1 - step.dampening())).number(step.nesterov() ? 1 : 0)
                    .number(step.nesterov() ? momentum : 1).over(count);
        }
    }

    private static final class Adam extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            AdamStep step = (AdamStep) op;
            int count = (int) inputs[0].numel();
            runtime.launch(SOURCE, "adam").update(inputs[0]).update(inputs[1]).update(inputs[2])
                    .update(inputs[step.amsgrad() ? 3 : 2]).input(inputs[inputs.length - 1]).integer(count)
                    .number(sign(step.maximize())).number((float) step.penalty()).number((float) step.shrinkage())
                    .number((float) (1 - step.beta1())).number((float) step.beta2())
                    .number((float) (1 - step.beta2())).number((float) step.stepSize())
                    .number((float) step.secondMomentCorrection()).number((float) step.epsilon())
                    .integer(step.amsgrad() ? 1 : 0).over(count);
        }
    }

    private static final class RmsProp extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            RmsPropStep step = (RmsPropStep) op;
            int count = (int) inputs[0].numel();
            boolean buffer = step.momentum() != 0;
            runtime.launch(SOURCE, "rmsProp").update(inputs[0]).update(inputs[1])
                    .update(inputs[step.centered() ? 2 : 1]).update(inputs[buffer ? inputs.length - 2 : 1])
                    .input(inputs[inputs.length - 1]).integer(count).number(sign(step.maximize()))
                    .number((float) step.weightDecay()).number((float) step.alpha())
                    .number((float) (1 - step.alpha())).number((float) step.epsilon())
                    .number((float) step.momentum()).number((float) step.learningRate())
                    .integer(step.centered() ? 1 : 0).integer(buffer ? 1 : 0).over(count);
        }
    }

    private static final class Adagrad extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            AdagradStep step = (AdagradStep) op;
            int count = (int) inputs[0].numel();
            runtime.launch(SOURCE, "adagrad").update(inputs[0]).update(inputs[1]).input(inputs[2]).integer(count)
                    .number(sign(step.maximize())).number((float) step.weightDecay())
                    .number((float) step.epsilon()).number((float) step.learningRate()).over(count);
        }
    }

    private static final class Moment extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            MomentStep step = (MomentStep) op;
            int count = (int) inputs[0].numel();
            boolean divides = step.correction() != 0;
            runtime.launch(SOURCE, "moment").update(inputs[0]).update(inputs[1]).update(inputs[2]).input(inputs[3])
                    .integer(count).number(sign(step.maximize())).number((float) step.penalty())
                    .number((float) step.shrinkage()).number((float) (1 - step.beta1()))
                    .number((float) step.beta2()).number((float) (1 - step.beta2()))
                    .number((float) step.gradientRate()).number((float) step.meanRate())
                    .number(divides ? (float) (1 / step.correction()) : 0)
                    .number(divides ? (float) step.epsilon() : 1).over(count);
        }
    }
}

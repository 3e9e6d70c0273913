package org.bitgrid.nn.optim;

import java.util.List;
import org.bitgrid.nn.Parameter;

/**
 * Adam (Kingma and Ba, 2015), with an L2 penalty if asked. The formula stands at {@link
 * org.bitgrid.tensor.op.AdamStep}.
 */
public final class Adam extends AdamBase {
    /** With learning rate 0.001. */
    public Adam(List<Parameter> parameters) {
        this(parameters, 1e-3);
    }

    public Adam(List<Parameter> parameters, double learningRate) {
        super(parameters, learningRate, 0, false);
    }

    /** Decay of the running means of gradient and squared gradient; 0.9 and 0.999 by default. Returns this. */
    public Adam betas(double beta1, double beta2) {
        setting("beta1", beta1);
        setting("beta2", beta2);
        return this;
    }

    /** Added to the denominator; 1e-8 by default. Returns this. */
    public Adam epsilon(double epsilon) {
        setting("eps", epsilon);
        return this;
    }

    /** L2 penalty, added to the gradient; 0 by default. Returns this. */
    public Adam weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Whether the denominator uses the largest mean square so far (Reddi et al., 2018). Returns this. */
    public Adam amsgrad(boolean amsgrad) {
        setting("amsgrad", amsgrad ? 1 : 0);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public Adam maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }
}

package org.bitgrid.nn.optim;

import java.util.List;
import org.bitgrid.nn.Parameter;

/**
 * Adam whose weights decay apart from the gradient (Loshchilov and Hutter, 2019). The formula stands at {@link
 * org.bitgrid.tensor.op.AdamStep}.
 */
public final class AdamW extends AdamBase {
    /** With learning rate 0.001. */
    public AdamW(List<Parameter> parameters) {
        this(parameters, 1e-3);
    }

    public AdamW(List<Parameter> parameters, double learningRate) {
        super(parameters, learningRate, 0.01, true);
    }

    /** Decay of the running means of gradient and squared gradient; 0.9 and 0.999 by default. Returns this. */
    public AdamW betas(double beta1, double beta2) {
        setting("beta1", beta1);
        setting("beta2", beta2);
        return this;
    }

    /** Added to the denominator; 1e-8 by default. Returns this. */
    public AdamW epsilon(double epsilon) {
        setting("eps", epsilon);
        return this;
    }

    /** How fast weights shrink by themselves, relative to the learning rate; 0.01 by default. Returns this. */
    public AdamW weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Whether the denominator uses the largest mean square so far (Reddi et al., 2018). Returns this. */
    public AdamW amsgrad(boolean amsgrad) {
        setting("amsgrad", amsgrad ? 1 : 0);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public AdamW maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }
}

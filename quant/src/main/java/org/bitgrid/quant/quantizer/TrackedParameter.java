package org.bitgrid.quant.quantizer;

import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Tensor;

/** A parameter that knows whether it still holds the value it was made with, or was told to count as such. */
final class TrackedParameter {
    private final Parameter parameter;
    private long initialChanges;

    TrackedParameter(Tensor value) {
        parameter = new Parameter(value);
        forget();
    }

    Parameter parameter() {
        return parameter;
    }

    Tensor held() {
        return parameter.held();
    }

    /** Counts as uninitialised until it is set or changed in place. */
    void forget() {
        initialChanges = parameter.changes();
    }

    boolean isInitialized() {
        return parameter.changes() != initialChanges;
    }

    /** Takes over value, trainability and whether it is initialised. */
    void copyFrom(TrackedParameter other) {
        parameter.set(other.held().detach().clone());
        if (!other.isInitialized()) {
            forget();
        }
        parameter.requiresGrad(other.parameter.requiresGrad());
    }
}

package org.bitgrid.quant.layers;

import org.bitgrid.nn.Parameter;
import org.bitgrid.quant.encoding.Encoding;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * A parameter's quantized values. While no gradient is asked for they are computed once for each state of the parameter
 * and of its quantizer, whichever thread comes first.
 */
final class QuantizedParameter {
    private final Parameter parameter;
    private volatile Values known;

    /** Values, and what they were computed from. */
    private record Values(Storage storage, int version, Quantizer quantizer, Encoding encoding, Tensor tensor) {
        boolean isOf(Tensor held, Quantizer by) {
            return storage == held.storage() && version == held.storage().version() && quantizer == by
                    && encoding == by.encoding();
        }
    }

    QuantizedParameter(Parameter parameter) {
        this.parameter = parameter;
    }

    Parameter parameter() {
        return parameter;
    }

    /** Finds the quantizer's range from the parameter as it is now, unless its range may not change. */
    void computeEncodings(Quantizer quantizer) {
        try (Dispatch.Scope seen = Dispatch.suspendInterceptors(); Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            quantizer.computeEncodings(() -> quantizer.call(parameter.held()));
        }
    }

    /** The quantized values; finds the quantizer's range first when it has none. */
    Tensor get(Quantizer quantizer) {
        if (!quantizer.isInitialized()) {
            synchronized (this) {
                if (!quantizer.isInitialized()) {
                    computeEncodings(quantizer);
                }
            }
        }
        boolean learns = Dispatch.isGradEnabled() && (parameter.requiresGrad()
                || quantizer.parameters().stream().anyMatch(Parameter::requiresGrad));
        if (learns || quantizer.isCalibrating()) {
            return quantizer.call(parameter.tensor());
        }
        Tensor held = parameter.held();
        Values values = known;
        if (values == null || !values.isOf(held, quantizer)) {
            values = compute(held, quantizer);
            known = values;
        }
        return values.tensor;
    }

    private Values compute(Tensor held, Quantizer quantizer) {
        try (Dispatch.Scope seen = Dispatch.suspendInterceptors(); Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            int version = held.storage().version();
            Encoding encoding = quantizer.encoding();
            Tensor tensor = quantizer.call(held);
            TensorAccess.get().retain(tensor); // outlives the scope of its first use; the collector frees it
            return new Values(held.storage(), version, quantizer, encoding, tensor);
        }
    }
}

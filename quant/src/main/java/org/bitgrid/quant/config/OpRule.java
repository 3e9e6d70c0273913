package org.bitgrid.quant.config;

import java.util.List;
import java.util.Map;

/**
 * What a configuration says of all operators of one type; null where it says nothing.
 *
 * @param inputQuantized   whether inputs are quantized; only true can be said
 * @param outputQuantized  whether outputs are quantized
 * @param symmetric        whether inputs and outputs have grids symmetric about zero
 * @param params           by parameter name
 * @param supportedKernels number formats the target has kernels for; empty where the default's count
 * @param perChannel       whether parameters have an encoding for each channel
 * @param constraints      fixed ends of the output's range
 */
public record OpRule(Boolean inputQuantized, Boolean outputQuantized, Boolean symmetric, Map<String, ParamRule> params,
                     List<SupportedKernel> supportedKernels, Boolean perChannel, EncodingConstraints constraints) {
    public OpRule {
        params = Map.copyOf(params);
        supportedKernels = List.copyOf(supportedKernels);
    }
}

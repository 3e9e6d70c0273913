package org.bitgrid.quant.config;

import java.util.List;

/**
 * What a configuration says of everything.
 *
 * @param outputQuantized   whether outputs of operators are quantized; null says nothing, and then they are not
 * @param opsSymmetric      whether grids of inputs and outputs are symmetric; null says nothing, and then they are not
 * @param params            of all parameters
 * @param strictSymmetric   whether symmetric grids leave out their lowest code
 * @param unsignedSymmetric whether symmetric grids of data that are never negative are unsigned
 * @param perChannel        whether parameters have an encoding for each channel
 * @param supportedKernels  number formats the target has kernels for; empty for any
 * @param hardwareVersion   such as V73, or null; switches the target's exception rules on
 */
public record DefaultRules(Boolean outputQuantized, Boolean opsSymmetric, ParamRule params, boolean strictSymmetric,
                           boolean unsignedSymmetric, boolean perChannel, List<SupportedKernel> supportedKernels,
                           String hardwareVersion) {
    public DefaultRules {
        supportedKernels = List.copyOf(supportedKernels);
    }
}

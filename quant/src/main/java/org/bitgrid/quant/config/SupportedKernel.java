package org.bitgrid.quant.config;

/**
 * A combination of number formats that the target has a kernel for.
 *
 * @param activation of inputs and outputs
 * @param param      of parameters, or null where the kernel has none
 */
public record SupportedKernel(KernelType activation, KernelType param) {
    @Override
    public String toString() {
        return "activation " + activation + (param == null ? "" : ", param " + param);
    }
}

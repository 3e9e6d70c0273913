package org.bitgrid.quant.sim;

import java.nio.file.Path;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.tensor.StateException;

/**
 * How a model is to be simulated. Immutable: each setter gives other options.
 *
 * <pre>{@code
 * QuantSimOptions.defaults().outputBitwidth(8).paramBitwidth(4).config("htp_v73")
 * }</pre>
 *
 * @param scheme          how ranges are found, and whether they learn
 * @param outputBitwidth  bits of inputs and outputs of layers, 2 to 32
 * @param paramBitwidth   bits of parameters, 2 to 32
 * @param isFloat         whether quantizers round to floating point of 16 or 32 bits rather than to integers
 * @param config          which tensors the target quantizes
 * @param encodingVersion version of the encodings files that are exported
 * @param inPlace         whether the given model itself becomes the simulation; else it is copied
 * @param enforceKernels  whether number formats for which the target has no kernel are replaced by its first one
 */
public record QuantSimOptions(QuantScheme scheme, int outputBitwidth, int paramBitwidth, boolean isFloat,
                              QuantSimConfig config, String encodingVersion, boolean inPlace,
                              boolean enforceKernels) {
    public QuantSimOptions {
        checkBitwidth("output", outputBitwidth);
        checkBitwidth("param", paramBitwidth);
    }

    private static void checkBitwidth(String what, int bitwidth) {
        if (bitwidth < 2 || bitwidth > 32) {
            throw new StateException("quantsim options: " + what + " bit width must lie between 2 and 32; got "
                    + bitwidth);
        }
    }

    /**
     * SQNR analyzers (tf_enhanced), 8 bits, ranges that stay as calibrated, the configuration {@code default}, encodings
     * 0.6.1, in a copy of the model.
     */
    public static QuantSimOptions defaults() {
        return new QuantSimOptions(QuantScheme.TF_ENHANCED, 8, 8, false, QuantSimConfig.builtIn("default"), "0.6.1",
                false, false);
    }

    /** How ranges are found, and whether they learn. */
    public QuantSimOptions scheme(QuantScheme value) {
        return new QuantSimOptions(value, outputBitwidth, paramBitwidth, isFloat, config, encodingVersion, inPlace,
                enforceKernels);
    }

    /** The scheme by name, such as {@code tf_enhanced} or {@code training_range_learning_with_tf_init}. */
    public QuantSimOptions scheme(String name) {
        return scheme(QuantScheme.of(name));
    }

    /** Bits of inputs and outputs of layers, 2 to 32. */
    public QuantSimOptions outputBitwidth(int bits) {
        return new QuantSimOptions(scheme, bits, paramBitwidth, isFloat, config, encodingVersion, inPlace,
                enforceKernels);
    }

    /** Bits of parameters, 2 to 32. */
    public QuantSimOptions paramBitwidth(int bits) {
        return new QuantSimOptions(scheme, outputBitwidth, bits, isFloat, config, encodingVersion, inPlace,
                enforceKernels);
    }

    /** Floating point instead of integers; bit widths must then be 16 or 32. */
    public QuantSimOptions floatingPoint(boolean value) {
        return new QuantSimOptions(scheme, outputBitwidth, paramBitwidth, value, config, encodingVersion, inPlace,
                enforceKernels);
    }

    /** Which tensors the target quantizes. */
    public QuantSimOptions config(QuantSimConfig value) {
        return new QuantSimOptions(scheme, outputBitwidth, paramBitwidth, isFloat, value, encodingVersion, inPlace,
                enforceKernels);
    }

    /** A configuration by alias, such as {@code htp_v73}, or by file name. */
    public QuantSimOptions config(String aliasOrFile) {
        return config(QuantSimConfig.of(aliasOrFile));
    }

    /** A configuration from a file. */
    public QuantSimOptions config(Path file) {
        return config(QuantSimConfig.read(file));
    }

    /** Version of the encodings files that are exported. */
    public QuantSimOptions encodingVersion(String version) {
        return new QuantSimOptions(scheme, outputBitwidth, paramBitwidth, isFloat, config, version, inPlace,
                enforceKernels);
    }

    /** Whether the given model itself becomes the simulation; else it is copied. */
    public QuantSimOptions inPlace(boolean value) {
        return new QuantSimOptions(scheme, outputBitwidth, paramBitwidth, isFloat, config, encodingVersion, value,
                enforceKernels);
    }

    /** Whether number formats for which the target has no kernel are replaced by its first one. */
    public QuantSimOptions enforceKernels(boolean value) {
        return new QuantSimOptions(scheme, outputBitwidth, paramBitwidth, isFloat, config, encodingVersion, inPlace,
                value);
    }

    PlacementTypes types() {
        if (isFloat && !(isFloatWidth(outputBitwidth) && isFloatWidth(paramBitwidth))) {
            throw new StateException("quantsim options: floating point has 16 or 32 bits; got output " + outputBitwidth
                    + " and param " + paramBitwidth + "; do set outputBitwidth and paramBitwidth to 16 or 32");
        }
        return new PlacementTypes(outputBitwidth, paramBitwidth, isFloat, enforceKernels);
    }

    private static boolean isFloatWidth(int bits) {
        return bits == 16 || bits == 32;
    }
}

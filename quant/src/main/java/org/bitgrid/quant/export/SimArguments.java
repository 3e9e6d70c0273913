package org.bitgrid.quant.export;

import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.sim.QuantSimOptions;

/** How a simulation was set up, in the words of encodings files. */
final class SimArguments {
    private SimArguments() {
    }

    static QuantizerArguments of(QuantSimOptions options) {
        Boolean symmetric = options.config().defaults().params().symmetric();
        boolean perChannel = options.config().defaults().perChannel() || options.config().opTypes().values().stream()
                .anyMatch(rule -> Boolean.TRUE.equals(rule.perChannel()));
        return new QuantizerArguments(options.outputBitwidth(), options.paramBitwidth(),
                options.isFloat() ? "float" : "int", symmetric != null && symmetric,
                perChannel, scheme(options.scheme()));
    }

    /** Files tell how ranges began, not whether they learned. */
    private static String scheme(QuantScheme scheme) {
        return switch (scheme) {
            case RANGE_LEARNING_TF_INIT -> "min_max";
            case RANGE_LEARNING_TF_ENHANCED_INIT -> QuantScheme.TF_ENHANCED.label();
            default -> scheme.label();
        };
    }
}

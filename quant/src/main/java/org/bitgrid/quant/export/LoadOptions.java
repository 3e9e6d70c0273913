package org.bitgrid.quant.export;

import java.util.Optional;

/**
 * How encodings are loaded into a simulation.
 *
 * @param strict         whether entries for which there is no quantizer are an error, or are left out
 * @param partial        whether quantizers without an entry stay as they are, or are taken away
 * @param requiresGrad   whether loaded ranges are to learn; empty leaves that as it is
 * @param allowOverwrite whether later calibration and loading may change loaded ranges
 */
public record LoadOptions(boolean strict, boolean partial, Optional<Boolean> requiresGrad, boolean allowOverwrite) {
    /** Strict, partial, overwritable; whether ranges learn stays as it is. */
    public static LoadOptions defaults() {
        return new LoadOptions(true, true, Optional.empty(), true);
    }

    /** Loaded ranges neither learn nor change any more. */
    public static LoadOptions frozen() {
        return defaults().requiresGrad(false).allowOverwrite(false);
    }

    public LoadOptions strict(boolean value) {
        return new LoadOptions(value, partial, requiresGrad, allowOverwrite);
    }

    public LoadOptions partial(boolean value) {
        return new LoadOptions(strict, value, requiresGrad, allowOverwrite);
    }

    public LoadOptions requiresGrad(boolean value) {
        return new LoadOptions(strict, partial, Optional.of(value), allowOverwrite);
    }

    public LoadOptions allowOverwrite(boolean value) {
        return new LoadOptions(strict, partial, requiresGrad, value);
    }
}

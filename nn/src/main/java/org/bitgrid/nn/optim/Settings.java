package org.bitgrid.nn.optim;

import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.BitgridException;

/** The ranges of optimizer settings, by name. */
final class Settings {
    private static final Set<String> BELOW_ONE = Set.of("beta1", "beta2");
    private static final Set<String> ANY_SIGN = Set.of("dampening");

    private Settings() {
    }

    static void check(String optimizer, String setting, double value) {
        boolean ok;
        String expected;
        if (BELOW_ONE.contains(setting)) {
            ok = value >= 0 && value < 1;
            expected = "at least 0 and below 1";
        } else if (ANY_SIGN.contains(setting)) {
            ok = Double.isFinite(value);
            expected = "a finite number";
        } else {
            ok = value >= 0 && value < Double.POSITIVE_INFINITY;
            expected = "a finite number of at least 0";
        }
        if (!ok) {
            throw new BitgridException(optimizer + ": setting " + setting + " is out of range; got " + value
                    + "; expected " + expected);
        }
    }

    static void check(String optimizer, Map<String, Double> settings) {
        settings.forEach((name, value) -> check(optimizer, name, value));
    }
}

package org.bitgrid.opencl;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CrossEntropy;

/**
 * Errors that depend on values, which only the device knows: looking at them makes the host wait, in every step. So they
 * are looked at only with {@code -Dbitgrid.opencl.check=true}; without it such values give NaN.
 */
final class ValueChecks {
    /** Switched on by tests. */
    static volatile boolean enabled = Boolean.getBoolean("bitgrid.opencl.check");

    private ValueChecks() {
    }

    /** Fails as the CPU does when a target is no class. */
    static void targets(CrossEntropy loss, Tensor target, int classes) {
        if (!enabled) {
            return;
        }
        long[] values = target.toLongArray();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != loss.ignoreIndex() && (values[i] < 0 || values[i] >= classes)) {
                throw CrossEntropy.badTarget(loss.name(), i, values[i], classes);
            }
        }
    }
}

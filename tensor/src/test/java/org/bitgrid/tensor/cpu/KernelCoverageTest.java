package org.bitgrid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.op.CtcLoss;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

/** Every operator has a CPU kernel, or a reason not to. */
class KernelCoverageTest {
    private static final Map<Class<? extends Op>, String> ON_THE_REFERENCE = Map.of(
            CtcLoss.class, "a recurrence over few samples in double precision; nothing in it is wide enough for vectors",
            CtcLoss.InputGrad.class, "the same recurrence from both ends");

    @Test
    void operatorsWithoutKernelAreListedWithTheirReason() {
        Set<Class<? extends Op>> missing = new HashSet<>(ReferenceBackend.operators());
        missing.removeAll(CpuBackend.operators());
        assertThat(missing).isEqualTo(ON_THE_REFERENCE.keySet());
    }
}

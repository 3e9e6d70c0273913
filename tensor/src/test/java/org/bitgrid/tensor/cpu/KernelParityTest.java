package org.bitgrid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.Parallel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every CPU kernel against the reference in double precision, within a bound that counts its roundings: with inputs as
 * they are, at an offset and transposed, with guards around the outputs, and on one thread as on two bit for bit.
 */
class KernelParityTest {
    private static List<KernelCase> cases() {
        List<KernelCase> cases = new ArrayList<>();
        PointwiseCases.addTo(cases);
        ReductionCases.addTo(cases);
        NetworkCases.addTo(cases);
        SelectionCases.addTo(cases);
        return cases;
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheReference() {
        List<KernelCase> cases = cases();
        System.out.println("kernel parity: " + cases.size() + " cases");
        return cases.stream().map(test -> DynamicTest.dynamicTest(test.name(), () -> check(test)));
    }

    private static void check(KernelCase test) {
        assertThat(test.hasKernel()).as("has a kernel of its own").isTrue();
        Tensor[] first = null;
        for (KernelCase.Placement placement : KernelCase.Placement.values()) {
            Tensor[] outputs = test.run(placement);
            assertThat(test.worstError(outputs)).as("%s: error in parts of the allowed", placement)
                    .isLessThanOrEqualTo(1);
            first = first == null ? outputs : first;
            assertSame(outputs, first);
        }
        int threads = Parallel.threads();
        try {
            Parallel.setThreads(1);
            assertSame(test.run(KernelCase.Placement.PLAIN), first);
            Parallel.setThreads(2);
            assertSame(test.run(KernelCase.Placement.PLAIN), first);
        } finally {
            Parallel.setThreads(threads);
        }
    }

    private static void assertSame(Tensor[] actual, Tensor[] expected) {
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i].toDoubleArray()).as("output %d, bit for bit", i)
                    .isEqualTo(expected[i].toDoubleArray());
        }
    }
}

package org.bitgrid.tensor.op;

import java.util.Arrays;
import java.util.stream.Stream;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.Inputs;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Reference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operator on the CPU backend against its definition in double precision. */
class OpReferenceTest {
    @TestFactory
    Stream<DynamicTest> cpuAgreesWithTheDefinition() {
        return OpSamples.tests(sample -> {
            Tensor[] inputs = sample.inputs();
            compare(sample, inputs, sample.run(inputs));
        });
    }

    /** Checks outputs that some backend gave. */
    static void compare(OpSample sample, Tensor[] inputs, Tensor[] outputs) {
        Tensor[] expected = Reference.run(sample.op(), inputs);
        double[][] magnitudes = sample.magnitude().of(in -> Reference.run(sample.op(), in), Inputs.toDouble(inputs),
                expected);
        if (outputs.length != expected.length) {
            throw new AssertionError(sample.name() + ": got " + outputs.length + " outputs; expected "
                    + expected.length);
        }
        for (int i = 0; i < outputs.length; i++) {
            Near.check(sample.name() + ", output " + i + " for " + Arrays.toString(shapes(inputs)), outputs[i],
                    expected[i], magnitudes[i], sample.roundings(inputs));
        }
    }

    private static Object[] shapes(Tensor[] inputs) {
        return Arrays.stream(inputs).map(Tensor::spec).toArray();
    }
}

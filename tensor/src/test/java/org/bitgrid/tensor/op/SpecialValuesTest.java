package org.bitgrid.tensor.op;

import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.testing.Magnitude;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Reference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Functions of one element at a time where numbers end: NaN, infinities, zeros of both signs, large and small ones. */
class SpecialValuesTest {
    /** Times 6 it is still a number: some functions are written with such a factor. */
    private static final float LARGE = Float.MAX_VALUE / 8;
    private static final float[] VALUES = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1, -1,
        0.5f, -0.5f, LARGE, -LARGE, Float.MIN_NORMAL, -Float.MIN_NORMAL, 1e-10f, -1e-10f, 88, -88,
        104, -104};

    @TestFactory
    Stream<DynamicTest> functionsOfOne() {
        return OpSamples.all().stream().filter(sample -> sample.op() instanceof Pointwise1
                || sample.op() instanceof ParametricPointwise).filter(sample -> sample.name().endsWith("wide range"))
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> check(sample)));
    }

    private static void check(OpSample sample) {
        // Once more than a vector holds, so that both the loop and its rest are seen.
        float[] repeated = new float[VALUES.length * 3];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = VALUES[i % VALUES.length];
        }
        Tensor x = Tensors.of(repeated, repeated.length);
        Tensor[] expected = Reference.run(sample.op(), x);
        double[][] sizes = Magnitude.AT_LEAST_INPUT.of(in -> Reference.run(sample.op(), in),
                new Tensor[] {x.to(DType.FLOAT64)}, expected);
        Near.check(sample.name(), sample.run(x)[0], expected[0], sizes[0], sample.roundings(new Tensor[] {x}));
    }
}

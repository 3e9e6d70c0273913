package org.bitgrid.tensor.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Primitives of the implementation in use and of the plain Java one, over awkward lengths. */
class VectorMathTest {
    private static final int[] COUNTS = {0, 1, 4, 6, 8, 13, 25, 63, 64, 65, 207, 702, 4098};

    @Test
    void dotStaysWithinItsBound() {
        Random random = new Random(3);
        for (VectorMath math : List.of(VectorMaths.MATH, new ScalarVectorMath())) {
            for (int count : COUNTS) {
                float[] x = GemmKernelTest.randoms(random, count + 3);
                float[] y = GemmKernelTest.randoms(random, count + 5);
                double sum = 0;
                double magnitude = 0;
                for (int i = 0; i < count; i++) {
                    double product = (double) x[2 + i] * y[5 + i];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                assertThat((double) math.dot(x, 2, y, 5, count)).as("%s count %d", math.getClass(), count)
                        .isCloseTo(sum, offset((count + 1) * 0x1p-24 * magnitude));
            }
        }
    }
}

package org.bitgrid.tensor.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tiles of the kernel in use and of the plain Java one, against sums in double precision. */
class GemmKernelTest {
    private static final float GUARD = -7.25f;

    @TestFactory
    List<DynamicTest> tiles() {
        List<DynamicTest> tests = new ArrayList<>();
        for (GemmKernel kernel : List.of(VectorMaths.GEMM, new ScalarGemm())) {
            int step = kernel.columnStep();
            for (int columns : new TreeSet<>(List.of(step, 2 * step, kernel.tileColumns() - step,
                    kernel.tileColumns()))) {
                for (int depth : new int[] {0, 1, 2, 3, 4, 5, 7, 64, 257}) {
                    for (int gap : new int[] {0, 5}) {
                        tests.add(DynamicTest.dynamicTest(kernel.getClass().getSimpleName() + " columns " + columns
                                + " depth " + depth + " gap " + gap, () -> check(kernel, columns, depth, gap)));
                    }
                }
            }
        }
        System.out.println("tile cases: " + tests.size() + " with " + VectorMaths.description());
        return tests;
    }

    private static void check(GemmKernel kernel, int columns, int depth, int gap) {
        Random random = new Random(columns * 1000L + depth);
        int rows = kernel.tileRows();
        int cStride = columns + gap;
        float[] a = randoms(random, 3 + depth * rows);
        float[] b = randoms(random, 2 + depth * columns);
        float[] c = new float[1 + rows * cStride + gap];
        Arrays.fill(c, GUARD);
        kernel.tile(columns, depth, a, 3, b, 2, c, 1, cStride);
        for (int at = 0; at < c.length; at++) {
            int i = (at - 1) / cStride;
            int j = (at - 1) % cStride;
            if (at == 0 || i >= rows || j >= columns) {
                assertThat(c[at]).as("guard at %d", at).isEqualTo(GUARD);
                continue;
            }
            double sum = GUARD;
            double magnitude = Math.abs(sum);
            for (int k = 0; k < depth; k++) {
                double product = (double) a[3 + k * rows + i] * b[2 + k * columns + j];
                sum += product;
                magnitude += Math.abs(product);
            }
            assertThat((double) c[at]).as("row %d column %d", i, j)
                    .isCloseTo(sum, offset((depth + 2) * 0x1p-24 * magnitude));
        }
    }

    static float[] randoms(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }
}

package org.bitgrid.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Matrix products and linear maps over odd shapes, views and broadcast batches. */
class MatMulKernelsTest {
    private static final int[][] SIZES = {
        {1, 1, 1}, {2, 3, 4}, {7, 5, 47}, {8, 16, 48}, {9, 17, 49}, {1, 300, 65}, {65, 300, 1}, {33, 321, 31},
        {130, 40, 17}, {17, 641, 130}, {300, 64, 20}, {5, 1000, 200}, {128, 700, 10}, {200, 9, 300}, {64, 64, 600},
        {0, 3, 4}, {3, 0, 4}, {3, 4, 0}};

    @TestFactory
    List<DynamicTest> products() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int[] size : SIZES) {
            int m = size[0];
            int k = size[1];
            int n = size[2];
            String name = "(" + m + ", " + k + ") x (" + k + ", " + n + ")";
            tests.add(DynamicTest.dynamicTest(name, () -> {
                Rng rng = new Rng(1);
                Tensor a = KernelCheck.random(rng, m, k);
                Tensor b = KernelCheck.random(rng, k, n);
                Tensor aFlipped = KernelCheck.random(rng, k, m).transpose(0, 1);
                Tensor bFlipped = KernelCheck.random(rng, n, k).transpose(0, 1);
                KernelCheck.check(new MatMul(), a, b);
                KernelCheck.check(new MatMul(), aFlipped, b);
                KernelCheck.check(new MatMul(), a, bFlipped);
                KernelCheck.check(new MatMul(), aFlipped, bFlipped);
            }));
            tests.add(DynamicTest.dynamicTest("linear " + name, () -> {
                Rng rng = new Rng(2);
                Tensor x = KernelCheck.random(rng, m, k);
                Tensor weight = KernelCheck.random(rng, n, k);
                Tensor grad = KernelCheck.random(rng, m, n);
                KernelCheck.check(new Linear(), x, weight);
                KernelCheck.check(new Linear(), x, weight, KernelCheck.random(rng, n));
                KernelCheck.check(new Linear.InputGrad(), grad, weight);
                KernelCheck.check(new Linear.WeightGrad(), x, grad);
            }));
        }
        System.out.println("matrix product cases: " + tests.size() + " with " + VectorMaths.description());
        return tests;
    }

    @TestFactory
    List<DynamicTest> batches() {
        Rng rng = new Rng(3);
        record Case(String name, Tensor a, Tensor b) {
        }
        List<Case> cases = List.of(
                new Case("batch", KernelCheck.random(rng, 5, 6, 7), KernelCheck.random(rng, 5, 7, 9)),
                new Case("broadcast", KernelCheck.random(rng, 3, 1, 6, 7), KernelCheck.random(rng, 4, 7, 9)),
                new Case("one right matrix", KernelCheck.random(rng, 3, 4, 6, 7), KernelCheck.random(rng, 7, 50)),
                new Case("one left matrix", KernelCheck.random(rng, 6, 7), KernelCheck.random(rng, 3, 4, 7, 50)),
                new Case("large", KernelCheck.random(rng, 2, 150, 180), KernelCheck.random(rng, 2, 180, 160)),
                new Case("permuted", KernelCheck.random(rng, 6, 5, 7).permute(1, 0, 2),
                        KernelCheck.random(rng, 9, 7, 5).permute(2, 1, 0)),
                new Case("expanded", KernelCheck.random(rng, 1, 6, 7).expand(4, 6, 7),
                        KernelCheck.random(rng, 4, 7, 9)),
                new Case("sliced", KernelCheck.random(rng, 5, 6, 14).slice(2, 0, 14, 2),
                        KernelCheck.random(rng, 5, 7, 9)),
                new Case("vector left", KernelCheck.random(rng, 70), KernelCheck.random(rng, 3, 70, 9)),
                new Case("vector right", KernelCheck.random(rng, 3, 9, 70), KernelCheck.random(rng, 70)),
                new Case("vectors", KernelCheck.random(rng, 700), KernelCheck.random(rng, 700)),
                new Case("vector steps", KernelCheck.random(rng, 140).slice(0, 0, 140, 2),
                        KernelCheck.random(rng, 70, 9)),
                new Case("no batch", KernelCheck.random(rng, 0, 6, 7), KernelCheck.random(rng, 7, 9)),
                new Case("no batch of both", KernelCheck.random(rng, 0, 6, 7), KernelCheck.random(rng, 1, 7, 9)),
                new Case("scores of attention", KernelCheck.random(rng, 2, 8, 20, 16),
                        KernelCheck.random(rng, 2, 8, 20, 16).transpose(-2, -1)));
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name,
                () -> KernelCheck.check(new MatMul(), c.a, c.b))).toList();
    }
}

package org.bitgrid.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Window2d;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Convolutions and their gradients over kernels, strides, paddings, dilations, groups and odd sizes. */
class ConvKernelsTest {
    private record Case(int samples, int channels, int filters, int height, int width, Window2d window, int groups) {
    }

    private static Window2d window(int kernel, int stride, int pad, int dilation) {
        return new Window2d(kernel, kernel, stride, stride, pad, pad, dilation, dilation);
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int kernel = 1; kernel <= 4; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                for (int pad = 0; pad <= 2; pad++) {
                    for (int dilation = 1; dilation <= 2; dilation++) {
                        cases.add(new Case(2, 3, 5, 9, 11, window(kernel, stride, pad, dilation), 1));
                        cases.add(new Case(2, 6, 4, 10, 7, window(kernel, stride, pad, dilation), 2));
                    }
                }
            }
        }
        cases.addAll(List.of(
                new Case(3, 1, 20, 14, 14, window(3, 2, 1, 1), 1),
                new Case(5, 40, 50, 7, 7, window(3, 2, 1, 1), 1),
                new Case(30, 40, 50, 14, 14, window(3, 2, 1, 1), 1),
                new Case(40, 24, 40, 7, 7, window(3, 1, 1, 1), 1),
                new Case(9, 10, 12, 14, 14, window(3, 1, 1, 1), 2),
                new Case(9, 10, 12, 6, 7, new Window2d(3, 5, 1, 1, 1, 2, 1, 1), 1),
                new Case(2, 17, 70, 13, 13, window(3, 1, 1, 1), 1),
                new Case(2, 130, 19, 5, 5, window(1, 1, 0, 1), 1),
                new Case(3, 70, 30, 6, 6, window(1, 2, 0, 1), 1),
                new Case(1, 3, 10, 40, 61, window(7, 2, 3, 1), 1),
                new Case(2, 12, 12, 9, 9, window(3, 1, 1, 1), 12),
                new Case(2, 12, 24, 9, 9, window(3, 2, 1, 1), 12),
                new Case(2, 12, 12, 9, 70, window(5, 1, 2, 1), 12),
                new Case(2, 12, 12, 9, 9, window(3, 1, 2, 2), 12),
                new Case(20, 4, 6, 1, 1, window(1, 1, 0, 1), 1),
                new Case(200, 4, 6, 3, 3, window(3, 1, 0, 1), 1),
                new Case(2, 4, 6, 3, 3, window(1, 1, 2, 1), 1),
                new Case(2, 4, 6, 5, 5, window(2, 5, 0, 1), 1),
                new Case(2, 4, 6, 1, 50, new Window2d(1, 5, 1, 2, 0, 2, 1, 1), 1),
                new Case(2, 4, 6, 17, 12, new Window2d(3, 5, 2, 1, 0, 2, 2, 1), 2),
                new Case(0, 4, 6, 7, 7, window(3, 1, 1, 1), 1),
                new Case(2, 0, 6, 7, 7, window(3, 1, 1, 1), 1),
                new Case(2, 4, 0, 7, 7, window(3, 1, 1, 1), 1)));
        return cases.stream().filter(c -> c.window.dilationH() * (c.window.kernelH() - 1) < c.height
                + 2 * c.window.padH()).toList();
    }

    @TestFactory
    List<DynamicTest> convolutions() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Case c : cases()) {
            tests.add(DynamicTest.dynamicTest(c.toString(), () -> check(c)));
        }
        System.out.println("convolution cases: " + tests.size() + " with " + VectorMaths.description());
        return tests;
    }

    private static void check(Case c) {
        Rng rng = new Rng(5);
        Window2d window = c.window;
        Tensor x = KernelCheck.random(rng, c.samples, c.channels, c.height, c.width);
        Tensor weight = KernelCheck.random(rng, c.filters, c.channels / c.groups, window.kernelH(), window.kernelW());
        Tensor grad = KernelCheck.random(rng, c.samples, c.filters, window.outputHeight("test", c.height),
                window.outputWidth("test", c.width));
        KernelCheck.check(new Conv2d(window, c.groups), x, weight);
        KernelCheck.check(new Conv2d(window, c.groups), x, weight, KernelCheck.random(rng, c.filters));
        KernelCheck.check(new Conv2d.InputGrad(window, c.groups, c.height, c.width), grad, weight);
        KernelCheck.check(new Conv2d.WeightGrad(window, c.groups), x, grad);
    }
}

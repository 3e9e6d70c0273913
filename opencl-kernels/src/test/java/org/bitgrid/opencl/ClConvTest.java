package org.bitgrid.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Window2d;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Convolutions of known networks and odd ones, for every set of tiles that is shipped, whichever device it is for. */
class ClConvTest {
    /** Samples, input channels, height, width, filters and groups, seen through a window. */
    private record Case(String name, int samples, int channels, int height, int width, int filters, int groups,
                        Window2d window) {
        static Case of(String name, int samples, int channels, int size, int filters, int kernel, int stride,
                       int groups) {
            return new Case(name, samples, channels, size, size, filters, groups, new Window2d(kernel, kernel, stride,
                    stride, kernel / 2, kernel / 2, 1, 1));
        }

        /** A quarter of the height and width of large images: tiles for GPUs are slow on processors. */
        Case smaller() {
            return height <= 28 || width <= 28 ? this : new Case(name + ", smaller", samples, channels, height / 4,
                    width / 4, filters, groups, window);
        }

        Case samples(int count) {
            return new Case(name, count, channels, height, width, filters, groups, window);
        }
    }

    private static final List<Case> NETWORKS = List.of(
            Case.of("resnet_stem", 1, 3, 224, 64, 7, 2, 1),
            Case.of("resnet_56", 1, 64, 56, 64, 3, 1, 1),
            Case.of("resnet_28_down", 1, 64, 56, 128, 3, 2, 1),
            Case.of("resnet_14", 1, 256, 14, 256, 3, 1, 1),
            Case.of("resnet_7", 1, 512, 7, 512, 3, 1, 1),
            Case.of("resnet_shortcut", 1, 128, 28, 256, 1, 2, 1),
            Case.of("mobile_expand_56", 1, 24, 56, 144, 1, 1, 1),
            Case.of("mobile_project_7", 2, 960, 7, 320, 1, 1, 1),
            Case.of("depthwise_112", 1, 32, 112, 32, 3, 1, 32),
            Case.of("depthwise_56_down", 2, 144, 56, 144, 3, 2, 144));

    private static final List<Case> QUICKSTART = List.of(
            Case.of("quickstart_conv1", 128, 1, 28, 128, 3, 2, 1),
            Case.of("quickstart_conv2", 128, 128, 14, 256, 3, 2, 1));

    private static final List<Case> ODD = List.of(
            new Case("groups, strides, padding and dilation all differ", 3, 6, 17, 23, 9, 3,
                    new Window2d(3, 2, 2, 3, 4, 1, 3, 2)),
            new Case("stride beyond the kernel", 2, 5, 19, 20, 7, 1, new Window2d(1, 2, 3, 4, 0, 0, 1, 1)),
            new Case("stride and dilation share a factor", 2, 4, 21, 22, 6, 2, new Window2d(3, 3, 4, 6, 2, 3, 2, 4)),
            new Case("one pixel", 1, 3, 1, 1, 130, 1, new Window2d(3, 3, 1, 1, 1, 1, 1, 1)),
            new Case("wide rows", 1, 2, 3, 301, 3, 1, new Window2d(3, 5, 1, 1, 1, 2, 1, 1)),
            new Case("depth multiplier", 2, 5, 13, 18, 15, 5, new Window2d(5, 3, 1, 2, 2, 1, 1, 1)),
            new Case("dilated depthwise", 2, 4, 16, 19, 4, 4, new Window2d(3, 3, 2, 1, 2, 3, 2, 3)),
            new Case("one input channel", 3, 1, 18, 35, 17, 1, new Window2d(3, 3, 1, 1, 1, 1, 1, 1)));

    private final Rng rng = new Rng(4);

    @BeforeEach
    void thereIsADevice() {
        OnDevice.assumeThereIsOne();
    }

    @TestFactory
    Stream<DynamicTest> everyShippedSetOfTiles() {
        // One run of about eight on PoCL 3.1 ended in a fault of the driver's thread whose cause is not found yet.
        assumeTrue(Boolean.getBoolean("bitgrid.opencl.tiles"), () -> {
            System.out.println("skipped: convolutions with every set of tiles; run them with -Dbitgrid.opencl.tiles=true");
            return "run with -Dbitgrid.opencl.tiles=true";
        });
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Tiles> each : Products.shipped().entrySet()) {
            for (List<Case> cases : List.of(NETWORKS, ODD, QUICKSTART.stream().map(one -> one.samples(5)).toList())) {
                boolean slow = each.getKey().startsWith("gpu") && !ClRuntime.of(0).device().gpu();
                cases.forEach(one -> tests.add(test(each.getKey(), each.getValue(), slow ? one.smaller() : one)));
            }
        }
        System.out.println("convolutions: " + tests.size() + " with given tiles");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> quickstartAsItRuns() {
        return QUICKSTART.stream().map(one -> test("tuned", null, one));
    }

    private DynamicTest test(String by, Tiles tiles, Case one) {
        return DynamicTest.dynamicTest(by + ": " + one.name(), () -> check(tiles, one));
    }

    private void check(Tiles tiles, Case one) {
        Window2d window = one.window();
        Tensor x = Tensors.randn(rng, one.samples(), one.channels(), one.height(), one.width());
        Tensor weight = Tensors.randn(rng, one.filters(), one.channels() / one.groups(), window.kernelH(),
                window.kernelW());
        Tensor grad = Tensors.randn(rng, one.samples(), one.filters(), window.outputHeight("test", one.height()),
                window.outputWidth("test", one.width()));
        Products.check(tiles, new Conv2d(window, one.groups()), x, weight);
        Products.check(tiles, new Conv2d(window, one.groups()), x, weight, Tensors.randn(rng, one.filters()));
        Products.check(tiles, new Conv2d.InputGrad(window, one.groups(), one.height(), one.width()), grad, weight);
        Products.check(tiles, new Conv2d.WeightGrad(window, one.groups()), x, grad);
    }
}

package org.bitgrid.tensor.cpu;

import static org.bitgrid.tensor.cpu.KernelCase.between;
import static org.bitgrid.tensor.cpu.KernelCase.floats;
import static org.bitgrid.tensor.cpu.KernelCase.whole;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.KernelCase.Scale;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.BinaryCrossEntropy;
import org.bitgrid.tensor.op.CountEqual;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Window2d;

/** Cases of softmax, losses, layer normalisation and pools. */
final class NetworkCases {
    private NetworkCases() {
    }

    static void addTo(List<KernelCase> cases) {
        softmax(cases);
        losses(cases);
        layerNorm(cases);
        pools(cases);
    }

    private static void softmax(List<KernelCase> cases) {
        Object[][] shapes = {{new int[] {}, 0}, {new int[] {1}, 0}, {new int[] {13}, 0}, {new int[] {25, 10}, 1},
            {new int[] {25, 10}, 0}, {new int[] {3, 207}, -1}, {new int[] {2, 4098}, 1}, {new int[] {3, 5, 7}, 1},
            {new int[] {4, 6, 1000}, 1}, {new int[] {0, 4}, 1}, {new int[] {3, 0}, 0}, {new int[] {500, 33}, 1}};
        for (Object[] entry : shapes) {
            int[] dims = (int[]) entry[0];
            int axis = (Integer) entry[1];
            String text = Arrays.toString(dims) + axis;
            int length = dims.length == 0 ? 1 : dims[Math.floorMod(axis, dims.length)];
            // The exponential turns the rounding of x - max, at most 2^-24 of some 10, into as much of its result.
            cases.add(new KernelCase("softmax" + text, new Softmax(axis), List.of(floats(1, 2, dims)), length + 16,
                    Scale.ELEMENT));
            cases.add(new KernelCase("log softmax" + text, new LogSoftmax(axis), List.of(floats(2, 2, dims)),
                    length + 16, Scale.LARGEST));
            Tensor y = between(3, 0, 2.0 / Math.max(1, length), dims);
            cases.add(new KernelCase("softmax gradient" + text, new Softmax.InputGrad(axis),
                    List.of(floats(4, 1, dims), y), length + 8, Scale.LARGEST));
            cases.add(new KernelCase("log softmax gradient" + text, new LogSoftmax.InputGrad(axis),
                    List.of(floats(5, 1, dims), between(6, -5, -1, dims)), length + 8, Scale.LARGEST));
        }
        Tensor masked = floats(1, 1, 4, 20);
        Arrays.fill(masked.storage().floats(), 22, 40, Float.NEGATIVE_INFINITY);
        masked.storage().floats()[45] = Float.NaN;
        cases.add(new KernelCase("softmax of masked", new Softmax(1), List.of(masked), 40, Scale.LARGEST));
        cases.add(new KernelCase("softmax of large numbers", new Softmax(1), List.of(floats(1, 300, 5, 40)), 1200,
                Scale.LARGEST));
    }

    private static void losses(List<KernelCase> cases) {
        int[][] shapes = {{10}, {13, 10}, {4, 5, 6}, {300, 207}, {2, 3, 4, 5}};
        for (int[] dims : shapes) {
            int classes = dims.length == 1 ? dims[0] : dims[1];
            int[] targetDims = dims.length == 1 ? new int[0] : without(dims, 1);
            for (Reduction reduction : Reduction.values()) {
                for (double smoothing : new double[] {0, 0.1}) {
                    for (boolean weighted : new boolean[] {false, true}) {
                        CrossEntropy op = new CrossEntropy(reduction, 2, smoothing);
                        Tensor target = whole(smoothing == 0 ? DType.INT64 : DType.INT32, 3, 0, classes, targetDims);
                        List<Tensor> inputs = new ArrayList<>(List.of(floats(1, 2, dims), target));
                        if (weighted) {
                            inputs.add(between(4, 0.5, 2, classes));
                        }
                        String text = Arrays.toString(dims) + reduction + smoothing + weighted;
                        double units = op.reductionLength(inputs.stream().map(Tensor::spec).toList()) + 16;
                        cases.add(new KernelCase("cross entropy" + text, op, List.copyOf(inputs), units,
                                Scale.LARGEST));
                        inputs.add(0, reduction == Reduction.NONE ? floats(5, 1, targetDims) : floats(5, 1));
                        cases.add(new KernelCase("cross entropy gradient" + text, new CrossEntropy.InputGrad(op),
                                List.copyOf(inputs), units, Scale.LARGEST));
                    }
                }
            }
        }
        Tensor certain = between(1, 0, 1, 207);
        certain.storage().floats()[3] = 0;
        certain.storage().floats()[4] = 1;
        cases.add(new KernelCase("binary cross entropy", new BinaryCrossEntropy(),
                List.of(certain, between(2, 0, 1, 207)), 4, Scale.ELEMENT));
        for (DType type : new DType[] {DType.INT64, DType.UINT8, DType.BOOL, DType.FLOAT32}) {
            Tensor a = type == DType.FLOAT32 ? whole(type, 1, 0, 3, 25, 207) : whole(type, 1, 0, 2, 25, 207);
            cases.add(new KernelCase("count equal " + type, new CountEqual(),
                    List.of(a, whole(type, 2, 0, 2, 25, 207)), 0, Scale.ELEMENT));
        }
    }

    private static int[] without(int[] dims, int axis) {
        int[] rest = new int[dims.length - 1];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = dims[i < axis ? i : i + 1];
        }
        return rest;
    }

    private static void layerNorm(List<KernelCase> cases) {
        int[][] shapes = {{4}, {3, 1}, {7, 13}, {0, 5}, {100, 207}, {2, 3, 4098}, {5, 6, 8}};
        for (int[] dims : shapes) {
            int last = dims[dims.length - 1];
            Shape normalized = Shape.of(last);
            Tensor x = floats(1, 2, dims).add(3.0);
            Tensor weight = floats(2, 1, last);
            int[] rows = Arrays.copyOf(dims, dims.length - 1);
            LayerNorm op = new LayerNorm(normalized, 1e-5);
            String text = Arrays.toString(dims);
            double units = last + 12;
            cases.add(new KernelCase("layer norm" + text, op, List.of(x), units, Scale.LARGEST));
            cases.add(new KernelCase("layer norm, weight" + text, op, List.of(x, weight), units, Scale.LARGEST));
            cases.add(new KernelCase("layer norm, affine" + text, op, List.of(x, weight, floats(3, 1, last)), units,
                    Scale.LARGEST));
            Tensor grad = floats(4, 1, dims);
            Tensor mean = floats(5, 0.1, rows).add(3.0);
            Tensor inverse = between(6, 0.3, 0.7, rows);
            double all = x.numel() + 12;
            cases.add(new KernelCase("layer norm gradient" + text, new LayerNorm.InputGrad(normalized, false),
                    List.of(grad, x, mean, inverse), units, Scale.LARGEST));
            cases.add(new KernelCase("layer norm gradient, affine" + text, new LayerNorm.InputGrad(normalized, true),
                    List.of(grad, x, mean, inverse, weight), all, Scale.LARGEST));
        }
        cases.add(new KernelCase("layer norm over two", new LayerNorm(Shape.of(4, 6), 1e-5),
                List.of(floats(1, 1, 5, 4, 6), floats(2, 1, 4, 6), floats(3, 1, 4, 6)), 40, Scale.LARGEST));
    }

    private static void pools(List<KernelCase> cases) {
        Window2d[] windows = {new Window2d(2, 2, 2, 2, 0, 0, 1, 1), new Window2d(3, 3, 1, 1, 1, 1, 1, 1),
            new Window2d(3, 2, 2, 1, 1, 1, 1, 1), new Window2d(1, 5, 1, 3, 0, 2, 1, 1),
            new Window2d(3, 3, 2, 2, 1, 1, 2, 2)};
        int[][] shapes = {{1, 1, 6, 8}, {2, 3, 13, 9}, {3, 25, 7, 7}, {0, 2, 7, 7}};
        for (int[] dims : shapes) {
            for (Window2d window : windows) {
                for (boolean ceil : new boolean[] {false, true}) {
                    Tensor x = floats(1, 1, dims);
                    String text = Arrays.toString(dims) + window + ceil;
                    MaxPool2d max = new MaxPool2d(window, ceil);
                    cases.add(new KernelCase("max pool" + text, max, List.of(x), 0, Scale.ELEMENT));
                    int[] pooled = max.infer(List.of(x.spec())).get(0).shape().toArray();
                    Tensor places = whole(DType.INT64, 2, -1, dims[2] * dims[3], pooled);
                    cases.add(new KernelCase("max pool gradient" + text, new MaxPool2d.InputGrad(dims[2], dims[3]),
                            List.of(floats(3, 1, pooled), places), pooled[2] * pooled[3] + 2, Scale.LARGEST));
                    for (int divisor : new int[] {0, 5}) {
                        if (window.dilationH() > 1) {
                            continue;
                        }
                        AvgPool2d average = new AvgPool2d(window, ceil, divisor == 0 && ceil, divisor);
                        cases.add(new KernelCase("average pool" + text + divisor, average, List.of(x), 12,
                                Scale.LARGEST));
                        cases.add(new KernelCase("average pool gradient" + text + divisor,
                                new AvgPool2d.InputGrad(average, dims[2], dims[3]), List.of(floats(4, 1, pooled)), 12,
                                Scale.LARGEST));
                    }
                }
            }
            for (int[] size : new int[][] {{1, 1}, {3, 2}, {7, 7}, {10, 11}}) {
                String text = Arrays.toString(dims) + Arrays.toString(size);
                cases.add(new KernelCase("adaptive average pool" + text, new AdaptiveAvgPool2d(size[0], size[1]),
                        List.of(floats(5, 1, dims)), 140, Scale.LARGEST));
                cases.add(new KernelCase("adaptive average pool gradient" + text,
                        new AdaptiveAvgPool2d.InputGrad(dims[2], dims[3]),
                        List.of(floats(6, 1, dims[0], dims[1], size[0], size[1])), 140, Scale.LARGEST));
            }
        }
    }
}

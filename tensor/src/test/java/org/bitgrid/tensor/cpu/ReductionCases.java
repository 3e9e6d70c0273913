package org.bitgrid.tensor.cpu;

import static org.bitgrid.tensor.cpu.KernelCase.between;
import static org.bitgrid.tensor.cpu.KernelCase.floats;
import static org.bitgrid.tensor.cpu.KernelCase.whole;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.KernelCase.Scale;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Reduce;

/** Cases of folds and of normalisation. */
final class ReductionCases {
    private ReductionCases() {
    }

    static void addTo(List<KernelCase> cases) {
        reductions(cases);
        batchNorm(cases);
    }

    private static void reductions(List<KernelCase> cases) {
        Object[][] shapes = {{new int[] {}, List.of()}, {new int[] {1}, List.of(0)}, {new int[] {13}, List.of(0)},
            {new int[] {4098}, List.of()}, {new int[] {100_003}, List.of()}, {new int[] {25, 207}, List.of(1)},
            {new int[] {25, 207}, List.of(0)}, {new int[] {3, 25, 7}, List.of(1)}, {new int[] {6, 8, 13}, List.of(0, 2)},
            {new int[] {2, 3, 4, 5}, List.of(0, 2)}, {new int[] {2, 3, 4, 5}, List.of(1, 3)},
            {new int[] {2, 3, 4, 5}, List.of(0, 2, 3)}, {new int[] {5000, 10}, List.of(0)},
            {new int[] {3, 70_000}, List.of(1)}, {new int[] {20, 5000}, List.of(0)}, {new int[] {5, 7}, List.of(-1)},
            {new int[] {1, 4, 1, 6}, List.of(0, 2)}};
        for (Object[] entry : shapes) {
            int[] dims = (int[]) entry[0];
            @SuppressWarnings("unchecked")
            List<Integer> axes = (List<Integer>) entry[1];
            for (Reduce.Kind kind : Reduce.Kind.values()) {
                for (boolean keep : new boolean[] {false, true}) {
                    Reduce op = new Reduce(kind, axes, keep);
                    Tensor x = floats(3, 1, dims);
                    long terms = op.reductionLength(List.of(x.spec()));
                    boolean exact = kind == Reduce.Kind.AMAX || kind == Reduce.Kind.AMIN;
                    cases.add(new KernelCase(kind + Arrays.toString(dims) + axes + keep, op, List.of(x),
                            exact ? 0 : terms + 4, exact ? Scale.ELEMENT : Scale.TERMS));
                }
                if (kind != Reduce.Kind.MEAN) {
                    for (DType type : new DType[] {DType.INT64, DType.INT32, DType.INT8, DType.UINT8, DType.BOOL}) {
                        cases.add(new KernelCase(kind + Arrays.toString(dims) + axes + type,
                                new Reduce(kind, axes, false), List.of(whole(type, 1, 0, 2, dims)), 0, Scale.ELEMENT));
                    }
                }
            }
        }
        cases.add(new KernelCase("sum of nothing", new Reduce(Reduce.Kind.SUM, List.of(1), false),
                List.of(floats(1, 1, 3, 0)), 0, Scale.ELEMENT));
        cases.add(new KernelCase("mean of nothing", new Reduce(Reduce.Kind.MEAN, List.of(1), false),
                List.of(floats(1, 1, 3, 0)), 0, Scale.ELEMENT));
        cases.add(new KernelCase("sums of no columns", new Reduce(Reduce.Kind.SUM, List.of(0), false),
                List.of(floats(1, 1, 3, 0)), 0, Scale.ELEMENT));
        cases.add(new KernelCase("max with NaN", new Reduce(Reduce.Kind.AMAX, List.of(1), false),
                List.of(withNan(floats(1, 1, 3, 50))), 0, Scale.ELEMENT));
        cases.add(new KernelCase("min with NaN", new Reduce(Reduce.Kind.AMIN, List.of(0), false),
                List.of(withNan(floats(1, 1, 3, 50))), 0, Scale.ELEMENT));
    }

    private static Tensor withNan(Tensor x) {
        x.storage().floats()[60] = Float.NaN;
        return x;
    }

    private static void batchNorm(List<KernelCase> cases) {
        int[][] shapes = {{2, 1}, {7, 3}, {128, 25}, {2, 3, 1, 1}, {4, 6, 5, 5}, {3, 5, 13}, {40, 4, 25, 25},
            {33, 16, 7, 7}, {2, 3, 4, 4, 4}};
        for (int[] dims : shapes) {
            int channels = dims[1];
            Tensor x = floats(1, 2, dims).add(floats(2, 3, channels).reshape(BatchCases.wide(dims)));
            Tensor weight = floats(3, 1, channels);
            Tensor bias = floats(4, 1, channels);
            Tensor mean = floats(5, 1, channels);
            Tensor variance = between(6, 0.5, 2, channels);
            Tensor grad = floats(7, 1, dims);
            Tensor inverse = between(8, 0.3, 0.6, channels);
            long perChannel = x.numel() / channels;
            String text = Arrays.toString(dims);
            for (boolean affine : new boolean[] {false, true}) {
                List<Tensor> tracked = affine ? List.of(x, weight, bias, mean, variance) : List.of(x, mean, variance);
                List<Tensor> untracked = affine ? List.of(x, weight, bias) : List.of(x);
                cases.add(new KernelCase("batch norm, training " + text + affine,
                        new BatchNorm(true, affine, true, 0.1, 1e-5), tracked, perChannel + 8, Scale.LARGEST));
                cases.add(new KernelCase("batch norm, untracked " + text + affine,
                        new BatchNorm(true, affine, false, 0.1, 1e-5), untracked, perChannel + 8, Scale.LARGEST));
                cases.add(new KernelCase("batch norm, evaluation " + text + affine,
                        new BatchNorm(false, affine, true, 0.1, 1e-5), tracked, 8, Scale.LARGEST));
                cases.add(new KernelCase("batch norm, gradient " + text + affine, new BatchNorm.InputGrad(affine),
                        affine ? List.of(grad, x, mean, inverse, weight) : List.of(grad, x, mean, inverse),
                        perChannel + 8, Scale.LARGEST));
            }
        }
    }

    /** Shapes of statistics. */
    private static final class BatchCases {
        private BatchCases() {
        }

        /** (C) seen as (1, C, 1, …). */
        static int[] wide(int[] dims) {
            int[] wide = new int[dims.length];
            Arrays.fill(wide, 1);
            wide[1] = dims[1];
            return wide;
        }
    }
}

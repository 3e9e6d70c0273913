package org.bitgrid.tensor.cpu;

import static org.bitgrid.tensor.cpu.KernelCase.floats;
import static org.bitgrid.tensor.cpu.KernelCase.whole;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.KernelCase.Scale;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.Slice;
import org.bitgrid.tensor.op.Sort;

/** Cases of operators that pick, order, join, place and drop elements. */
final class SelectionCases {
    private static final int[][] SHAPES = {{1}, {13}, {4098}, {25, 207}, {3, 5, 7}, {2, 3, 0}, {40, 6, 300}};

    private SelectionCases() {
    }

    static void addTo(List<KernelCase> cases) {
        along(cases);
        picks(cases);
        moves(cases);
    }

    /** Few different values, so that there are ties, and NaN. */
    private static Tensor ties(int... dims) {
        Tensor x = whole(DType.FLOAT32, 3, -3, 4, dims);
        float[] values = x.storage().floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 31 == 30 ? Float.NaN : i % 17 == 5 ? -0f : values[i];
        }
        return x;
    }

    private static void along(List<KernelCase> cases) {
        for (int[] dims : SHAPES) {
            for (int axis = 0; axis < dims.length; axis++) {
                String text = Arrays.toString(dims) + axis;
                for (boolean flag : new boolean[] {false, true}) {
                    for (Tensor x : List.of(floats(1, 1, dims), ties(dims))) {
                        cases.add(new KernelCase("sort" + text + flag, new Sort(axis, flag), List.of(x), 0,
                                Scale.ELEMENT));
                        if (dims[axis] > 0) {
                            cases.add(new KernelCase("argmax" + text + flag, new ArgReduce(flag, axis, flag),
                                    List.of(x), 0, Scale.ELEMENT));
                            cases.add(new KernelCase("max" + text + flag, new MaxDim(flag, axis, !flag), List.of(x), 0,
                                    Scale.ELEMENT));
                        }
                    }
                    cases.add(new KernelCase("cumsum" + text + flag, new CumSum(axis, flag),
                            List.of(floats(2, 1, dims)), dims[axis] + 2, Scale.TERMS));
                }
            }
            if (Shape.of(dims).numel() > 0) {
                cases.add(new KernelCase("argmax of all" + Arrays.toString(dims), new ArgReduce(true, null, false),
                        List.of(floats(1, 1, dims)), 0, Scale.ELEMENT));
            }
        }
    }

    private static void picks(List<KernelCase> cases) {
        Object[][] shapes = {{new int[] {13}, new int[] {25}, 0}, {new int[] {6, 8}, new int[] {4, 3}, 1},
            {new int[] {6, 8}, new int[] {9, 8}, 0}, {new int[] {5, 4, 7}, new int[] {5, 6, 3}, 1},
            {new int[] {30, 207}, new int[] {30, 100}, 1}, {new int[] {5, 4}, new int[] {0, 4}, 0}};
        for (Object[] entry : shapes) {
            int[] dims = (int[]) entry[0];
            int[] index = (int[]) entry[1];
            int axis = (Integer) entry[2];
            String text = Arrays.toString(dims) + Arrays.toString(index) + axis;
            for (DType type : new DType[] {DType.INT64, DType.INT32}) {
                Tensor chosen = whole(type, 1, 0, dims[axis], index);
                cases.add(new KernelCase("gather" + text + type, new Gather(axis), List.of(floats(1, 1, dims), chosen),
                        0, Scale.ELEMENT));
                cases.add(new KernelCase("scatter add" + text + type, new ScatterAdd(axis),
                        List.of(floats(1, 1, dims), chosen, floats(2, 1, index)), index[axis] + 2, Scale.LARGEST));
            }
        }
    }

    private static void moves(List<KernelCase> cases) {
        for (DType type : new DType[] {DType.FLOAT32, DType.INT64, DType.INT32, DType.UINT8, DType.BOOL}) {
            for (int axis = 0; axis < 3; axis++) {
                int[] first = {3, 4, 5};
                int[] second = {3, 4, 5};
                second[axis] = 0;
                int[] third = {3, 4, 5};
                third[axis] = 7;
                cases.add(new KernelCase("cat " + type + axis, new Cat(axis), List.of(whole(type, 1, 0, 2, first),
                        whole(type, 2, 0, 2, second), whole(type, 3, 0, 2, third)), 0, Scale.ELEMENT));
                for (long[] range : new long[][] {{0, 9, 1}, {1, -1, 1}, {0, 9, 2}, {2, 2, 1}}) {
                    Slice slice = new Slice(axis, range[0], range[1], range[2]);
                    Tensor whole = whole(type, 1, 0, 2, 3, 4, 5);
                    int[] part = slice.infer(List.of(whole.spec())).get(0).shape().toArray();
                    cases.add(new KernelCase("slice gradient " + type + axis + Arrays.toString(range),
                            new Slice.Grad(slice, Shape.of(3, 4, 5)), List.of(whole(type, 4, 0, 2, part)), 0,
                            Scale.ELEMENT));
                }
            }
        }
        for (double probability : new double[] {0, 0.1, 0.5, 1}) {
            cases.add(new KernelCase("dropout " + probability, new Dropout(probability, 77),
                    List.of(floats(1, 1, 3, 20_001)), 1, Scale.ELEMENT));
        }
    }
}

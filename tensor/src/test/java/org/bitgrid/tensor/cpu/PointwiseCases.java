package org.bitgrid.tensor.cpu;

import static org.bitgrid.tensor.cpu.KernelCase.between;
import static org.bitgrid.tensor.cpu.KernelCase.floats;
import static org.bitgrid.tensor.cpu.KernelCase.whole;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.KernelCase.Scale;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Where;

/** Cases of operators that treat each element by itself. */
final class PointwiseCases {
    private static final int[][] SHAPES = {{}, {0}, {1}, {4}, {6}, {8}, {13}, {25}, {207}, {702}, {4098}, {3, 0, 2},
        {5, 7}, {2, 3, 4, 5}, {2, 33_000}};
    private static final int[][][] PAIRS = {{{4, 6}, {6}}, {{4, 6}, {4, 1}}, {{6}, {4, 6}}, {{2, 3, 5, 7}, {1, 3, 1, 1}},
        {{4098}, {}}, {{}, {25}}, {{3, 1, 5}, {1, 4, 1}}, {{0, 3}, {1, 3}}, {{40, 1000}, {40, 1}}};
    private static final DType[] INTEGERS = {DType.INT64, DType.INT32, DType.INT8, DType.UINT8, DType.BOOL};

    private PointwiseCases() {
    }

    static void addTo(List<KernelCase> cases) {
        unary(cases);
        binary(cases);
        scalar(cases);
        others(cases);
    }

    private static String text(int[] dims) {
        return Arrays.toString(dims);
    }

    private static void unary(List<KernelCase> cases) {
        for (Pointwise1.Kind kind : Pointwise1.Kind.values()) {
            boolean positive = switch (kind) {
                case LOG, LOG2, LOG10, LOG1P, SQRT, RSQRT -> true;
                default -> false;
            };
            for (int[] dims : SHAPES) {
                boolean arc = kind == Pointwise1.Kind.ASIN || kind == Pointwise1.Kind.ACOS;
                Tensor x = positive ? between(3, 0.01, 9, dims) : arc ? between(3, -1, 1, dims) : floats(3, 2, dims);
                boolean gelu = kind == Pointwise1.Kind.GELU || kind == Pointwise1.Kind.GELU_TANH;
                cases.add(new KernelCase(kind + " " + text(dims), new Pointwise1(kind), List.of(x),
                        1 + kind.roundings(), gelu ? Scale.LARGEST : Scale.ELEMENT));
            }
            for (DType type : INTEGERS) {
                if (kind == Pointwise1.Kind.NEG && type == DType.BOOL) {
                    continue; // an error
                }
                Tensor x = whole(type, 5, type == DType.INT64 || type == DType.INT32 || type == DType.INT8 ? -9 : 0,
                        type == DType.BOOL ? 2 : 9, 3, 7);
                Tensor domain = positive ? whole(type, 5, 1, type == DType.BOOL ? 2 : 9, 3, 7) : x;
                cases.add(new KernelCase(kind + " of " + type, new Pointwise1(kind), List.of(domain),
                        1 + kind.roundings(), Scale.LARGEST));
            }
        }
    }

    private static void binary(List<KernelCase> cases) {
        for (Pointwise2.Kind kind : Pointwise2.Kind.values()) {
            int units = 2 + kind.roundings();
            for (int[] dims : SHAPES) {
                cases.add(new KernelCase(kind + " " + text(dims), new Pointwise2(kind),
                        List.of(left(kind, 7, dims), floats(8, 2, dims)), units, Scale.ELEMENT));
            }
            for (int[][] pair : PAIRS) {
                cases.add(new KernelCase(kind + " " + text(pair[0]) + text(pair[1]), new Pointwise2(kind),
                        List.of(left(kind, 7, pair[0]), floats(8, 2, pair[1])), units, Scale.ELEMENT));
            }
            for (DType type : INTEGERS) {
                int high = type == DType.BOOL ? 2 : 9;
                Tensor a = whole(type, 1, 0, high, 4, 6);
                Tensor b = whole(type, 2, kind == Pointwise2.Kind.DIV ? 1 : 0, high, 6);
                boolean integral = LongLoops.has(kind) || kind.isComparison() || kind == Pointwise2.Kind.DIV;
                if (integral && !(kind == Pointwise2.Kind.SUB && type == DType.BOOL)) {
                    cases.add(new KernelCase(kind + " of " + type, new Pointwise2(kind), List.of(a, b), units,
                            Scale.ELEMENT));
                }
                if (kind == Pointwise2.Kind.SUB && type == DType.BOOL) {
                    continue; // an error
                }
                cases.add(new KernelCase(kind + " of float and " + type, new Pointwise2(kind),
                        List.of(left(kind, 3, 4, 6), b), units, Scale.ELEMENT));
            }
        }
    }

    /** Powers need a positive base. */
    private static Tensor left(Pointwise2.Kind kind, long seed, int... dims) {
        return kind == Pointwise2.Kind.POW ? between(seed, 0.1, 5, dims) : floats(seed, 2, dims);
    }

    private static void scalar(List<KernelCase> cases) {
        for (Pointwise2.Kind kind : Pointwise2.Kind.values()) {
            int units = 3 + kind.roundings();
            for (boolean reversed : new boolean[] {false, true}) {
                for (int[] dims : new int[][] {{}, {0}, {13}, {4098}, {5, 7}, {2, 33_000}}) {
                    for (double number : new double[] {0.75, 2, 3, -1}) {
                        if (kind == Pointwise2.Kind.POW && reversed && number < 0) {
                            continue;
                        }
                        cases.add(new KernelCase(kind + " " + number + (reversed ? " before " : " after ") + text(dims),
                                new PointwiseScalar(kind, number, false, reversed), List.of(left(kind, 5, dims)), units,
                                Scale.ELEMENT));
                    }
                }
                for (DType type : INTEGERS) {
                    if (kind == Pointwise2.Kind.SUB && type == DType.BOOL) {
                        continue; // an error
                    }
                    Tensor x = whole(type, 9, kind == Pointwise2.Kind.DIV ? 1 : 0, type == DType.BOOL ? 2 : 7, 3, 7);
                    if (LongLoops.has(kind) || kind.isComparison()) {
                        cases.add(new KernelCase(kind + " 3 and " + type + reversed,
                                new PointwiseScalar(kind, 3, true, reversed), List.of(x), units, Scale.ELEMENT));
                    }
                    cases.add(new KernelCase(kind + " 2.5 and " + type + reversed,
                            new PointwiseScalar(kind, 2.5, false, reversed), List.of(x), units, Scale.ELEMENT));
                }
            }
        }
    }

    private static void others(List<KernelCase> cases) {
        for (ParametricPointwise.Kind kind : ParametricPointwise.Kind.values()) {
            for (int[] dims : SHAPES) {
                cases.add(new KernelCase(kind + text(dims), new ParametricPointwise(kind, 0.5, 1.5),
                        List.of(floats(6, 2, dims)), 3 + kind.roundings(), Scale.ELEMENT));
            }
        }
        DType[] all = DType.values();
        for (DType from : all) {
            Tensor x = from == DType.FLOAT32 ? floats(2, 40, 5, 7) : whole(from, 3, 0, from == DType.BOOL ? 2 : 120, 5, 7);
            for (DType to : all) {
                cases.add(new KernelCase("cast " + from + " to " + to, new Cast(to), List.of(x), 1, Scale.ELEMENT));
            }
            if (from != DType.FLOAT64) {
                cases.add(new KernelCase("where " + from, new Where(),
                        List.of(whole(DType.BOOL, 1, 0, 2, 5, 1), x, place(x)), 0, Scale.ELEMENT));
                cases.add(new KernelCase("add_ " + from, new AddInPlace(1), List.of(x, place(x)), 2, Scale.TERMS));
                cases.add(new KernelCase("add_ -3 " + from, new AddInPlace(-3), List.of(x, place(x)), 3, Scale.LARGEST));
            }
        }
        cases.add(new KernelCase("where long", new Where(), List.of(whole(DType.BOOL, 1, 0, 2, 2, 33_000),
                floats(1, 1, 2, 33_000), floats(2, 1, 33_000)), 0, Scale.ELEMENT));
        cases.add(new KernelCase("add_ long", new AddInPlace(0.5), List.of(floats(1, 1, 66_001), floats(2, 1, 66_001)),
                2, Scale.LARGEST));
    }

    /** Other values of the same kind. */
    private static Tensor place(Tensor x) {
        return x.dtype() == DType.FLOAT32 ? floats(4, 3, 5, 7)
                : whole(x.dtype(), 4, 0, x.dtype() == DType.BOOL ? 2 : 9, 5, 7);
    }
}

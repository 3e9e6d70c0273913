package org.bitgrid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.FloatFakeQuantize;
import org.bitgrid.tensor.op.Histogram;
import org.bitgrid.tensor.op.MinMax;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Quantize;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.Reference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Codes, numbers on grids, straight-through gradients and counts have the same bits on the CPU backend and in their
 * definition, for lengths that end in the middle of vectors, values on halves, beyond the grid, infinite and NaN, and
 * on any number of threads. Range gradients differ by the order of their sums only.
 */
class QuantKernelsParityTest {
    private static final int[] LENGTHS = {1, 4, 6, 8, 13, 16, 25, 63, 207, 702, 4098, 16385, 40_000};
    private static final List<long[]> GRIDS = List.of(new long[] {-2, 1}, new long[] {0, 15}, new long[] {-8, 7},
            new long[] {-128, 127}, new long[] {0, 255}, new long[] {-32768, 32767}, new long[] {0, 65535},
            new long[] {-3, 9}, new long[] {-(1 << 20), (1 << 20) - 1});

    /** Values around halves, far outside, infinite, NaN, zeros of both signs. */
    private static Tensor awkward(Rng rng, float scale, long[] grid, int... dims) {
        float[] values = new float[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            float code = grid[0] - 3 + (grid[1] - grid[0] + 6) * rng.nextFloat();
            values[i] = switch (rng.nextInt(12)) {
                case 0 -> (float) (Math.rint(code) + 0.5) * scale;
                case 1 -> Math.nextUp((float) (Math.rint(code) + 0.5) * scale);
                case 2 -> Math.nextDown((float) (Math.rint(code) + 0.5) * scale);
                case 3 -> rng.nextFloat() < 0.5 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
                case 4 -> rng.nextFloat() < 0.5 ? 1e30f : -1e30f;
                case 5 -> rng.nextFloat() < 0.5 ? 0f : -0f;
                case 6 -> rng.nextFloat() < 0.5 ? Float.NaN : Float.MIN_VALUE;
                default -> code * scale;
            };
        }
        return Tensors.of(values, dims);
    }

    private record Case(String name, Op op, Tensor... inputs) {
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        Rng rng = new Rng(5);
        for (long[] grid : GRIDS) {
            for (int length : LENGTHS) {
                float scale = 0.01f + rng.nextFloat();
                Tensor x = awkward(rng, scale, grid, length);
                Tensor g = Tensors.randn(rng, length);
                Tensor s = Tensors.scalar(scale);
                for (float offset : new float[] {0, -5, 1.25f}) {
                    add(cases, grid, g, x, s, Tensors.scalar(offset), "offset " + offset + " x" + length);
                }
            }
            Tensor x = awkward(rng, 0.05f, grid, 3, 6, 35);
            Tensor g = Tensors.randn(rng, 3, 6, 35);
            add(cases, grid, g, x, Tensors.rand(rng, 6, 1).add(0.01), Tensors.zeros(6, 1), "channels");
            add(cases, grid, g, x, Tensors.rand(rng, 35).add(0.01), Tensors.zeros(35), "last dimension");
            add(cases, grid, g, x, Tensors.rand(rng, 3, 1, 35).add(0.01), Tensors.zeros(3, 1, 35), "two dimensions");
            add(cases, grid, g, x, Tensors.of(0f), Tensors.zeros(1), "scale 0");
        }
        return cases;
    }

    private static void add(List<Case> cases, long[] grid, Tensor g, Tensor x, Tensor s, Tensor o, String what) {
        String name = grid[0] + ".." + grid[1] + " " + what;
        for (boolean reciprocal : new boolean[] {false, true}) {
            String how = reciprocal ? " reciprocal" : "";
            cases.add(new Case("fake quantize " + name + how, new FakeQuantize(grid[0], grid[1], 0, reciprocal), x, s,
                    o));
            cases.add(new Case("input gradient " + name + how, new FakeQuantize.InputGrad(grid[0], grid[1], 0,
                    reciprocal),
                    g, x, s, o));
        }
        cases.add(new Case("shifted " + name, new FakeQuantize(grid[0], grid[1], 0.5, false), x, s, o));
        cases.add(new Case("shifted input gradient " + name, new FakeQuantize.InputGrad(grid[0], grid[1], 0.5, false),
                g, x,
                s, o));
        cases.add(new Case("quantize " + name, new Quantize(grid[0], grid[1]), x, s, o));
    }

    @TestFactory
    Stream<DynamicTest> should_give_the_same_bits_as_the_definition() {
        return cases().stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each)));
    }

    private static void compare(Case each) {
        Tensor expected = Reference.runExactly(each.op(), each.inputs())[0];
        int before = Parallel.threads();
        try {
            for (int threads : new int[] {1, 3}) {
                Parallel.setThreads(threads);
                Near.same(each.name() + " on " + threads + " threads", Dispatch.apply(each.op(), each.inputs()),
                        expected);
            }
        } finally {
            Parallel.setThreads(before);
        }
    }

    @TestFactory
    Stream<DynamicTest> should_sum_range_gradients_in_double() {
        return Stream.of(1, 3, 1023, 1025, 16_384, 100_001).map(length -> DynamicTest.dynamicTest("x" + length, () -> {
            Rng rng = new Rng(length);
            Tensor x = Tensors.randn(rng, length);
            Tensor g = Tensors.randn(rng, length);
            for (Op op : List.of(new FakeQuantize.Grad(0, 15, 0, false), new FakeQuantize.Grad(-2, 1, 0.5, false),
                    new Quantize.Grad(0, 15))) {
                Tensor[] inputs = {g, x, Tensors.scalar(0.1), Tensors.scalar(-8)};
                Tensor[] got = Dispatch.applyAll(op, inputs);
                Tensor[] expected = Reference.runExactly(op, inputs);
                Near.same("gradient of x", got[0], expected[0]);
                for (int i = 1; i < 3; i++) {
                    // The same terms in another order: double sums agree to a rounding of the float result.
                    assertThat((float) got[i].item()).isBetween(Math.nextDown((float) expected[i].item()),
                            Math.nextUp((float) expected[i].item()));
                }
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> should_round_to_formats_as_the_definition_does() {
        return Stream.of(new FloatFakeQuantize(10, -14, 65504, true, false, true),
                new FloatFakeQuantize(10, -14, 65504, false, false, true),
                new FloatFakeQuantize(7, -126, 3.3895313892515355e38, true, false, true),
                new FloatFakeQuantize(3, -6, 448, false, true, true), new FloatFakeQuantize(1, 0, 6, true, true, true),
                new FloatFakeQuantize(3, -7, 240, true, false, false)).map(op -> DynamicTest.dynamicTest(op.toString(),
                    () -> {
                    Rng rng = new Rng(3);
                    float[] values = new float[20_000];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Float.intBitsToFloat((int) rng.nextLong()); // all exponents, NaN among them
                    }
                    Tensor x = Tensors.of(values, 4, 5000);
                    Tensor scale = Tensors.of(new float[] {1, 0.3f, 17, 1e-3f}, 4, 1);
                    Near.same("cast", Dispatch.apply(op, x, scale), Reference.runExactly(op, x, scale)[0]);
                    Op grad = new FloatFakeQuantize.InputGrad(op.max(), op.straightThrough());
                    Tensor g = Tensors.randn(rng, 4, 5000);
                    Near.same("gradient", Dispatch.apply(grad, g, x, scale), Reference.runExactly(grad, g, x,
                            scale)[0]);
                }));
    }

    @Test
    void should_count_as_the_definition_does() {
        Rng rng = new Rng(9);
        for (int length : LENGTHS) {
            Tensor x = awkward(rng, 0.125f, GRIDS.get(1), 2, 3, length);
            for (Shape shape : List.of(Shape.SCALAR, Shape.of(3, 1), Shape.of(2, 1, 1), Shape.of(length))) {
                for (boolean finiteOnly : new boolean[] {false, true}) {
                    Op op = new MinMax(shape, finiteOnly);
                    Tensor[] got = Dispatch.applyAll(op, x);
                    Tensor[] expected = Reference.runExactly(op, x);
                    for (int i = 0; i < 3; i++) {
                        Near.same(op + " output " + i, got[i], expected[i]);
                    }
                }
                Tensor low = Tensors.full(shape, -0.5, DType.FLOAT32);
                Tensor high = Tensors.full(shape, 1.25, DType.FLOAT32);
                Near.same("histogram " + shape, Dispatch.apply(new Histogram(64), x, low, high),
                        Reference.runExactly(new Histogram(64), x, low, high)[0]);
                Near.same("histogram without width " + shape, Dispatch.apply(new Histogram(5), x, low, low),
                        Reference.runExactly(new Histogram(5), x, low, low)[0]);
            }
        }
    }
}

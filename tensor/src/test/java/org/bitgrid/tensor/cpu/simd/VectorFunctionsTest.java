package org.bitgrid.tensor.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.op.Pointwise1;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The polynomials against functions in double precision, and vectors against plain Java bit for bit. */
class VectorFunctionsTest {
    private static final int COUNT = 400_003;

    /** Runs a function over an array. */
    private interface Loop {
        void run(VectorFunctions functions, float[] x, float[] y);
    }

    /**
     * @param units most that may be lost, in units of 2^-24 of the result: one for rounding it, and the kind's own
     * @param reach samples come from -reach to reach, and from all floats
     */
    private record Case(Pointwise1.Kind kind, int units, float reach, Loop loop) {
        Case(Pointwise1.Kind kind, float reach, Loop loop) {
            this(kind, 1 + kind.roundings(), reach, loop);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(Pointwise1.Kind.EXP, 110, (f, x, y) -> f.exp(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.LOG, 3, (f, x, y) -> f.log(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.SIGMOID, 110, (f, x, y) -> f.sigmoid(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.TANH, 12, (f, x, y) -> f.tanh(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.ERF, 5, (f, x, y) -> f.erf(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.GELU, 16, (f, x, y) -> f.gelu(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.SILU, 30, (f, x, y) -> f.silu(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.MISH, 30, (f, x, y) -> f.mish(x, 0, y, 0, x.length)),
            new Case(Pointwise1.Kind.GELU_TANH, 16, (f, x, y) -> f.geluTanh(x, 0, y, 0, x.length)));

    private static float[] samples(float reach) {
        float[] edges = {0, -0f, 1, -1, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE,
            -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 88.7f, 88.8f, -87.4f,
            -103.9f, -104f, 0.625f, Math.nextDown(0.625f), 10, 4, 0x1.6a09e6p-1f, 0x1.6a09e8p0f};
        float[] x = new float[COUNT];
        Rng rng = new Rng(17);
        for (int i = 0; i < COUNT; i++) {
            x[i] = i < edges.length ? edges[i] : i % 2 == 0 ? (2 * rng.nextFloat() - 1) * reach
                    : Float.intBitsToFloat((int) rng.nextLong());
        }
        return x;
    }

    private static double definition(Pointwise1.Kind kind, float x) {
        if (kind != Pointwise1.Kind.GELU && kind != Pointwise1.Kind.GELU_TANH || x > 0) {
            return kind.reference(x);
        }
        if (kind == Pointwise1.Kind.GELU_TANH) { // written so that nothing cancels
            double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
            return x == Float.NEGATIVE_INFINITY ? Double.NaN : x / (1 + StrictMath.exp(-2 * u));
        }
        return x < -3.2 ? x * tail(-x) : kind.reference(x);
    }

    /** Φ(-a) by its continued fraction, for a beyond 3. */
    private static double tail(double a) {
        double fraction = a;
        for (int n = 200; n >= 1; n--) {
            fraction = a + n / fraction;
        }
        return StrictMath.exp(-a * a / 2) / (Math.sqrt(2 * Math.PI) * fraction);
    }

    @TestFactory
    Stream<DynamicTest> keepsWithinItsBound() {
        return CASES.stream().map(test -> DynamicTest.dynamicTest(test.kind.toString(), () -> {
            float[] x = samples(test.reach);
            float[] y = new float[x.length];
            test.loop.run(VectorMaths.FUNCTIONS, x, y);
            DoubleUnaryOperator exact = v -> definition(test.kind, (float) v);
            double worst = 0;
            float at = 0;
            for (int i = 0; i < x.length; i++) {
                double expected = exact.applyAsDouble(x[i]);
                if (Double.isNaN(expected) || Math.abs(expected) > Float.MAX_VALUE || expected == 0) {
                    assertThat(Float.valueOf(y[i] + 0f)).as("%s(%s)", test.kind, x[i]).isEqualTo(Float.valueOf((float) expected + 0f));
                    continue;
                }
                // Below the normal range a float's last place is MIN_VALUE; some multiply such a number by x.
                boolean product = switch (test.kind) {
                    case GELU, SILU, MISH -> true;
                    default -> false;
                };
                double least = 0.5 * Float.MIN_VALUE * (product ? Math.abs(x[i]) + 1 : 1);
                double unit = Math.max(Math.abs(expected) * 0x1p-24, least);
                double error = Math.abs(y[i] - expected) / unit;
                if (error > worst) {
                    worst = error;
                    at = x[i];
                }
            }
            System.out.printf("%s: %.2f of %d units of 2^-24 at %s%n", test.kind, worst, test.units, at);
            assertThat(worst).as("units of 2^-24 lost at %s", at).isLessThanOrEqualTo(test.units);
        }));
    }

    @TestFactory
    Stream<DynamicTest> vectorsGiveTheBitsOfPlainJava() {
        return CASES.stream().map(test -> DynamicTest.dynamicTest(test.kind.toString(), () -> {
            float[] x = samples(test.reach);
            float[] vectors = new float[x.length];
            float[] plain = new float[x.length];
            test.loop.run(VectorMaths.FUNCTIONS, x, vectors);
            test.loop.run(new ScalarFunctions(), x, plain);
            assertThat(vectors).isEqualTo(plain);
        }));
    }

    @Test
    void gatesPassWhatIsOpen() {
        float[] y = {1, 0, -1, 6, 5.9f, Float.NaN, -0f, 7, Float.MIN_VALUE, 2, 3, 4, 5, 6, 7, 8, 9};
        float[] grad = new float[y.length];
        for (int i = 0; i < y.length; i++) {
            grad[i] = i % 3 == 0 ? Float.POSITIVE_INFINITY : i + 1;
        }
        float[] out = new float[y.length];
        VectorMaths.FUNCTIONS.reluGrad(grad, 0, y, 0, out, 0, y.length);
        for (int i = 0; i < y.length; i++) {
            assertThat(out[i]).isEqualTo(y[i] > 0 ? grad[i] : 0);
        }
        VectorMaths.FUNCTIONS.relu6Grad(grad, 0, y, 0, out, 0, y.length);
        for (int i = 0; i < y.length; i++) {
            assertThat(out[i]).isEqualTo(y[i] > 0 && y[i] < 6 ? grad[i] : 0);
        }
    }
}

package org.bitgrid.nn.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.nn.init.Init.Fan;
import org.bitgrid.nn.init.Init.Nonlinearity;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class InitTest {
    /** Expected mean and deviation, and the bounds that no value may pass. */
    private record Case(String name, Initializer init, double mean, double deviation, double low, double high) {
        static Case uniform(String name, Initializer init, double bound) {
            return new Case(name, init, 0, bound / Math.sqrt(3), -bound, bound);
        }

        static Case normal(String name, Initializer init, double deviation) {
            return new Case(name, init, 0, deviation, -6 * deviation, 6 * deviation);
        }
    }

    // A weight of 64 output channels, 32 input channels and a 3 x 5 kernel: fan-in 480, fan-out 960.
    private static final Shape WEIGHT = Shape.of(64, 32, 3, 5);

    private static List<Case> cases() {
        return List.of(
                new Case("constant", Init.constant(3), 3, 0, 3, 3),
                new Case("zeros", Init.zeros(), 0, 0, 0, 0),
                new Case("ones", Init.ones(), 1, 0, 1, 1),
                new Case("uniform", Init.uniform(-1, 3), 1, 4 / Math.sqrt(12), -1, 3),
                new Case("normal", Init.normal(2, 0.5), 2, 0.5, -1, 5),
                Case.uniform("xavierUniform", Init.xavierUniform(), Math.sqrt(6.0 / 1440)),
                Case.uniform("xavierUniform gain", Init.xavierUniform(2), 2 * Math.sqrt(6.0 / 1440)),
                Case.normal("xavierNormal", Init.xavierNormal(), Math.sqrt(2.0 / 1440)),
                Case.uniform("kaimingUniform", Init.kaimingUniform(), Math.sqrt(2) * Math.sqrt(3.0 / 480)),
                Case.uniform("kaimingUniform fan-out", Init.kaimingUniform(0, Fan.OUT, Nonlinearity.LINEAR),
                        Math.sqrt(3.0 / 960)),
                Case.normal("kaimingNormal", Init.kaimingNormal(), Math.sqrt(2.0 / 480)),
                Case.uniform("layerWeight", Init.layerWeight(), 1 / Math.sqrt(480)),
                Case.uniform("layerBias", Init.layerBias(WEIGHT), 1 / Math.sqrt(480)),
                // Deviation of a standard normal cut off at 2 deviations: 0.8796.
                new Case("truncatedNormal", Init.truncatedNormal(0, 1, -2, 2), 0, 0.87963, -2, 2),
                // Mean and deviation of a standard normal above 3: 3.2831 and 0.2659.
                new Case("truncatedNormal tail", Init.truncatedNormal(0, 1, 3, 100), 3.28310, 0.26589, 3, 100),
                new Case("truncatedNormal lower tail", Init.truncatedNormal(0, 1, -100, -3), -3.28310, 0.26589, -100,
                        -3));
    }

    @TestFactory
    Stream<DynamicTest> distributions() {
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            Tensor tensor = c.init.make(WEIGHT, new Rng(11));
            assertThat(tensor.shape()).isEqualTo(WEIGHT);
            double[] values = tensor.toDoubleArray();
            double sum = 0;
            double squares = 0;
            for (double value : values) {
                assertThat(value).isBetween(c.low - 1e-6, c.high + 1e-6);
                sum += value;
                squares += value * value;
            }
            double mean = sum / values.length;
            double deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
            // Five standard errors of 30720 samples.
            assertThat(mean).isCloseTo(c.mean, offset(5 * c.deviation / Math.sqrt(values.length) + 1e-9));
            assertThat(deviation).isCloseTo(c.deviation, offset(0.03 * c.deviation + 1e-9));
        }));
    }

    @Test
    void sameSeedGivesSameValues() {
        Rng.setCurrent(new Rng(5));
        float[] first = Init.layerWeight().make(4, 3).toFloatArray();
        Rng.setCurrent(new Rng(5));
        assertThat(Init.layerWeight().make(4, 3).toFloatArray()).containsExactly(first);
    }

    @TestFactory
    Stream<DynamicTest> orthogonalRowsOrColumns() {
        return Stream.of(Shape.of(5, 9), Shape.of(9, 5), Shape.of(6, 2, 3)).map(shape ->
                DynamicTest.dynamicTest(shape.toString(), () -> {
                    Tensor matrix = Init.orthogonal(2).make(shape, new Rng(3)).reshape(shape.dim(0), -1);
                    boolean rows = matrix.size(0) <= matrix.size(1);
                    Tensor square = rows ? matrix.matmul(matrix.transpose(0, 1))
                            : matrix.transpose(0, 1).matmul(matrix);
                    for (int i = 0; i < square.size(0); i++) {
                        for (int j = 0; j < square.size(0); j++) {
                            assertThat(square.at(i, j)).isCloseTo(i == j ? 4 : 0, offset(1e-5));
                        }
                    }
                }));
    }

    @Test
    void eyeAndSparse() {
        assertThat(Init.eye().make(2, 3).toFloatArray()).containsExactly(1, 0, 0, 0, 1, 0);
        float[] values = Init.sparse(0.5, 0.01).make(Shape.of(10, 4), new Rng(2)).toFloatArray();
        for (int column = 0; column < 4; column++) {
            int zeros = 0;
            for (int row = 0; row < 10; row++) {
                zeros += values[row * 4 + column] == 0 ? 1 : 0;
            }
            assertThat(zeros).isEqualTo(5);
        }
    }

    @Test
    void saysWhatDoesNotFit() {
        assertThatThrownBy(() -> Init.xavierUniform().make(4)).isInstanceOf(ShapeException.class)
                .hasMessage("xavierUniform: a weight needs at least 2 dimensions; got (4,); use uniform or normal for "
                        + "vectors");
        assertThatThrownBy(() -> Init.uniform(1, 0)).isInstanceOf(ShapeException.class)
                .hasMessage("uniform: bounds are in the wrong order; got 1.0 and 0.0");
        assertThatThrownBy(() -> Init.normal(0, -1)).isInstanceOf(ShapeException.class)
                .hasMessage("normal: standard deviation must not be negative; got -1.0");
        assertThatThrownBy(() -> Init.eye().make(2, 2, 2)).isInstanceOf(ShapeException.class)
                .hasMessage("eye: expected a matrix; got (2, 2, 2)");
    }
}

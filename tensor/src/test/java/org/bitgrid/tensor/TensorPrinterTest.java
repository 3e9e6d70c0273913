package org.bitgrid.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Texts as PyTorch prints the same tensors. */
class TensorPrinterTest {
    private static Tensor of(double... values) {
        return Tensors.of(values, values.length).to(DType.FLOAT32);
    }

    @Test
    void fixedWholeAndScientific() {
        assertThat(of(1, 2.5, -3.25)).hasToString("tensor([ 1.0000,  2.5000, -3.2500])");
        assertThat(of(1, 20, -3)).hasToString("tensor([ 1., 20., -3.])");
        assertThat(of(0, 0)).hasToString("tensor([0., 0.])");
        assertThat(of(0.5, 1000)).hasToString("tensor([5.0000e-01, 1.0000e+03])");
        assertThat(of(0.5, 499.5)).hasToString("tensor([  0.5000, 499.5000])");
        assertThat(of(0.00009, 0.5)).hasToString("tensor([9.0000e-05, 5.0000e-01])");
        assertThat(of(1, 2000)).hasToString("tensor([1.0000e+00, 2.0000e+03])");
        assertThat(of(200000000)).hasToString("tensor([2.0000e+08])");
        assertThat(of(0.1)).hasToString("tensor([0.1000])");
        assertThat(Tensors.scalar(0.1).to(DType.FLOAT32)).hasToString("tensor(0.1000)");
        assertThat(Tensors.scalar(3).to(DType.FLOAT32)).hasToString("tensor(3.)");
    }

    @Test
    void notANumberAndInfinity() {
        assertThat(of(1, Double.NaN, Double.NEGATIVE_INFINITY)).hasToString("tensor([1., nan, -inf])");
        assertThat(of(1.5, Double.NaN, Double.NEGATIVE_INFINITY)).hasToString("tensor([1.5000,    nan,   -inf])");
        assertThat(of(-0.0, 1.5)).hasToString("tensor([-0.0000, 1.5000])");
    }

    @Test
    void otherTypes() {
        assertThat(Tensors.of(new long[] {1, -20, 9007199254740993L}, 3))
                .hasToString("tensor([               1,              -20, 9007199254740993])");
        assertThat(Tensors.of(new long[] {1, 0}, 2).to(DType.BOOL)).hasToString("tensor([ True, False])");
        assertThat(Tensors.of(new double[] {0.1, 2}, 2)).hasToString("tensor([0.1000, 2.0000], dtype=torch.float64)");
        assertThat(Tensors.of(new long[] {1, 2}, 2).to(DType.UINT8)).hasToString("tensor([1, 2], dtype=torch.uint8)");
    }

    @Test
    void emptyOnes() {
        assertThat(Tensors.zeros(0)).hasToString("tensor([])");
        assertThat(Tensors.zeros(2, 0)).hasToString("tensor([], size=(2, 0))");
        assertThat(Tensors.zeros(Shape.of(0), DType.INT64)).hasToString("tensor([], dtype=torch.int64)");
    }

    @Test
    void nestedBracketsAndWrappedLines() {
        assertThat(Tensors.arange(8).to(DType.FLOAT32).reshape(2, 2, 2)).hasToString("""
                tensor([[[0., 1.],
                         [2., 3.]],

                        [[4., 5.],
                         [6., 7.]]])""");
        assertThat(Tensors.arange(30)).hasToString("""
                tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
                        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])""");
        assertThat(Tensors.arange(4).reshape(2, 2).transpose(0, 1)).hasToString("""
                tensor([[0, 2],
                        [1, 3]])""");
    }

    @Test
    void manyElementsByTheirEnds() {
        assertThat(Tensors.arange(1001)).hasToString("tensor([   0,    1,    2,  ...,  998,  999, 1000])");
        assertThat(Tensors.arange(1200).reshape(40, 30)).hasToString("""
                tensor([[   0,    1,    2,  ...,   27,   28,   29],
                        [  30,   31,   32,  ...,   57,   58,   59],
                        [  60,   61,   62,  ...,   87,   88,   89],
                        ...,
                        [1110, 1111, 1112,  ..., 1137, 1138, 1139],
                        [1140, 1141, 1142,  ..., 1167, 1168, 1169],
                        [1170, 1171, 1172,  ..., 1197, 1198, 1199]])""");
        assertThat(Tensors.zeros(1000)).asString().startsWith("tensor([0., 0., 0., 0.,").hasLineCount(42);
    }

    @Test
    void rounding() {
        // The double nearest to 0.00015 lies below it.
        assertThat(Tensors.of(new double[] {0.00015, 0.1}, 2)).hasToString(
                "tensor([0.0001, 0.1000], dtype=torch.float64)");
        assertThat(of(0.99996, 0.5)).hasToString("tensor([1.0000, 0.5000])");
        assertThat(of(0.0000999999, 0.01)).hasToString("tensor([1.0000e-04, 1.0000e-02])");
    }
}

package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.testing.Fuzzer;
import org.bitgrid.testing.Strided;
import org.junit.jupiter.api.Test;

/** Faults that fuzzing found, each as the method that it printed. */
class FoundByFuzzingTest {
    @Test
    void layer_normOfNothingHasNoMean() {
        Tensor x0 = Strided.of(new float[] {}, Shape.of(0), 1);
        Tensor x1 = Strided.of(new float[] {}, Shape.of(0), 1);
        Tensor x2 = Strided.of(new float[] {}, Shape.of(0), 1);
        Fuzzer.check(new LayerNorm(Shape.of(0), 0.01), x0, x1, x2);
    }

    /** Windows that lie in the padding alone have no mean. */
    @Test
    void avg_pool2dOfNothingIsRefused() {
        Tensor x0 = Strided.of(new float[] {}, Shape.of(1, 1, 0, 2), 27, 9, 9, 1);
        assertThatThrownBy(() -> x0.avgPool2d(new Window2d(2, 2, 1, 2, 1, 0, 1, 1), false, false, 0))
                .hasMessage("avg_pool2d: input has no elements to pool; got (1, 1, 0, 2)");
    }

    @Test
    void emptySlicesStayInsideTheirStorage() {
        Tensor empty = Tensors.zeros(0, 9).slice(1, 4, 9);
        assertThat(empty.toFloatArray()).isEmpty();
        assertThat(empty.layout().offset()).isZero();
    }
}

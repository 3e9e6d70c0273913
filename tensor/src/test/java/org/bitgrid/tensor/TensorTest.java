package org.bitgrid.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
    private static Tensor counting(int... dims) {
        float[] values = new float[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return Tensors.of(values, dims);
    }

    @Test
    void devicesAreTheSameWhenTheyAreEqual() {
        Tensor x = counting(3);
        Tensor there = Tensor.of(x.storage(), x.layout(), new Device("cpu", 0));
        assertThat(x.add(there).toFloatArray()).containsExactly(0, 2, 4);
    }

    @Test
    void viewsShareMemoryAndReadInRowMajorOrder() {
        Tensor x = counting(2, 3);
        assertThat(x.transpose(0, 1).toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(x.transpose(0, 1).storage()).isSameAs(x.storage());
        assertThat(x.transpose(0, 1).reshape(6).toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(x.slice(1, 0, 3, 2).toFloatArray()).containsExactly(0, 2, 3, 5);
        assertThat(x.select(0, -1).toFloatArray()).containsExactly(3, 4, 5);
        assertThat(x.unsqueeze(1).expand(2, 4, 3).select(1, 3).toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(x.flatten(0).size(0)).isEqualTo(6);
    }

    @Test
    void viewRefusesToCopy() {
        assertThatThrownBy(() -> counting(2, 3).transpose(0, 1).view(6)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("use reshape");
        assertThatThrownBy(() -> counting(2, 3, 4).reshape(5, -1)).isInstanceOf(ShapeException.class)
                .hasMessage("reshape: cannot view (2, 3, 4) = 24 elements as (5, -1): 24 is not divisible by 5");
    }

    @Test
    void arithmeticBroadcastsAndPromotes() {
        Tensor x = counting(2, 3);
        assertThat(x.add(Tensors.of(10f, 20f, 30f)).toFloatArray()).containsExactly(10, 21, 32, 13, 24, 35);
        assertThat(Tensors.arange(3).add(1).dtype()).isEqualTo(DType.INT64);
        assertThat(Tensors.arange(3).add(1.5).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(Tensors.arange(3).div(2.0).toFloatArray()).containsExactly(0, 0.5f, 1);
        assertThat(x.sum().item()).isEqualTo(15);
        assertThat(x.sum(List.of(0), false).toFloatArray()).containsExactly(3, 5, 7);
        assertThat(x.argmax(1).toLongArray()).containsExactly(2, 2);
        assertThat(x.matmul(x.transpose(0, 1)).toFloatArray()).containsExactly(5, 14, 14, 50);
        assertThatThrownBy(() -> x.add(Tensors.of(1f, 2f))).hasMessage("add: shapes cannot be broadcast; got (2, 3) "
                + "and (2,); expected equal sizes or 1 at dimension -1");
    }

    @Test
    void scopesReleaseWhatTheyOwnAndKeepWhatIsKept() {
        Tensor outside = counting(4);
        Tensor kept;
        Tensor lost;
        Tensor view;
        try (TensorScope scope = TensorScope.open()) {
            lost = outside.add(1.0);
            kept = scope.keep(outside.add(2.0).view(2, 2));
            view = outside.view(2, 2);
        }
        assertThat(kept.toFloatArray()).containsExactly(2, 3, 4, 5);
        assertThat(view.toFloatArray()).containsExactly(0, 1, 2, 3);
        assertThatThrownBy(lost::toFloatArray).isInstanceOf(StateException.class).hasMessageContaining("keep");
    }

    @Test
    void scopesReuseArrays() {
        ArrayPool.clear();
        Tensor x = Tensors.zeros(5000);
        float[] first;
        try (TensorScope scope = TensorScope.open()) {
            first = x.add(1.0).storage().floats();
        }
        assertThat(x.add(1.0).storage().floats()).isSameAs(first);
    }

    @Test
    void metaTensorsHaveShapesButNoValues() {
        Tensor x = Tensor.meta(Shape.of(2, 3), DType.FLOAT32);
        assertThat(x.matmul(Tensors.zeros(3, 5)).shape()).isEqualTo(Shape.of(2, 5));
        assertThatThrownBy(x::toFloatArray).isInstanceOf(DeviceException.class).hasMessageContaining("meta");
    }

    @Test
    void randomNumbersDependOnSeedStreamAndPositionOnly() {
        Rng rng = new Rng(42);
        long[] drawn = {rng.nextLong(), rng.nextLong(), rng.nextLong()};
        assertThat(new Rng(42).longAt(2)).isEqualTo(drawn[2]);
        Rng resumed = Rng.of(rng.state());
        assertThat(resumed.nextLong()).isEqualTo(rng.nextLong());
        assertThat(new Rng(42).fork(1).nextLong()).isNotEqualTo(new Rng(42).fork(2).nextLong());
        assertThat(new Rng(7).permutation(100)).doesNotHaveDuplicates().hasSize(100);
    }

    @Test
    void printsAsPyTorchDoes() {
        assertThat(counting(2, 2)).hasToString("tensor([[0., 1.],\n        [2., 3.]])");
    }
}

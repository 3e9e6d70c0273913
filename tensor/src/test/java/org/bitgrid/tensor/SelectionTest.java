package org.bitgrid.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Methods that choose, cut, join and fold, on small tensors by hand. */
class SelectionTest {
    private static Tensor matrix() {
        return Tensors.of(new float[] {0, 1, 0, -2, 0, 3}, 2, 3);
    }

    @Test
    void nonzeroAndMaskedSelectFindElementsInOrder() {
        assertThat(matrix().nonzero().toLongArray()).containsExactly(0, 1, 1, 0, 1, 2);
        assertThat(matrix().nonzero().shape()).isEqualTo(Shape.of(3, 2));
        assertThat(Tensors.scalar(0).nonzero().shape()).isEqualTo(Shape.of(0, 0));
        assertThat(Tensors.zeros(3).nonzero().shape()).isEqualTo(Shape.of(0, 1));
        assertThat(matrix().maskedSelect(matrix().ne(0)).toFloatArray()).containsExactly(1, -2, 3);
        assertThat(matrix().maskedSelect(Tensors.of(true, false, true)).toFloatArray()).containsExactly(0, 0, -2, 3);
        assertThatThrownBy(() -> matrix().maskedSelect(matrix())).isInstanceOf(DTypeException.class)
                .hasMessageContaining("masked_select: mask must be bool");
        assertThatThrownBy(() -> Tensor.meta(Shape.of(2), DType.FLOAT32).nonzero())
                .isInstanceOf(DeviceException.class).hasMessageStartingWith("nonzero: ");
    }

    @Test
    void partsAndPlaces() {
        List<Tensor> parts = matrix().split(List.of(1, 2), 1);
        assertThat(parts.get(0).toFloatArray()).containsExactly(0, -2);
        assertThat(parts.get(1).toFloatArray()).containsExactly(1, 0, 0, 3);
        assertThatThrownBy(() -> matrix().split(List.of(1, 1), 1)).isInstanceOf(ShapeException.class)
                .hasMessage("split: sizes must fill dimension 1 of (2, 3); got [1, 1]");
        assertThat(matrix().unbind(0).get(1).toFloatArray()).containsExactly(-2, 0, 3);
        assertThat(Tensors.ones(1, 2, 1).squeeze().shape()).isEqualTo(Shape.of(2));
        assertThat(Tensors.ones(6, 2).unflatten(0, 2, -1).shape()).isEqualTo(Shape.of(2, 3, 2));
        assertThat(Tensors.ones(2, 3, 4).movedim(0, 2).shape()).isEqualTo(Shape.of(3, 4, 2));
        assertThat(Tensors.of(1f, 2f).repeatInterleave(2, 0).toFloatArray()).containsExactly(1, 1, 2, 2);
        assertThat(matrix().roll(List.of(1, 1), List.of(0, 1)).toFloatArray()).containsExactly(3, -2, 0, 0, 0, 1);
        assertThat(matrix().scatter(1, Tensors.of(new long[] {2, 0}, 2, 1), 9).toFloatArray())
                .containsExactly(0, 1, 9, 9, 0, 3);
    }

    @Test
    void foldsOfTruthsAndProducts() {
        assertThat(matrix().any(List.of(0), false).toLongArray()).containsExactly(1, 1, 1);
        assertThat(matrix().all(List.of(1), false).toLongArray()).containsExactly(0, 0);
        assertThat(Tensors.zeros(0).all().item()).isEqualTo(1);
        assertThat(Tensors.zeros(0).any().item()).isEqualTo(0);
        assertThat(matrix().countNonzero().itemLong()).isEqualTo(3);
        assertThat(Tensors.of(2f, 3f, 4f).prod().item()).isEqualTo(24);
        assertThat(Tensors.of(new long[] {2, 0, 5}, 3).cumprod(0).toLongArray()).containsExactly(2, 0, 0);
        assertThat(matrix().argmin().itemLong()).isEqualTo(3);
        assertThat(matrix().topk(1, 1, false)[0].toFloatArray()).containsExactly(0, -2);
    }

    @Test
    void promotionIsOneTableForAllPairs() {
        // The result of two tensors with dimensions, in the order of DType: PyTorch's table.
        String[] table = {
            "bool uint8 int8 int32 int64 float32 float64",
            "uint8 uint8 int32 int32 int64 float32 float64",
            "int8 int32 int8 int32 int64 float32 float64",
            "int32 int32 int32 int32 int64 float32 float64",
            "int64 int64 int64 int64 int64 float32 float64",
            "float32 float32 float32 float32 float32 float32 float64",
            "float64 float64 float64 float64 float64 float64 float64"};
        DType[] types = DType.values();
        for (int i = 0; i < types.length; i++) {
            for (int j = 0; j < types.length; j++) {
                String expected = table[i].split(" ")[j];
                Tensor a = Tensors.zeros(Shape.of(2), types[i]);
                Tensor b = Tensors.zeros(Shape.of(2), types[j]);
                assertThat(a.mul(b).dtype()).hasToString(expected);
                assertThat(Tensors.where(Tensors.of(true, false), a, b).dtype()).hasToString(expected);
                // A tensor without dimensions counts only when its category is higher.
                boolean higher = category(types[j]) > category(types[i]);
                Tensor weak = Tensors.zeros(Shape.SCALAR, types[j]);
                assertThat(a.mul(weak).dtype()).isEqualTo(higher ? types[j] : types[i]);
                assertThat(weak.mul(a).dtype()).isEqualTo(higher ? types[j] : types[i]);
                assertThat(a.lt(b).dtype()).isEqualTo(DType.BOOL);
                DType quotient = a.div(b).dtype();
                assertThat(quotient).hasToString(expected.startsWith("float") ? expected : "float32");
            }
            Tensor a = Tensors.ones(2).to(types[i]);
            boolean floating = types[i].isFloating();
            assertThat(a.sum().dtype()).isEqualTo(floating ? types[i] : DType.INT64);
            assertThat(a.mul(2.0).dtype()).isEqualTo(floating ? types[i] : DType.FLOAT32);
            assertThat(a.mul(2).dtype()).isEqualTo(types[i] == DType.BOOL ? DType.INT64 : types[i]);
            if (!floating) {
                assertThatThrownBy(a::mean).isInstanceOf(DTypeException.class).hasMessageContaining("mean");
            }
        }
    }

    private static int category(DType type) {
        return type.isFloating() ? 2 : type.isInteger() ? 1 : 0;
    }

    @Test
    void makersOfTensors() {
        assertThat(Tensors.eye(2).toFloatArray()).containsExactly(1, 0, 0, 1);
        assertThat(Tensors.linspace(0, 1, 5).toFloatArray()).containsExactly(0, 0.25f, 0.5f, 0.75f, 1);
        assertThat(Tensors.arange(5, 0, -2).toLongArray()).containsExactly(5, 3, 1);
        assertThatThrownBy(() -> Tensors.arange(0, 5, -1)).isInstanceOf(ShapeException.class);
        assertThat(Tensors.randperm(new Rng(1), 50).sort(0, false)[0].toLongArray())
                .isEqualTo(Tensors.arange(50).toLongArray());
        assertThat(Tensors.randint(new Rng(1), -2, 3, 200).sort(0, false)[0].toLongArray()).startsWith(-2)
                .endsWith(2);
    }
}

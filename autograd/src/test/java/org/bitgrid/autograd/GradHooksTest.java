package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class GradHooksTest {
    private static Tensor leaf(float... values) {
        return Tensors.of(values).requiresGrad(true);
    }

    @Test
    void aHookSeesTheWholeGradientOnceAndMayReplaceIt() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2.0);
        List<float[]> seen = new ArrayList<>();
        GradHooks.onTensor(y, grad -> {
            seen.add(grad.toFloatArray());
            return grad.mul(10.0);
        });
        y.add(y.square()).sum().backward();
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0)).containsExactly(5, 9);
        assertThat(x.grad().toFloatArray()).containsExactly(100, 180);
    }

    @Test
    void hooksOfLeavesRunInOrderAndCanBeRemoved() {
        Tensor x = leaf(1, 2);
        List<String> order = new ArrayList<>();
        GradHooks.onTensor(x, grad -> {
            order.add("first");
            return grad.add(1.0);
        });
        GradHooks.Handle second = GradHooks.onTensor(x, grad -> {
            order.add("second " + grad.at(0));
            return null;
        });
        x.mul(3.0).sum().backward();
        assertThat(order).containsExactly("first", "second 4.0");
        assertThat(x.grad().toFloatArray()).containsExactly(4, 4);
        second.remove();
        x.mul(3.0).sum().backward();
        assertThat(order).hasSize(3);
    }

    @Test
    void aHooksArgumentLivesAsLongAsTheScopeAroundBackward() {
        Tensor x = leaf(1, 2);
        Tensor[] stolen = new Tensor[3];
        try (TensorScope scope = TensorScope.open()) {
            Tensor y = x.mul(2.0);
            Tensor z = y.exp();
            GradHooks.onTensor(y, grad -> {
                stolen[0] = grad;
                return null;
            });
            GradHooks.onOperator(z, (inputs, outputs) -> {
                stolen[1] = inputs[0];
                stolen[2] = outputs[0];
            });
            z.mul(1.0).sum().backward();
            assertThat(stolen[0].toFloatArray()).containsExactly(z.toFloatArray());
            assertThat(stolen[1].toFloatArray()).containsExactly(z.toFloatArray());
            assertThat(stolen[2].toFloatArray()).containsExactly(1, 1);
        }
        for (Tensor each : stolen) {
            assertThat(each.storage().isReleased()).isTrue();
        }
        Tensor[] kept = new Tensor[1];
        Tensor y = x.mul(2.0);
        GradHooks.onTensor(y, grad -> {
            kept[0] = grad;
            return null;
        });
        y.square().sum().backward();
        assertThat(kept[0].toFloatArray()).containsExactly(4, 8);
    }

    @Test
    void misuseIsExplained() {
        Tensor x = leaf(1, 2);
        assertThatThrownBy(() -> GradHooks.onTensor(Tensors.of(1f), grad -> null)).isInstanceOf(StateException.class)
                .hasMessage("GradHooks.onTensor: tensor does not require gradients; got shape (1,); call "
                        + "requiresGrad(true) first");
        assertThatThrownBy(() -> GradHooks.onOperator(x, (in, out) -> { })).isInstanceOf(StateException.class)
                .hasMessageContaining("tensor is a leaf");
        GradHooks.onTensor(x, grad -> grad.sum());
        assertThatThrownBy(() -> x.mul(2.0).sum().backward()).isInstanceOf(ShapeException.class)
                .hasMessage("gradient hook: result has the wrong shape; got (); expected (2,)");
    }
}

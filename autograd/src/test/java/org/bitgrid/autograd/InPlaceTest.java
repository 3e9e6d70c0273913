package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class InPlaceTest {
    private static Tensor leaf(float... values) {
        return Tensors.of(values).requiresGrad(true);
    }

    @Test
    void aSavedTensorThatWasOverwrittenIsAnError() {
        Tensor x = leaf(1, 2);
        Tensor factor = Tensors.of(3f, 4f);
        factor.addInPlace(Tensors.of(1f, 1f));
        factor.addInPlace(Tensors.of(1f, 1f));
        Tensor y = x.mul(factor).sum();
        factor.addInPlace(Tensors.of(1f, 1f));
        assertThatThrownBy(y::backward).isInstanceOf(StateException.class).hasMessageMatching(
                "saved tensor of mul #\\d+ \\(shape \\(2,\\)\\) was modified in place after being saved "
                        + "\\(version 3, expected 2\\); clone it before addInPlace");
    }

    @Test
    void aSavedOutputThatWasOverwrittenIsAnError() {
        Tensor x = leaf(1, 2);
        Tensor y = x.exp();
        y.addInPlace(Tensors.of(1f, 1f));
        assertThatThrownBy(() -> y.sum().backward()).isInstanceOf(StateException.class)
                .hasMessageContaining("saved tensor of exp #").hasMessageContaining("(version 1, expected 0)");
    }

    @Test
    void whatNobodyReadsMayBeOverwritten() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2.0);
        y.addInPlace(x.square());
        y.mul(3.0).sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(3 * (2 + 2), 3 * (2 + 4));
    }

    @Test
    void aTensorWithoutHistoryTakesOnThatOfWhatIsAddedToIt() {
        Tensor x = leaf(1, 2);
        Tensor total = Tensors.zeros(2);
        total.addInPlace(x.square());
        total.addInPlace(x);
        assertThat(total.requiresGrad()).isTrue();
        total.sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(3, 5);
    }

    @Test
    void theGradientKeptForAnOverwrittenTensorIsThatOfItsNewValues() {
        Tensor x = leaf(1, 2);
        Tensor y = Autograd.retainGrad(x.mul(2.0));
        y.addInPlace(x);
        y.mul(5.0).sum().backward();
        assertThat(y.grad().toFloatArray()).containsExactly(5, 5);
        assertThat(x.grad().toFloatArray()).containsExactly(15, 15);
    }

    @Test
    void leavesViewsAndPartsAreRefused() {
        Tensor x = leaf(1, 2);
        Tensor one = Tensors.of(1f);
        assertThatThrownBy(() -> x.addInPlace(Tensors.of(1f, 1f))).isInstanceOf(StateException.class)
                .hasMessage("add_: tensor of shape (2,) is a leaf that requires gradients and cannot be changed in "
                        + "place while operators are recorded; do it under Autograd.noGrad(), or clone it first");
        assertThatThrownBy(() -> x.mul(2.0).slice(0, 0, 1).addInPlace(one)).isInstanceOf(StateException.class)
                .hasMessageContaining("is a view of another tensor");
        assertThatThrownBy(() -> Tensors.zeros(2).slice(0, 0, 1).addInPlace(x.slice(0, 0, 1)))
                .isInstanceOf(StateException.class).hasMessageContaining("is a part of a tensor");
        try (Dispatch.Scope off = Autograd.noGrad()) {
            x.addInPlace(Tensors.of(1f, 1f));
        }
        assertThat(x.toFloatArray()).containsExactly(2, 3);
    }

    @Test
    void aViewOlderThanTheChangeOfItsBaseIsRefused() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2.0);
        Tensor view = y.reshape(2, 1).transpose(0, 1);
        y.addInPlace(x);
        assertThatThrownBy(() -> view.mul(2.0)).isInstanceOf(StateException.class)
                .hasMessageContaining("mul: a view of shape (1, 2) was taken before its base was modified in place by "
                        + "add_ #");
        y.reshape(2, 1).sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(3, 3);
    }

    @Test
    void aParameterMayChangeBetweenStepsWhileAViewOfItStays() {
        Tensor weight = leaf(1, 2);
        Tensor view = weight.reshape(2, 1);
        for (int step = 0; step < 2; step++) {
            Autograd.backward(view.mul(2.0).sum(), GradOptions.DEFAULT);
            try (Dispatch.Scope off = Autograd.noGrad()) {
                weight.addInPlace(weight.grad().mul(-0.5));
            }
            weight.setGrad(null);
        }
        assertThat(weight.toFloatArray()).containsExactly(-1, 0);
    }
}

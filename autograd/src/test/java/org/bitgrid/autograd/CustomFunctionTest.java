package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;
import org.junit.jupiter.api.Test;

class CustomFunctionTest {
    private static final class RoundStraightThrough extends CustomFunction {
        @Override
        protected Tensor[] forward(Context context, Tensor... inputs) {
            return new Tensor[] {inputs[0].round()};
        }

        @Override
        protected Tensor[] backward(Context context, Tensor... gradOutputs) {
            return gradOutputs;
        }
    }

    /** (x, y) -> (x · exp(y), exp(y)), saving an input and an output. */
    private static final class ScaledExp extends CustomFunction {
        private boolean neededFirst;

        @Override
        protected Tensor[] forward(Context context, Tensor... inputs) {
            Tensor exp = inputs[1].exp();
            context.save(inputs[0], exp);
            return new Tensor[] {inputs[0].mul(exp), exp};
        }

        @Override
        protected Tensor[] backward(Context context, Tensor... gradOutputs) {
            neededFirst = context.needs(0);
            Tensor x = context.saved(0);
            Tensor exp = context.saved(1);
            return new Tensor[] {gradOutputs[0].mul(exp),
                gradOutputs[0].mul(x).add(gradOutputs[1]).mul(exp)};
        }
    }

    private static final class HandsThrough extends CustomFunction {
        @Override
        protected Tensor[] forward(Context context, Tensor... inputs) {
            context.save(inputs[0]);
            return new Tensor[] {inputs[0]};
        }

        @Override
        protected Tensor[] backward(Context context, Tensor... gradOutputs) {
            return new Tensor[] {gradOutputs[0].mul(context.saved(0))};
        }
    }

    @Test
    void aStraightThroughEstimatorPassesTheGradient() {
        Tensor x = Tensors.of(0.4f, 1.6f).requiresGrad(true);
        Tensor y = new RoundStraightThrough().apply(x);
        assertThat(y.toFloatArray()).containsExactly(0, 2);
        y.mul(Tensors.of(3f, 4f)).sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(3, 4);
    }

    @Test
    void severalOutputsAndSavedTensorsDifferentiateTwice() {
        Tensor x = Tensors.of(new double[] {0.5, -1}, 2);
        Tensor y = Tensors.of(new double[] {0.2, 0.7}, 2);
        GradCheck.DEFAULT.checkAll(in -> new ScaledExp().applyAll(in), x, y);
        GradCheck.DEFAULT.checkSecondOrderAll(in -> new ScaledExp().applyAll(in), x, y);
        ScaledExp function = new ScaledExp();
        function.applyAll(x, y.detach().requiresGrad(true))[1].sum().backward();
        assertThat(function.neededFirst).isFalse();
    }

    @Test
    void anInputHandedThroughKeepsItsOwnHistory() {
        Tensor x = Tensors.of(3f).requiresGrad(true);
        Tensor y = new HandsThrough().apply(x);
        assertThat(y).isNotSameAs(x);
        assertThat(x.isLeaf()).isTrue();
        y.mul(5.0).sum().backward();
        assertThat(x.grad().item()).isEqualTo(15);
    }

    @Test
    void savedTensorsAreWatchedAndGivenBack() {
        Tensor x = Tensors.of(0.5f).requiresGrad(true);
        try (TensorScope scope = TensorScope.open()) {
            Tensor y = x.mul(1.0);
            Tensor[] outputs = new ScaledExp().applyAll(y, x);
            assertThat(TensorAccess.get().holders(y)).isEqualTo(2);
            outputs[0].sum().backward();
            assertThat(TensorAccess.get().holders(y)).isEqualTo(1);
            assertThatThrownBy(() -> outputs[1].sum().backward()).isInstanceOf(StateException.class)
                    .hasMessageContaining("backward: the tensors that ScaledExp #");
            Tensor[] again = new ScaledExp().applyAll(y, x);
            again[1].addInPlace(Tensors.of(1f));
            assertThatThrownBy(() -> again[0].sum().backward()).isInstanceOf(StateException.class)
                    .hasMessageContaining("saved tensor of ScaledExp #");
        }
    }

    @Test
    void nothingIsKeptWhenNobodyWantsGradients() {
        assertThat(new ScaledExp().applyAll(Tensors.of(1f), Tensors.of(2f))[0].requiresGrad()).isFalse();
    }
}

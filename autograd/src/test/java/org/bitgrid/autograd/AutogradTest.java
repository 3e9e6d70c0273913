package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class AutogradTest {
    private static Tensor leaf(float... values) {
        return Tensors.of(values).requiresGrad(true);
    }

    @Test
    void gradLeavesTheLeavesAlone() {
        Tensor x = leaf(1, 2);
        Tensor unrelated = leaf(7);
        Tensor hidden = x.mul(3.0);
        Tensor y = hidden.square().sum().add(unrelated.sum());
        Tensor[] grads = Autograd.grad(List.of(y), List.of(x, hidden), GradOptions.DEFAULT.withRetainGraph());
        assertThat(grads[0].toFloatArray()).containsExactly(18, 36);
        assertThat(grads[1].toFloatArray()).containsExactly(6, 12);
        assertThat(x.grad()).isNull();
        assertThat(unrelated.grad()).isNull();
        y.backward();
        assertThat(unrelated.grad().item()).isEqualTo(1);
    }

    @Test
    void gradWalksOnlyWhereItMust() {
        Tensor x = leaf(1, 2);
        Tensor other = leaf(3, 4);
        Tensor y = x.mul(other.exp());
        // The walk towards x does not touch exp, which therefore keeps what it saved.
        Autograd.grad(y.sum(), x);
        assertThat(Autograd.grad(other.exp().sum(), other)[0].at(0)).isCloseTo(StrictMath.exp(3), within(1e-4));
        List<String> visited = new ArrayList<>();
        Tensor z = other.exp();
        GradHooks.onOperator(z, (in, out) -> visited.add("exp"));
        Autograd.grad(z.mul(x).sum(), x);
        assertThat(visited).isEmpty();
    }

    @Test
    void unusedInputsAreAnErrorUnlessAllowed() {
        Tensor x = leaf(1, 2);
        Tensor unused = leaf(1);
        Tensor constant = Tensors.of(1f);
        assertThatThrownBy(() -> Autograd.grad(x.sum(), x, unused)).isInstanceOf(StateException.class)
                .hasMessage("grad: input 1 was not used to compute the outputs; got shape (1,); allow unused inputs "
                        + "to get null for it");
        assertThatThrownBy(() -> Autograd.grad(x.sum(), constant)).isInstanceOf(StateException.class)
                .hasMessageContaining("grad: input 0 does not require gradients");
        Tensor[] grads = Autograd.grad(List.of(x.sum()), List.of(unused, x, constant),
                GradOptions.DEFAULT.withAllowUnused());
        assertThat(grads[0]).isNull();
        assertThat(grads[1].toFloatArray()).containsExactly(1, 1);
        assertThat(grads[2]).isNull();
    }

    @Test
    void severalOutputsAreWeightedByTheirGradients() {
        Tensor x = leaf(1, 2);
        List<Tensor> outputs = List.of(x.square(), x.mul(3.0));
        assertThat(Autograd.grad(outputs, List.of(x), GradOptions.DEFAULT.withGradOutputs(Tensors.of(1f, 10f),
                Tensors.of(100f, 1000f)))[0].toFloatArray()).containsExactly(302, 3040);
        assertThatThrownBy(() -> Autograd.grad(outputs, List.of(x),
                GradOptions.DEFAULT.withGradOutputs(Tensors.of(1f, 1f)))).isInstanceOf(ShapeException.class)
                .hasMessage("grad: needs a gradient for each output or none at all; got 1 gradients for 2 outputs");
    }

    @Test
    void theSameInputMayBeAskedForTwice() {
        Tensor x = leaf(2);
        Tensor[] grads = Autograd.grad(x.square().sum(), x, x);
        assertThat(grads[0].item()).isEqualTo(4);
        assertThat(grads[1].item()).isEqualTo(4);
    }

    @Test
    void valueAndGradTakesPlainTensors() {
        Tensor x = Tensors.of(1f, 2f);
        Autograd.ValueAndGrad result = Autograd.valueAndGrad(in -> in[0].mul(in[1]).sum(), x, Tensors.of(3f, 4f));
        assertThat(result.value().item()).isEqualTo(11);
        assertThat(result.value().requiresGrad()).isFalse();
        assertThat(result.grads().get(0).toFloatArray()).containsExactly(3, 4);
        assertThat(result.grads().get(1).toFloatArray()).containsExactly(1, 2);
        assertThat(x.requiresGrad()).isFalse();
    }

    @Test
    void higherDerivativesOfAPower() {
        Tensor x = Tensors.of(new double[] {1.5}, 1).requiresGrad(true);
        Tensor value = x.pow(5.0).sum();
        double[] expected = {5 * StrictMath.pow(1.5, 4), 20 * StrictMath.pow(1.5, 3), 60 * 1.5 * 1.5, 120 * 1.5, 120};
        for (double derivative : expected) {
            Tensor slope = Autograd.grad(List.of(value), List.of(x), GradOptions.DEFAULT.withCreateGraph())[0];
            assertThat(slope.item()).isCloseTo(derivative, within(1e-9));
            value = slope.sum();
        }
    }

    @Test
    void hessianVectorProductsOfAQuadraticFormAndOfACubic() {
        double[] matrix = {2, -1, 0.5, -1, 3, 0.25, 0.5, 0.25, 1};
        Tensor a = Tensors.of(matrix, 3, 3);
        Tensor x = Tensors.of(new double[] {0.3, -0.7, 1.1}, 3).requiresGrad(true);
        Tensor v = Tensors.of(new double[] {1, 2, -1}, 3);
        Tensor form = x.mul(a.matmul(x)).sum().add(x.pow(3.0).sum());
        Tensor gradient = Autograd.grad(List.of(form), List.of(x), GradOptions.DEFAULT.withCreateGraph())[0];
        double[] product = Autograd.grad(gradient.mul(v).sum(), x)[0].toDoubleArray();
        double[] at = {0.3, -0.7, 1.1};
        double[] vector = {1, 2, -1};
        for (int i = 0; i < 3; i++) {
            double expected = 6 * at[i] * vector[i];
            for (int j = 0; j < 3; j++) {
                expected += (matrix[3 * i + j] + matrix[3 * j + i]) * vector[j];
            }
            assertThat(product[i]).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void aGradientPenaltyTrainsThroughBackward() {
        Tensor x = Tensors.of(new double[] {1, 2}, 2).requiresGrad(true);
        Tensor w = Tensors.of(new double[] {3, 4}, 2).requiresGrad(true);
        Tensor slope = Autograd.grad(List.of(w.mul(x).sum().tanh()), List.of(x),
                GradOptions.DEFAULT.withCreateGraph())[0];
        slope.square().sum().backward();
        // |w|² (1 - t²)² with t = tanh(w·x): its gradient in w.
        double t = StrictMath.tanh(11);
        double s = 1 - t * t;
        for (int i = 0; i < 2; i++) {
            double weight = 3 + i;
            double expected = 2 * weight * s * s + 25 * 2 * s * (-2 * t * s) * (1 + i);
            assertThat(w.grad().at(i)).isCloseTo(expected, within(1e-12 + 1e-6 * Math.abs(expected)));
        }
    }

    @Test
    void createGraphAccumulatesDifferentiableGradients() {
        Tensor x = Tensors.of(new double[] {2}, 1).requiresGrad(true);
        Autograd.backward(x.pow(3.0).sum(), GradOptions.DEFAULT.withCreateGraph());
        Tensor slope = x.grad();
        assertThat(slope.item()).isEqualTo(12);
        assertThat(Autograd.grad(slope.sum(), x)[0].item()).isEqualTo(12);
        Autograd.backward(Arrays.asList(x.sum(), x.mul(2.0).sum()), GradOptions.DEFAULT);
        assertThat(x.grad().item()).isEqualTo(15);
    }
}

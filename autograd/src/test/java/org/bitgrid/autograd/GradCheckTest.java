package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class GradCheckTest {
    /** x² whose rule is right to first order, or wrong in one element, or right once but not twice. */
    private static final class Square extends CustomFunction {
        private final String fault;

        Square(String fault) {
            this.fault = fault;
        }

        @Override
        protected Tensor[] forward(Context context, Tensor... inputs) {
            context.save(inputs[0]);
            return new Tensor[] {inputs[0].square()};
        }

        @Override
        protected Tensor[] backward(Context context, Tensor... gradOutputs) {
            Tensor slope = context.saved(0).mul(2.0);
            return switch (fault) {
                case "one element" -> new Tensor[] {gradOutputs[0].mul(slope).mul(
                        Tensors.of(new double[] {1, 1, 1, 1.01, 1, 1}, 2, 3))};
                case "second order" -> new Tensor[] {gradOutputs[0].mul(slope.detach())};
                case "nothing" -> new Tensor[] {null};
                default -> new Tensor[] {gradOutputs[0].mul(slope)};
            };
        }
    }

    private final Tensor x = Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);

    @Test
    void aRightRulePassesBothOrders() {
        assertThatCode(() -> GradCheck.DEFAULT.check(in -> new Square("").apply(in), x)).doesNotThrowAnyException();
        assertThatCode(() -> GradCheck.DEFAULT.checkSecondOrder(in -> new Square("").apply(in), x))
                .doesNotThrowAnyException();
    }

    @Test
    void theWorstElementIsNamed() {
        assertThatThrownBy(() -> GradCheck.DEFAULT.check(in -> new Square("one element").apply(in), x))
                .isInstanceOf(GradCheckException.class).hasMessageMatching("gradcheck: gradient of input 0 \\(2, 3\\) "
                        + "is wrong, most of all at \\[1, 0\\]; got \\S+; expected \\S+ by central differences with "
                        + "step 1.0E-6; allowed difference \\S+");
        assertThatThrownBy(() -> GradCheck.DEFAULT.check(in -> new Square("nothing").apply(in), x))
                .isInstanceOf(GradCheckException.class).hasMessageContaining("got 0.0; expected");
    }

    @Test
    void aRuleThatCannotBeDifferentiatedAgainFailsTheSecondOrder() {
        assertThatCode(() -> GradCheck.DEFAULT.check(in -> new Square("second order").apply(in), x))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> GradCheck.DEFAULT.checkSecondOrder(in -> new Square("second order").apply(in), x))
                .isInstanceOf(GradCheckException.class).hasMessageContaining("second-order gradcheck: gradient of "
                        + "input 0");
    }

    @Test
    void singlePrecisionIsRefused() {
        assertThatThrownBy(() -> GradCheck.DEFAULT.check(in -> in[0].exp(), Tensors.of(1f)))
                .isInstanceOf(DTypeException.class).hasMessageContaining("differences need double precision");
    }

    @Test
    void integerInputsAreConstants() {
        GradCheck.DEFAULT.checkAll(in -> new Tensor[] {in[0].mul(in[1]), in[0].gt(in[1])}, x,
                Tensors.of(new long[] {1, 2, 3}, 3));
        GradCheck.DEFAULT.check(in -> Tensors.cat(List.of(in[0], in[0].square()), 0).sum(0).log(), x);
    }
}

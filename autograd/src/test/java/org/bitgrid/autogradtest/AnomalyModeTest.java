package org.bitgrid.autogradtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.autograd.AnomalyException;
import org.bitgrid.autograd.AnomalyMode;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Outside the library's packages, as a user's code is. */
class AnomalyModeTest {
    private static int line;

    private static Tensor root(Tensor x) {
        line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
        return x.sqrt();
    }

    @Test
    void theLineThatRanTheGuiltyOperatorIsNamed() {
        Tensor x = Tensors.of(0f, 4f).requiresGrad(true);
        try (Dispatch.Scope anomaly = AnomalyMode.enable()) {
            Tensor y = root(x).mul(0.0).sum();
            assertThatThrownBy(y::backward).isInstanceOf(AnomalyException.class).hasMessageMatching(
                    "sqrt #\\d+ \\(shape \\(2,\\)\\): gradient of input 0 is NaN; the operator was run at "
                            + "AnomalyModeTest\\.root \\(AnomalyModeTest\\.java:" + line
                            + "\\); look at the values of its inputs there");
        }
        assertThat(AnomalyMode.isEnabled()).isFalse();
        root(x).mul(0.0).sum().backward();
        assertThat(x.grad().at(0)).isNaN();
    }

    @Test
    void healthyGradientsPass() {
        Tensor x = Tensors.of(1f, 4f).requiresGrad(true);
        try (Dispatch.Scope anomaly = AnomalyMode.enable()) {
            root(x).sum().backward();
        }
        assertThat(x.grad().toFloatArray()).containsExactly(0.5f, 0.25f);
    }
}

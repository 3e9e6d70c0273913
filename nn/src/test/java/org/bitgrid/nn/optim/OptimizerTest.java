package org.bitgrid.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OptimizerTest {
    private static Parameter parameter(float... values) {
        return new Parameter(Tensors.of(values));
    }

    private static Map<String, Function<List<Parameter>, Optimizer>> all() {
        return Map.of("SGD", p -> new SGD(p, 0.05).momentum(0.9).nesterov(true), "Adam", p -> new Adam(p, 0.05),
                "AMSGrad", p -> new Adam(p, 0.05).amsgrad(true), "AdamW", p -> new AdamW(p, 0.05),
                "RMSprop", p -> new RMSprop(p, 0.02).centered(true).momentum(0.5),
                "Adagrad", p -> new Adagrad(p, 0.5), "NAdam", p -> new NAdam(p, 0.05),
                "RAdam", p -> new RAdam(p, 0.05));
    }

    /** (a - 3)^2 + 2 · (b + 1)^2. */
    private static Tensor bowl(Parameter p) {
        return p.tensor().sub(Tensors.of(3f, -1f)).square().mul(Tensors.of(1f, 2f)).sum();
    }

    @TestFactory
    Stream<DynamicTest> findTheBottomOfABowlInsideScopes() {
        return all().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            Parameter parameter = parameter(0, 0);
            Optimizer optimizer = entry.getValue().apply(List.of(parameter));
            for (int step = 0; step < 500; step++) {
                // State made in the first scope must survive it: released arrays are full of NaN in tests.
                try (TensorScope scope = TensorScope.open()) {
                    bowl(parameter).backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                }
            }
            assertThat(parameter.held().at(0)).isCloseTo(3, offset(0.1));
            assertThat(parameter.held().at(1)).isCloseTo(-1, offset(0.1));
        }));
    }

    @TestFactory
    Stream<DynamicTest> goOnFromASavedState() {
        return all().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            Parameter straight = parameter(0, 0);
            Optimizer whole = entry.getValue().apply(List.of(straight));
            steps(straight, whole, 7);
            Parameter resumed = new Parameter(straight.held().detach().clone());
            Optimizer second = entry.getValue().apply(List.of(resumed));
            second.loadStateDict(whole.stateDict());
            steps(straight, whole, 7);
            steps(resumed, second, 7);
            assertThat(resumed.held().detach().toFloatArray())
                    .containsExactly(straight.held().detach().toFloatArray());
        }));
    }

    private static void steps(Parameter parameter, Optimizer optimizer, int count) {
        for (int i = 0; i < count; i++) {
            optimizer.zeroGrad();
            bowl(parameter).backward();
            optimizer.step();
        }
    }

    @Test
    void namesOfSavedStateArePyTorchs() {
        Parameter first = parameter(1);
        Parameter second = parameter(1, 2);
        Adam optimizer = new Adam(List.of(first, second)).amsgrad(true);
        second.held().setGrad(Tensors.ones(2));
        optimizer.step();
        OptimizerState state = optimizer.stateDict();
        assertThat(state.tensors().keySet()).containsExactly("state.1.exp_avg", "state.1.exp_avg_sq",
                "state.1.max_exp_avg_sq");
        assertThat(state.numbers()).containsEntry("state.1.step", 1.0).containsEntry("group.0.lr", 1e-3)
                .containsEntry("group.0.amsgrad", 1.0).doesNotContainKey("state.0.step");
    }

    @Test
    void groupsHaveSettingsOfTheirOwn() {
        Parameter slow = parameter(1);
        Parameter fast = parameter(1);
        SGD optimizer = new SGD(List.of(slow), 0.1);
        optimizer.addGroup(List.of(fast)).learningRate(0.5);
        slow.held().setGrad(Tensors.ones(1));
        fast.held().setGrad(Tensors.ones(1));
        optimizer.step();
        assertThat(slow.held().at(0)).isCloseTo(0.9, offset(1e-7));
        assertThat(fast.held().at(0)).isCloseTo(0.5, offset(1e-7));
    }

    @Test
    void leavesFrozenParametersAndThoseWithoutGradientAlone() {
        Parameter frozen = parameter(1);
        Parameter idle = parameter(2);
        Adam optimizer = new Adam(List.of(frozen, idle), 0.1).weightDecay(1);
        frozen.held().setGrad(Tensors.ones(1));
        frozen.requiresGrad(false);
        optimizer.step();
        assertThat(frozen.held().at(0)).isEqualTo(1);
        assertThat(idle.held().at(0)).isEqualTo(2);
    }

    @Test
    void stateFollowsAParameterWhoseTensorIsReplaced() {
        Parameter parameter = parameter(1);
        SGD optimizer = new SGD(List.of(parameter), 0.1).momentum(0.5);
        parameter.held().setGrad(Tensors.ones(1));
        optimizer.step();
        parameter.set(Tensors.of(1f));
        parameter.held().setGrad(Tensors.zeros(1));
        optimizer.step();
        // The velocity of 1 is halved, so the step is 0.1 · 0.5.
        assertThat(parameter.held().at(0)).isCloseTo(0.95, offset(1e-7));
    }

    @Test
    void clipsByNormAndByValue() {
        Parameter a = parameter(0, 0);
        Parameter b = parameter(0);
        a.held().setGrad(Tensors.of(3f, 0f));
        b.held().setGrad(Tensors.of(-4f));
        assertThat(GradientClip.byNorm(List.of(a, b), 10)).isCloseTo(5, offset(1e-6));
        assertThat(b.grad().at(0)).isEqualTo(-4);
        assertThat(GradientClip.byNorm(List.of(a, b), 1)).isCloseTo(5, offset(1e-6));
        assertThat(a.grad().at(0)).isCloseTo(0.6, offset(1e-6));
        assertThat(b.grad().at(0)).isCloseTo(-0.8, offset(1e-6));
        assertThat(GradientClip.byNorm(List.of(a, b), 9, 1)).isCloseTo(1.4, offset(1e-5));
        assertThat(GradientClip.byNorm(List.of(a, b), 9, Double.POSITIVE_INFINITY)).isCloseTo(0.8, offset(1e-6));
        GradientClip.byValue(List.of(a, b), 0.5);
        assertThat(a.grad().toFloatArray()).containsExactly(0.5f, 0);
        assertThat(b.grad().toFloatArray()).containsExactly(-0.5f);
    }

    @Test
    void clippedGradientsOutliveAScope() {
        Parameter parameter = parameter(0);
        try (TensorScope scope = TensorScope.open()) {
            parameter.tensor().mul(10.0).sum().backward();
            GradientClip.byNorm(List.of(parameter), 1);
        }
        assertThat(parameter.grad().at(0)).isCloseTo(1, offset(1e-5));
    }

    @TestFactory
    Stream<DynamicTest> momentStepsFollowTheirPapers() {
        return Stream.of(false, true).map(rectified -> DynamicTest.dynamicTest(rectified ? "RAdam" : "NAdam", () -> {
            Parameter parameter = parameter(0.7f);
            Optimizer optimizer = rectified ? new RAdam(List.of(parameter), 0.02).weightDecay(0.1)
                    : new NAdam(List.of(parameter), 0.02).weightDecay(0.1);
            double p = 0.7f;
            double m = 0;
            double v = 0;
            double product = 1;
            Rng rng = new Rng(4);
            for (int t = 1; t <= 20; t++) {
                float gradient = (float) rng.nextGaussian();
                parameter.held().setGrad(Tensors.of(gradient));
                optimizer.step();
                double g = gradient + 0.1 * p;
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                double hat = v / (1 - Math.pow(0.999, t));
                if (rectified) {
                    double limit = 2 / 0.001 - 1;
                    double length = limit - 2 * t * Math.pow(0.999, t) / (1 - Math.pow(0.999, t));
                    double mean = m / (1 - Math.pow(0.9, t));
                    if (length > 5) {
                        double r = Math.sqrt((length - 4) * (length - 2) * limit
                                / ((limit - 4) * (limit - 2) * length));
                        p -= 0.02 * r * mean * Math.sqrt(1 - Math.pow(0.999, t)) / (Math.sqrt(v) + 1e-8);
                    } else {
                        p -= 0.02 * mean;
                    }
                } else {
                    double now = 0.9 * (1 - 0.5 * Math.pow(0.96, t * 0.004));
                    double next = 0.9 * (1 - 0.5 * Math.pow(0.96, (t + 1) * 0.004));
                    product *= now;
                    p -= 0.02 * (now == 1 ? 0 : (1 - now) / (1 - product)) * g / (Math.sqrt(hat) + 1e-8)
                            + 0.02 * next / (1 - product * next) * m / (Math.sqrt(hat) + 1e-8);
                }
                assertThat(parameter.held().at(0)).as("step %d", t).isCloseTo(p, offset(2e-6));
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> lbfgsFindsTheBottomOfRosenbrocksValley() {
        return Stream.of(true, false).map(wolfe -> DynamicTest.dynamicTest(wolfe ? "strong Wolfe" : "fixed", () -> {
            // Without a line search the valley is made shallow, as full steps would overshoot.
            double steepness = wolfe ? 100 : 1;
            Parameter x = new Parameter(Tensors.of(new double[] {-1.2, 1}, 2));
            LBFGS optimizer = new LBFGS(List.of(x), wolfe ? 1 : 0.3).strongWolfe(wolfe).limits(100, 200);
            double loss = Double.POSITIVE_INFINITY;
            for (int step = 0; step < 5; step++) {
                loss = optimizer.step(() -> {
                    x.zeroGrad();
                    Tensor a = x.tensor().slice(0, 0, 1);
                    Tensor b = x.tensor().slice(0, 1, 2);
                    Tensor value = b.sub(a.square()).square().mul(steepness).add(a.neg().add(1.0).square()).sum();
                    value.backward();
                    return value;
                });
            }
            assertThat(loss).isLessThan(1e-8);
            assertThat(x.held().at(0)).isCloseTo(1, offset(1e-3));
            assertThat(x.held().at(1)).isCloseTo(1, offset(1e-3));
        }));
    }

    @Test
    void saysWhatDoesNotFit() {
        Parameter parameter = parameter(1, 2);
        assertThatThrownBy(() -> new Adam(List.of())).isInstanceOf(BitgridException.class)
                .hasMessage("Adam: got no parameters; expected at least one; add layers to the model before making "
                        + "its optimizer");
        assertThatThrownBy(() -> new SGD(List.of(parameter, parameter))).isInstanceOf(BitgridException.class)
                .hasMessage("SGD: a parameter of shape (2,) is given twice; expected each parameter in one group "
                        + "only");
        assertThatThrownBy(() -> new SGD(List.of(parameter), -1)).isInstanceOf(BitgridException.class)
                .hasMessage("SGD: setting lr is out of range; got -1.0; expected a finite number of at least 0");
        assertThatThrownBy(() -> new Adam(List.of(parameter)).betas(1, 0.9)).isInstanceOf(BitgridException.class)
                .hasMessage("Adam: setting beta1 is out of range; got 1.0; expected at least 0 and below 1");
        SGD nesterov = new SGD(List.of(parameter)).nesterov(true);
        parameter.held().setGrad(Tensors.ones(2));
        assertThatThrownBy(nesterov::step).isInstanceOf(BitgridException.class)
                .hasMessage("SGD: Nesterov momentum needs momentum and no dampening; got momentum 0.0 and dampening "
                        + "0.0");
        Adam adam = new Adam(List.of(parameter));
        OptimizerState wrong = new OptimizerState(Map.of("state.0.exp_avg", Tensors.ones(3)), Map.of());
        assertThatThrownBy(() -> adam.loadStateDict(wrong)).isInstanceOf(BitgridException.class)
                .hasMessageContaining("shape of state.0.exp_avg: got (3,), expected (2,)")
                .hasMessageContaining("missing group.0.lr");
        assertThatThrownBy(() -> new LBFGS(List.of(parameter)).step()).isInstanceOf(StateException.class)
                .hasMessage("LBFGS.step: needs to compute the loss several times; call step(closure)");
        assertThatThrownBy(() -> adam.groups().get(0).get("momentum")).isInstanceOf(BitgridException.class)
                .hasMessageContaining("Adam: has no setting \"momentum\"; expected one of [lr, beta1");
    }
}

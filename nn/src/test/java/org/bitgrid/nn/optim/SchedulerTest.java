package org.bitgrid.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SchedulerTest {
    private record Case(String name, Function<Optimizer, Scheduler> make, double... rates) {
    }

    private static SGD sgd(double rate) {
        return new SGD(List.of(new Parameter(Tensors.zeros(1))), rate);
    }

    private static double rate(Optimizer optimizer) {
        return optimizer.groups().get(0).learningRate();
    }

    /** Rates by hand, from base rate 2. */
    private static List<Case> cases() {
        return List.of(
                new Case("constant", o -> new ConstantLR(o, 0.5, 2), 1, 1, 2, 2),
                new Case("polynomial", o -> new PolynomialLR(o, 4, 2), 2, 1.125, 0.5, 0.125, 0, 0),
                new Case("lambda", o -> new LambdaLR(o, step -> 1.0 / (step + 1)), 2, 1, 2.0 / 3, 0.5),
                new Case("linear default", LinearLR::new, 2.0 / 3, 2.8 / 3, 3.6 / 3, 4.4 / 3, 5.2 / 3, 2, 2),
                new Case("warm restarts", o -> new CosineAnnealingWarmRestarts(o, 2, 2, 0), 2, 1, 2,
                        1 + Math.sqrt(0.5), 1, 1 - Math.sqrt(0.5), 2),
                new Case("warm restarts alike", o -> new CosineAnnealingWarmRestarts(o, 2, 1, 1), 2, 1.5, 2, 1.5, 2),
                new Case("warm-up, then decay", o -> new SequentialLR(o, List.of(new LinearLR(o, 0.5, 1, 2),
                        new ExponentialLR(o, 0.5)), List.of(2)), 1, 1.5, 2, 1, 0.5, 0.25),
                new Case("both at once", o -> new ChainedScheduler(o, List.of(new ConstantLR(o, 0.1, 2),
                        new ExponentialLR(o, 0.5))), 0.2, 0.1, 0.5, 0.25),
                // Rise to 4 within 1.5 steps, then down in a straight line to 0.16 / 10000.
                new Case("one cycle, linear", o -> new OneCycleLR(o, 4, 5).riseFraction(0.5).linear(true)
                        .cycleMomentum(false), 0.16, 0.16 + 3.84 / 1.5, 4 - (4 - 1.6e-5) * 0.2,
                        4 - (4 - 1.6e-5) * 0.6, 1.6e-5),
                new Case("one cycle, three phases", o -> new OneCycleLR(o, 4, 10).riseFraction(0.4).linear(true)
                        .threePhase(true).cycleMomentum(false), 0.16, 1.44, 2.72, 4, 2.72, 1.44, 0.16,
                        0.16 - (0.16 - 1.6e-5) / 3, 0.16 - (0.16 - 1.6e-5) * 2 / 3, 1.6e-5));
    }

    @TestFactory
    Stream<DynamicTest> rates() {
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            SGD optimizer = sgd(2);
            Scheduler scheduler = c.make.apply(optimizer);
            for (int step = 0; step < c.rates.length; step++) {
                assertThat(rate(optimizer)).as("step %d", step).isCloseTo(c.rates[step], offset(1e-12));
                if (step + 1 < c.rates.length) {
                    scheduler.step();
                }
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> goOnFromASavedState() {
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            SGD first = sgd(2);
            Scheduler whole = c.make.apply(first);
            whole.step();
            SGD second = sgd(7);
            Scheduler resumed = c.make.apply(second);
            resumed.loadStateDict(whole.stateDict());
            whole.step();
            resumed.step();
            assertThat(rate(second)).isEqualTo(rate(first));
        }));
    }

    @Test
    void oneCycleMovesMomentumAgainstTheRate() {
        SGD optimizer = sgd(1).momentum(0.9);
        OneCycleLR scheduler = new OneCycleLR(optimizer, 1, 11).riseFraction(0.5454545454545454).linear(true);
        assertThat(optimizer.groups().get(0).get("momentum")).isCloseTo(0.95, offset(1e-12));
        for (int i = 0; i < 5; i++) {
            scheduler.step();
        }
        assertThat(optimizer.groups().get(0).get("momentum")).isCloseTo(0.85, offset(1e-9));
        Adam adam = new Adam(List.of(new Parameter(Tensors.zeros(1))));
        new OneCycleLR(adam, 1, 10);
        assertThat(adam.groups().get(0).get("beta1")).isEqualTo(0.95);
        SGD steady = sgd(1).momentum(0.9);
        new OneCycleLR(steady, 1, 10).cycleMomentum(false);
        assertThat(steady.groups().get(0).get("momentum")).isEqualTo(0.9);
    }

    @Test
    void plateausReduceTheRate() {
        SGD optimizer = sgd(1);
        ReduceLROnPlateau scheduler = new ReduceLROnPlateau(optimizer).factor(0.5).patience(1).cooldown(1)
                .smallestRate(0.3);
        double[] losses = {5, 4, 4, 4, 4, 4, 3.9999, 3, 3, 3, 3};
        double[] rates = {1, 1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3};
        for (int i = 0; i < losses.length; i++) {
            scheduler.step(losses[i]);
            assertThat(rate(optimizer)).as("after measure %d", i).isEqualTo(rates[i]);
        }
        SGD other = sgd(1);
        ReduceLROnPlateau best = new ReduceLROnPlateau(other, false).patience(0);
        best.step(0.5);
        best.step(0.6);
        assertThat(rate(other)).isEqualTo(1);
        ReduceLROnPlateau resumed = new ReduceLROnPlateau(other, false).patience(0);
        resumed.loadStateDict(best.stateDict());
        resumed.step(0.6);
        assertThat(rate(other)).isEqualTo(0.1);
    }

    @Test
    void saysWhatDoesNotFit() {
        SGD optimizer = sgd(1);
        assertThatThrownBy(() -> new StepLR(optimizer, 0)).isInstanceOf(BitgridException.class)
                .hasMessage("StepLR: step size must be at least 1; got 0");
        assertThatThrownBy(() -> new SequentialLR(optimizer, List.of(new ExponentialLR(optimizer, 0.9)), List.of(3)))
                .isInstanceOf(BitgridException.class).hasMessage("SequentialLR: there must be one milestone between "
                        + "every two schedules; got 1 for 1 schedules");
        assertThatThrownBy(() -> new ChainedScheduler(optimizer, List.of(new ExponentialLR(sgd(1), 0.9))))
                .isInstanceOf(BitgridException.class).hasMessage("ChainedScheduler: schedule 0 is for another "
                        + "optimizer");
        OneCycleLR scheduler = new OneCycleLR(optimizer, 1, 1);
        assertThatThrownBy(scheduler::step).isInstanceOf(BitgridException.class)
                .hasMessage("OneCycleLR: went beyond its end; got step 1; expected at most 0");
    }
}

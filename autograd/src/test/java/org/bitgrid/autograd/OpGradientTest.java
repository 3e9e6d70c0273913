package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.NotDifferentiable;
import org.bitgrid.tensor.op.NotDifferentiableException;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.testing.Inputs;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every operator, by differences in double precision on the reference. */
class OpGradientTest {
    @TestFactory
    Stream<DynamicTest> firstDerivatives() {
        return differentiable(1).map(sample -> DynamicTest.dynamicTest(sample.name(), () ->
                GradCheck.DEFAULT.checkAll(function(sample), variables(sample))));
    }

    /** Of the squares of the outputs, so that they are more than zero where the operator is linear. */
    @TestFactory
    Stream<DynamicTest> secondDerivatives() {
        return differentiable(2).map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
            Function<Tensor[], Tensor[]> function = function(sample);
            GradCheck.DEFAULT.checkSecondOrderAll(in -> Arrays.stream(function.apply(in))
                    .map(each -> each.dtype().isFloating() ? each.square() : each).toArray(Tensor[]::new),
                    variables(sample));
        }));
    }

    private static Stream<OpSample> differentiable(int times) {
        return OpSamples.all().stream().filter(sample -> sample.differentiableTimes() >= times
                && variables(sample).length > 0);
    }

    private static boolean isVariable(OpSample sample, Tensor[] inputs, int index) {
        return inputs[index].dtype().isFloating() && sample.wantsGradient(index);
    }

    /** The inputs that get gradients, in double precision. */
    private static Tensor[] variables(OpSample sample) {
        Tensor[] inputs = Inputs.toDouble(sample.inputs());
        List<Tensor> variables = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            if (isVariable(sample, inputs, i)) {
                variables.add(inputs[i]);
            }
        }
        return variables.toArray(new Tensor[0]);
    }

    /** The operator as a function of those. What it overwrites is a product, since leaves must not be overwritten. */
    private static Function<Tensor[], Tensor[]> function(OpSample sample) {
        Tensor[] inputs = Inputs.toDouble(sample.inputs());
        return variables -> {
            Tensor[] all = inputs.clone();
            int next = 0;
            for (int i = 0; i < all.length; i++) {
                if (isVariable(sample, inputs, i)) {
                    all[i] = variables[next++];
                }
                if (sample.op().mutates().contains(i)) {
                    all[i] = all[i].mul(1.0);
                }
            }
            return Dispatch.applyAll(sample.op(), all);
        };
    }

    /**
     * What the gradient rule does not declare to read may be gone by then: overwritten by NaN here, behind the back of
     * the version counters. (Reading what is not declared is an error of its own, which the checks above would show.)
     */
    @TestFactory
    Stream<DynamicTest> onlyDeclaredTensorsAreRead() {
        return differentiable(1).filter(sample -> !(sample.op() instanceof ComposedOp) && sample.op().mutates().isEmpty()
                && !(sample.op() instanceof ViewOp)).map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    Tensor[] expected = gradients(sample, false);
                    Tensor[] found = gradients(sample, true);
                    for (int i = 0; i < found.length; i++) {
                        Near.same(sample.name() + ", gradient " + i, found[i], expected[i]);
                    }
                }));
    }

    private static Tensor[] gradients(OpSample sample, boolean poisoned) {
        Op op = sample.op();
        Tensor[] inputs = Inputs.toDouble(sample.inputs());
        List<Tensor> leaves = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            if (isVariable(sample, inputs, i)) {
                leaves.add(inputs[i].requiresGrad(true));
            }
        }
        Tensor[] outputs = Dispatch.applyAll(op, inputs);
        List<Tensor> reached = Arrays.stream(outputs).filter(Tensor::requiresGrad).toList();
        Tensor[] seeds = reached.stream().map(output -> output.detach().mul(0.5).add(1.0)).toArray(Tensor[]::new);
        if (poisoned) {
            for (int i = 0; i < inputs.length; i++) {
                poison(inputs[i].storage(), op.reads().input(i));
            }
            for (int i = 0; i < outputs.length; i++) {
                poison(outputs[i].storage(), op.reads().output(i));
            }
        }
        Tensor[] grads = Autograd.grad(reached, leaves, new GradOptions(List.of(seeds), false, false, true));
        return Arrays.stream(grads).filter(grad -> grad != null).toArray(Tensor[]::new);
    }

    private static void poison(Storage storage, boolean read) {
        if (read) {
            return;
        }
        switch (storage.dtype()) {
            case FLOAT64 -> Arrays.fill(storage.doubles(), Double.NaN);
            case INT64 -> Arrays.fill(storage.longs(), Long.MIN_VALUE);
            case INT32 -> Arrays.fill(storage.ints(), Integer.MIN_VALUE);
            case FLOAT32 -> Arrays.fill(storage.floats(), Float.NaN);
            default -> Arrays.fill(storage.bytes(), (byte) 1);
        }
    }

    /** Operators without a gradient say why, when it is asked for. */
    @TestFactory
    Stream<DynamicTest> missingGradientsAreExplained() {
        return OpSamples.all().stream().filter(sample -> sample.op() instanceof NotDifferentiable
                && sample.op().mutates().isEmpty()).map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    Tensor[] inputs = Inputs.toDouble(sample.inputs());
                    Arrays.stream(inputs).filter(each -> each.dtype().isFloating()).forEach(
                            each -> each.requiresGrad(true));
                    List<Tensor> reached = Arrays.stream(Dispatch.applyAll(sample.op(), inputs))
                            .filter(Tensor::requiresGrad).toList();
                    for (Tensor output : reached) {
                        assertThatThrownBy(() -> output.sum().backward()).isInstanceOf(NotDifferentiableException.class)
                                .hasMessageContaining(((NotDifferentiable) sample.op()).reason());
                    }
                    assertThat(((NotDifferentiable) sample.op()).reason()).isNotBlank();
                }));
    }
}

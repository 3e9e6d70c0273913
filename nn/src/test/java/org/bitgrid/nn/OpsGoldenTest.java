package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.autograd.GradOptions;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.Golden;
import org.bitgrid.testing.Magnitude;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Variants;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operator case of the golden data, values and gradients: in double precision on the reference, within 1e-9, and
 * in float32 on the CPU backend, within the roundings of the operators that ran.
 */
class OpsGoldenTest {
    private static final double DOUBLE_TOLERANCE = 1e-9;
    /** Of operators that are not in the table. */
    private static final double UNKNOWN_ROUNDINGS = 4;

    @TestFactory
    List<DynamicTest> cases() {
        Path folder = Golden.folder("ops");
        JsonValue cases = Json.read(folder.resolve("ops.json")).get("cases");
        Map<String, Tensor> tensors = SafeTensors.read(folder.resolve("ops.safetensors"));
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue description : cases.items()) {
            GoldenCase golden = new GoldenCase(description, tensors);
            tests.add(DynamicTest.dynamicTest(golden.name() + ", double", () -> inDouble(golden)));
            tests.add(DynamicTest.dynamicTest(golden.name() + ", float32", () -> inFloat(golden)));
        }
        System.out.println("golden cases of operators: " + cases.size() + ", each in double and in float32; operators in "
                + "the table of samples: " + OpSamples.all().size());
        return tests;
    }

    private static void inDouble(GoldenCase golden) {
        assertKnown(golden);
        Tensor[] inputs = golden.inputs(DType.FLOAT64);
        Tensor[] outputs = GoldenOps.run(golden, inputs);
        List<String> names = golden.outputs();
        assertThat(outputs).as(golden.name()).hasSize(names.size());
        for (int i = 0; i < outputs.length; i++) {
            nearInDouble(golden.name() + "/" + names.get(i), outputs[i], golden.tensor(names.get(i)));
        }
        Tensor[] grads = gradients(golden, inputs);
        for (int i = 0; i < grads.length; i++) {
            String name = "dx_" + golden.grads().get(i);
            nearInDouble(golden.name() + "/" + name, grads[i], golden.tensor(name));
        }
    }

    private static void nearInDouble(String what, Tensor actual, Tensor expected) {
        double[] want = expected.toDoubleArray();
        double floor = 1e-6 * Arrays.stream(want).map(Math::abs).max().orElse(0);
        double[] sizes = Arrays.stream(want).map(value -> Math.max(Math.abs(value), floor)).toArray();
        Near.check(what, actual, expected, sizes, DOUBLE_TOLERANCE / Near.ROUNDING);
    }

    private static void inFloat(GoldenCase golden) {
        assertKnown(golden);
        Tensor[] inputs = golden.inputs(DType.FLOAT32);
        double[] roundings = {0};
        Tensor[] outputs;
        Tensor[] grads;
        try (Dispatch.Scope counting = counting(roundings)) {
            outputs = GoldenOps.run(golden, inputs);
        }
        double forward = roundings[0];
        List<String> names = golden.outputs();
        Tensor[] expected = names.stream().map(golden::tensor).toArray(Tensor[]::new);
        Tensor[] doubles = golden.inputs(DType.FLOAT64);
        double[][] sizes = largest(in -> withoutGradients(() -> GoldenOps.run(golden, in)), doubles, expected);
        for (int i = 0; i < outputs.length; i++) {
            Near.check(golden.name() + "/" + names.get(i), outputs[i], expected[i], sizes[i], forward);
        }
        if (golden.grads().isEmpty()) {
            return;
        }
        roundings[0] = 0;
        try (Dispatch.Scope counting = counting(roundings)) {
            grads = gradients(golden, inputs);
        }
        Tensor[] expectedGrads = golden.grads().stream().map(name -> golden.tensor("dx_" + name))
                .toArray(Tensor[]::new);
        double[][] gradSizes = largest(in -> gradients(golden, in), doubles, expectedGrads);
        for (int i = 0; i < grads.length; i++) {
            Near.check(golden.name() + "/dx_" + golden.grads().get(i), grads[i], expectedGrads[i], gradSizes[i],
                    roundings[0]);
        }
    }

    private static void assertKnown(GoldenCase golden) {
        assertThat(GoldenOps.knows(golden.op())).as("golden case %s has the operator %s, which GoldenOps does not know",
                golden.name(), golden.op()).isTrue();
    }

    /** Adds up K + c of all operators that run, backward ones too: errors of operators in a row add. */
    private static Dispatch.Scope counting(double[] roundings) {
        return Dispatch.intercept((op, inputs, chain) -> {
            roundings[0] += OpSamples.roundings(op, Variants.specs(inputs), UNKNOWN_ROUNDINGS);
            return chain.proceed(op, inputs);
        });
    }

    /** M: the largest magnitude of each output, for all its elements, as sums on the way may have been that large. */
    private static double[][] largest(Function<Tensor[], Tensor[]> function, Tensor[] inputs, Tensor[] outputs) {
        double[][] magnitudes = Magnitude.SAMPLED.of(function, inputs, outputs);
        for (double[] each : magnitudes) {
            Arrays.fill(each, Arrays.stream(each).max().orElse(0));
        }
        return magnitudes;
    }

    private static Tensor[] withoutGradients(Supplier<Tensor[]> run) {
        try (Dispatch.Scope off = Autograd.noGrad()) {
            return run.get();
        }
    }

    /** The gradients of the inputs that have some, as a function of all inputs. */
    private static Tensor[] gradients(GoldenCase golden, Tensor[] inputs) {
        if (golden.grads().isEmpty()) {
            return new Tensor[0];
        }
        DType type = inputs[golden.inputs().indexOf(golden.grads().get(0))].dtype();
        Tensor[] leaves = Arrays.stream(inputs).map(Tensor::detach).toArray(Tensor[]::new);
        List<Tensor> wanted = new ArrayList<>();
        for (String name : golden.grads()) {
            wanted.add(leaves[golden.inputs().indexOf(name)].requiresGrad(true));
        }
        Tensor[] outputs = GoldenOps.run(golden, leaves);
        List<Tensor> seeds = golden.seeds(type);
        List<Tensor> reached = new ArrayList<>();
        List<Tensor> used = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            if (seeds.get(i) != null && outputs[i].requiresGrad()) {
                reached.add(outputs[i]);
                used.add(seeds.get(i));
            }
        }
        return Autograd.grad(reached, wanted, GradOptions.DEFAULT.withGradOutputs(used.toArray(new Tensor[0])));
    }
}

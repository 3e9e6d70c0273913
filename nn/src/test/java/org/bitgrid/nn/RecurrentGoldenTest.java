package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.autograd.GradOptions;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Recurrent layers against PyTorch: outputs, last states and all gradients, in double and in float32. */
class RecurrentGoldenTest {
    private static final List<String> OPS = List.of("lstm", "gru", "rnn");

    @TestFactory
    List<DynamicTest> cases() {
        Path folder = GoldenData.folder("ops");
        JsonValue cases = Json.read(folder.resolve("ops.json")).get("cases");
        Map<String, Tensor> tensors = SafeTensors.read(folder.resolve("ops.safetensors"));
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue golden : cases.items()) {
            if (OPS.contains(golden.get("op").asString())) {
                for (DType type : List.of(DType.FLOAT64, DType.FLOAT32)) {
                    tests.add(DynamicTest.dynamicTest(golden.get("name").asString() + " " + type,
                            () -> check(golden, tensors, type)));
                }
            }
        }
        System.out.println("cases of recurrent layers: " + tests.size());
        return tests;
    }

    private static void check(JsonValue golden, Map<String, Tensor> tensors, DType type) {
        String prefix = golden.get("name").asString() + "/";
        Tensor x = tensors.get(prefix + "x").to(type).clone().requiresGrad(true);
        Tensor h = tensors.get(prefix + "h0").to(type).clone().requiresGrad(true);
        int inputs = x.size(2);
        int hidden = h.size(2);
        boolean batchFirst = golden.get("attrs").get("batch_first").asBoolean();
        RecurrentBase<?> layer = switch (golden.get("op").asString()) {
            case "lstm" -> new LSTM(inputs, hidden).batchFirst(batchFirst);
            case "gru" -> new GRU(inputs, hidden).batchFirst(batchFirst);
            default -> new RNN(inputs, hidden).batchFirst(batchFirst);
        };
        layer.namedParameters().forEach((name, parameter) ->
                parameter.set(tensors.get(prefix + name).to(type).clone()));
        Tensor[] outputs = layer instanceof LSTM ? layer.run(x, h, Tensors.zerosLike(h.detach())) : layer.run(x, h);
        List<String> names = golden.get("outputs").asStrings();
        assertThat(outputs).hasSize(names.size());
        // Sums of (I + H) products through T steps of a few transcendental functions each.
        double roundings = x.size(1) * (inputs + hidden + 12.0);
        List<Tensor> seeds = new ArrayList<>();
        List<Tensor> reached = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            near(outputs[i], tensors.get(prefix + names.get(i)), type, roundings, names.get(i));
            Tensor seed = tensors.get(prefix + "grad_" + names.get(i));
            if (seed != null) {
                seeds.add(seed.to(type));
                reached.add(outputs[i]);
            }
        }
        Autograd.backward(reached, GradOptions.DEFAULT.withGradOutputs(seeds.toArray(new Tensor[0])));
        for (String name : golden.get("grads").asStrings()) {
            Tensor gradient = switch (name) {
                case "x" -> x.grad();
                case "h0" -> h.grad();
                default -> layer.ownParameters().get(name).grad();
            };
            near(gradient, tensors.get(prefix + "dx_" + name), type, roundings, "dx_" + name);
        }
    }

    private static void near(Tensor got, Tensor expected, DType type, double roundings, String what) {
        assertThat(got.spec().shape()).as(what).isEqualTo(expected.spec().shape());
        double[] reference = expected.toDoubleArray();
        double largest = Arrays.stream(reference).map(Math::abs).max().orElse(0);
        double bound = type == DType.FLOAT64 ? 1e-9 * largest : roundings * 0x1p-24 * Math.max(1, largest);
        assertThat(got.detach().toDoubleArray()).as(what).containsExactly(reference, offset(bound));
    }
}

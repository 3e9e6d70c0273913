package org.bitgrid.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.GoldenData;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Six steps of every optimizer and twelve of every schedule in the golden data. */
class OptimizerGoldenTest {
    @TestFactory
    List<DynamicTest> optimizers() {
        Path folder = GoldenData.folder("ops");
        JsonValue cases = Json.read(folder.resolve("ops.json")).get("optimizers");
        Map<String, Tensor> tensors = SafeTensors.read(folder.resolve("ops.safetensors"));
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : cases.keys()) {
            String prefix = "optim_" + name + "/";
            for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
                tests.add(DynamicTest.dynamicTest(name + " " + type, () -> check(name, cases.get(name), type,
                        tensors.get(prefix + "p0"), tensors.get(prefix + "grads"), tensors.get(prefix + "p"))));
            }
        }
        System.out.println("optimizer cases: " + cases.size());
        return tests;
    }

    private static void check(String name, JsonValue settings, DType type, Tensor start, Tensor gradients,
                              Tensor expected) {
        Parameter parameter = new Parameter(start.to(type).clone());
        Optimizer optimizer = optimizer(name, List.of(parameter), settings);
        double[] largest = new double[1];
        for (double value : expected.toDoubleArray()) {
            largest[0] = Math.max(largest[0], Math.abs(value));
        }
        for (int step = 0; step < expected.size(0); step++) {
            parameter.held().setGrad(gradients.select(0, step).to(type).clone());
            optimizer.step();
            double[] got = parameter.held().detach().toDoubleArray();
            // Reference: 1e-9. Float32: two dozen roundings in each step so far.
            double bound = type == DType.FLOAT64 ? 1e-9 * largest[0] : 24 * (step + 1) * 0x1p-24 * largest[0];
            for (int i = 0; i < got.length; i++) {
                assertThat(got[i]).as("step %d element %d", step + 1, i)
                        .isCloseTo(expected.at(step, i), offset(bound));
            }
        }
    }

    private static boolean on(JsonValue settings, String name) {
        return settings.get(name).asBoolean();
    }

    private static Optimizer optimizer(String name, List<Parameter> parameters, JsonValue s) {
        double rate = s.get("lr").asDouble();
        double decay = s.get("weight_decay").asDouble();
        return switch (name.split("_")[0]) {
            case "sgd" -> new SGD(parameters, rate).momentum(s.get("momentum").asDouble())
                    .dampening(s.get("dampening").asDouble()).weightDecay(decay).nesterov(on(s, "nesterov"));
            case "adam" -> new Adam(parameters, rate).betas(s.get("betas").asDoubles()[0],
                    s.get("betas").asDoubles()[1]).epsilon(s.get("eps").asDouble()).weightDecay(decay)
                    .amsgrad(on(s, "amsgrad"));
            case "adamw" -> new AdamW(parameters, rate).betas(s.get("betas").asDoubles()[0],
                    s.get("betas").asDoubles()[1]).epsilon(s.get("eps").asDouble()).weightDecay(decay)
                    .amsgrad(on(s, "amsgrad"));
            case "rmsprop" -> new RMSprop(parameters, rate).alpha(s.get("alpha").asDouble())
                    .momentum(s.get("momentum").asDouble()).epsilon(s.get("eps").asDouble())
                    .centered(on(s, "centered")).weightDecay(decay);
            case "adagrad" -> new Adagrad(parameters, rate).learningRateDecay(s.get("lr_decay").asDouble())
                    .epsilon(s.get("eps").asDouble()).weightDecay(decay)
                    .initialAccumulatorValue(s.get("initial_accumulator_value").asDouble());
            default -> throw new IllegalArgumentException("unknown optimizer " + name);
        };
    }

    @TestFactory
    List<DynamicTest> schedules() {
        Path folder = GoldenData.folder("ops");
        JsonValue cases = Json.read(folder.resolve("ops.json")).get("learning_rate_schedules_base_1");
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : cases.keys()) {
            tests.add(DynamicTest.dynamicTest(name, () -> {
                SGD optimizer = new SGD(List.of(new Parameter(Tensors.zeros(1))), 1);
                double[] expected = cases.get(name).asDoubles();
                Scheduler scheduler = scheduler(name, optimizer, expected.length);
                for (int step = 0; step < expected.length; step++) {
                    assertThat(optimizer.groups().get(0).learningRate()).as("step %d", step)
                            .isCloseTo(expected[step], offset(1e-14));
                    if (step + 1 < expected.length) {
                        optimizer.step();
                        scheduler.step();
                    }
                }
            }));
        }
        System.out.println("schedule cases: " + cases.size());
        return tests;
    }

    /** The data names the schedules only; these settings are read off their values. */
    private static Scheduler scheduler(String name, Optimizer optimizer, int length) {
        return switch (name) {
            case "step_lr" -> new StepLR(optimizer, 3, 0.5);
            case "multi_step_lr" -> new MultiStepLR(optimizer, List.of(2, 5), 0.1);
            case "exponential_lr" -> new ExponentialLR(optimizer, 0.9);
            case "cosine_annealing_lr" -> new CosineAnnealingLR(optimizer, 8, 0.01);
            case "one_cycle_lr" -> new OneCycleLR(optimizer, 1, length).cycleMomentum(false);
            case "linear_lr" -> new LinearLR(optimizer, 0.25, 1, 5);
            default -> throw new IllegalArgumentException("unknown schedule " + name);
        };
    }
}

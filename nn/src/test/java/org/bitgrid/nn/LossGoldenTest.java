package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Reduction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses and attention against PyTorch, in double on the reference and in float32 on the CPU backend. */
class LossGoldenTest {
    private static final List<String> OPS = List.of("nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss",
            "binary_cross_entropy_with_logits", "kl_div", "scaled_dot_product_attention");

    /** Roundings beside those of a sum: a few operators in a row, of which some are transcendental. */
    private static final int EXTRA_ROUNDINGS = 12;

    @TestFactory
    List<DynamicTest> cases() {
        Path folder = GoldenData.folder("ops");
        JsonValue cases = Json.read(folder.resolve("ops.json")).get("cases");
        Map<String, Tensor> tensors = SafeTensors.read(folder.resolve("ops.safetensors"));
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            JsonValue each = cases.get(i);
            if (OPS.contains(each.get("op").asString())) {
                for (DType type : List.of(DType.FLOAT64, DType.FLOAT32)) {
                    tests.add(DynamicTest.dynamicTest(each.get("name").asString() + " " + type,
                            () -> check(each, tensors, type)));
                }
            }
        }
        System.out.println("loss and attention cases: " + tests.size());
        return tests;
    }

    private static void check(JsonValue golden, Map<String, Tensor> tensors, DType type) {
        String prefix = golden.get("name").asString() + "/";
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (String name : golden.get("inputs").asStrings()) {
            Tensor input = tensors.get(prefix + name);
            inputs.put(name, input.dtype().isFloating() ? input.to(type).clone() : input);
        }
        List<String> wanted = golden.get("grads").asStrings();
        wanted.forEach(name -> inputs.get(name).requiresGrad(true));
        Tensor y = run(golden.get("op").asString(), golden.get("attrs"), inputs);
        y.backward(tensors.get(prefix + "grad_y").to(type));
        double magnitude = magnitude(golden.get("op").asString(), inputs);
        near(y, tensors.get(prefix + "y"), type, magnitude, prefix + "y");
        double upstream = largest(tensors.get(prefix + "grad_y"));
        for (String name : wanted) {
            near(inputs.get(name).grad(), tensors.get(prefix + "dx_" + name), type, magnitude * upstream,
                    prefix + "dx_" + name);
        }
    }

    private static Tensor run(String op, JsonValue attributes, Map<String, Tensor> in) {
        Tensor x = in.get("x");
        Tensor target = in.get("target");
        return switch (op) {
            case "nll_loss" -> F.nllLoss(x, target, null, CrossEntropy.IGNORE_INDEX, Reduction.MEAN);
            case "mse_loss" -> F.mseLoss(x, target, Reduction.MEAN);
            case "l1_loss" -> F.l1Loss(x, target, Reduction.MEAN);
            case "smooth_l1_loss" -> F.smoothL1Loss(x, target, attributes.get("beta").asDouble(), Reduction.MEAN);
            case "huber_loss" -> F.huberLoss(x, target, attributes.get("delta").asDouble(), Reduction.MEAN);
            case "binary_cross_entropy_with_logits" -> F.binaryCrossEntropyWithLogits(x, target, null, null,
                    Reduction.MEAN);
            case "kl_div" -> F.klDivBatchMean(x.logSoftmax(-1), target.softmax(-1), false);
            case "scaled_dot_product_attention" -> F.scaledDotProductAttention(in.get("q"), in.get("k"), in.get("v"),
                    null, 0, attributes.has("is_causal") && attributes.get("is_causal").asBoolean());
            default -> throw new IllegalArgumentException("golden case of unknown operator " + op);
        };
    }

    /**
     * A bound on every sum of magnitudes on the way, for outputs and for gradients of upstream 1. Losses: terms grow
     * with the square of |x| + |target| at most, and means divide their sum again. Attention: scores are sums over E,
     * what they weigh are values, and gradients have both as factors.
     */
    private static double magnitude(String op, Map<String, Tensor> in) {
        if (op.equals("scaled_dot_product_attention")) {
            double width = Math.sqrt(in.get("q").size(-1));
            double score = 1 + width * largest(in.get("q")) * largest(in.get("k"));
            return score * in.get("v").size(-1) * largest(in.get("v"));
        }
        Tensor target = in.get("target");
        double size = 1 + largest(in.get("x")) + (target.dtype().isFloating() ? largest(target) : 0);
        return op.equals("mse_loss") || op.equals("kl_div") ? size * size : size;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (double value : tensor.detach().toDoubleArray()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static void near(Tensor actual, Tensor expected, DType type, double magnitude, String what) {
        double[] got = actual.detach().toDoubleArray();
        double[] want = expected.toDoubleArray();
        double largest = largest(expected);
        assertThat(got).as(what).hasSize(want.length);
        assertThat(actual.dtype()).isEqualTo(type);
        int terms = 64; // none of the sums is longer
        for (int i = 0; i < got.length; i++) {
            double bound = type == DType.FLOAT64 ? 1e-9 * Math.max(Math.abs(want[i]), 1e-6 * largest)
                    : (terms + EXTRA_ROUNDINGS) * 0x1p-24 * magnitude;
            assertThat(got[i]).as("%s element %d", what, i).isCloseTo(want[i], within(bound));
        }
    }
}

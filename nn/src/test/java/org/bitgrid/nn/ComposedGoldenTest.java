package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.autograd.GradOptions;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Conv1d;
import org.bitgrid.tensor.op.ConvTranspose2d;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Embedding;
import org.bitgrid.tensor.op.GroupNorm;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Window2d;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Operators made of others against PyTorch, in double on the reference and in float32 on the CPU backend. */
class ComposedGoldenTest {
    private static final List<String> OPS = List.of("nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss",
            "binary_cross_entropy_with_logits", "kl_div", "scaled_dot_product_attention", "conv1d", "conv_transpose2d",
            "group_norm", "var", "std", "prod", "logsumexp", "cumsum", "topk", "flip", "repeat", "pad", "chunk",
            "index_select", "embedding", "pixel_shuffle", "interpolate");

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
        System.out.println("cases of composed operators: " + tests.size());
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
        String op = golden.get("op").asString();
        Tensor[] outputs = run(op, golden.get("attrs"), inputs);
        List<String> names = golden.get("outputs").asStrings();
        double magnitude = magnitude(op, inputs);
        double upstream = 0;
        List<Tensor> reached = new ArrayList<>();
        List<Tensor> seeds = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            near(outputs[i], tensors.get(prefix + names.get(i)), type, magnitude, prefix + names.get(i));
            Tensor seed = tensors.get(prefix + "grad_" + names.get(i));
            if (seed != null && outputs[i].requiresGrad()) {
                reached.add(outputs[i]);
                seeds.add(seed.to(type));
                upstream = Math.max(upstream, largest(seed));
            }
        }
        if (!wanted.isEmpty()) {
            Autograd.backward(reached, GradOptions.DEFAULT.withGradOutputs(seeds.toArray(new Tensor[0])));
        }
        for (String name : wanted) {
            near(inputs.get(name).grad(), tensors.get(prefix + "dx_" + name), type,
                    magnitude * upstream * gradientTerms(op, inputs, name), prefix + "dx_" + name);
        }
    }

    /** How many upstream gradients of full size may meet in one gradient, where an operator spreads its input. */
    private static double gradientTerms(String op, Map<String, Tensor> in, String name) {
        return switch (op) {
            case "conv1d", "conv_transpose2d" -> in.get("x").numel();
            case "group_norm", "cumsum", "repeat", "pad", "index_select", "embedding", "interpolate" -> 16;
            default -> 1;
        };
    }

    private static Tensor[] run(String op, JsonValue attributes, Map<String, Tensor> in) {
        return switch (op) {
            case "chunk" -> in.get("x").chunk(attributes.get("chunks").asInt(), attributes.get("dim").asInt())
                    .toArray(new Tensor[0]);
            case "topk" -> in.get("x").topk(attributes.get("k").asInt(), attributes.get("dim").asInt());
            default -> new Tensor[] {one(op, attributes, in)};
        };
    }

    private static Tensor one(String op, JsonValue attributes, Map<String, Tensor> in) {
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
            case "conv1d" -> Dispatch.function(new Conv1d(attributes.get("stride").asInt(),
                    attributes.get("padding").asInt(), attributes.get("dilation").asInt(),
                    attributes.get("groups").asInt()), x, in.get("weight"), in.get("bias"));
            case "conv_transpose2d" -> convTranspose(attributes, x, in.get("weight"), in.get("bias"));
            case "group_norm" -> Dispatch.function(new GroupNorm(attributes.get("num_groups").asInt(),
                    attributes.get("eps").asDouble(), false), x, in.get("weight"), in.get("bias"));
            case "var" -> x.var(integers(attributes, "dim"), attributes.get("correction").asInt(), false);
            case "std" -> x.std(integers(attributes, "dim"), attributes.get("correction").asInt(), false);
            case "prod" -> x.prod(integers(attributes, "dim").get(0));
            case "logsumexp" -> x.logsumexp(integers(attributes, "dim"), false);
            case "cumsum" -> x.cumsum(attributes.get("dim").asInt());
            case "flip" -> x.flip(integers(attributes, "dims").toArray(new Integer[0]));
            case "repeat" -> x.repeat(integers(attributes, "repeats").toArray(new Integer[0]));
            case "pad" -> x.pad(Pad.Mode.valueOf(attributes.get("mode").asString().toUpperCase(Locale.ROOT)),
                    attributes.has("value") ? attributes.get("value").asDouble() : 0,
                    integers(attributes, "pad").toArray(new Integer[0]));
            case "index_select" -> x.indexSelect(attributes.get("dim").asInt(), in.get("index"));
            case "embedding" -> Dispatch.function(new Embedding(-1), in.get("weight"), in.get("index"));
            case "pixel_shuffle" -> x.pixelShuffle(attributes.get("upscale_factor").asInt());
            case "interpolate" -> Dispatch.function(new Interpolate(integers(attributes, "size").get(0),
                    integers(attributes, "size").get(1), Interpolate.Mode.valueOf(
                    attributes.get("mode").asString().toUpperCase(Locale.ROOT)),
                    attributes.has("align_corners") && attributes.get("align_corners").asBoolean()), x);
            default -> throw new IllegalArgumentException("golden case of unknown operator " + op);
        };
    }

    private static Tensor convTranspose(JsonValue attributes, Tensor x, Tensor weight, Tensor bias) {
        int stride = attributes.get("stride").asInt();
        int padding = attributes.get("padding").asInt();
        int dilation = attributes.get("dilation").asInt();
        int outputPadding = attributes.get("output_padding").asInt();
        Window2d window = new Window2d(weight.size(2), weight.size(3), stride, stride, padding, padding, dilation,
                dilation);
        return Dispatch.function(new ConvTranspose2d(window, outputPadding, outputPadding,
                attributes.get("groups").asInt()), x, weight, bias);
    }

    private static List<Integer> integers(JsonValue attributes, String name) {
        return Arrays.stream(attributes.get(name).asInts()).boxed().toList();
    }

    /**
     * A bound on every sum of magnitudes on the way, for outputs and for gradients of upstream 1. Losses: terms grow
     * with the square of |x| + |target| at most, and means divide their sum again. Convolutions, variances: products
     * of two. Attention: scores are sums over E,
     * what they weigh are values, and gradients have both as factors.
     */
    private static double magnitude(String op, Map<String, Tensor> in) {
        if (op.equals("scaled_dot_product_attention")) {
            double width = Math.sqrt(in.get("q").size(-1));
            double score = 1 + width * largest(in.get("q")) * largest(in.get("k"));
            return score * in.get("v").size(-1) * largest(in.get("v"));
        }
        double size = 1;
        for (Tensor each : in.values()) {
            size += each.dtype().isFloating() ? largest(each) : 0;
        }
        return switch (op) {
            case "mse_loss", "kl_div", "conv1d", "conv_transpose2d", "var", "std", "group_norm" -> size * size;
            case "prod" -> Math.pow(size, in.get("x").size(1));
            case "cumsum" -> size * in.get("x").size(1);
            default -> size;
        };
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
        assertThat(actual.dtype()).isEqualTo(expected.dtype().isFloating() ? type : expected.dtype());
        int terms = 64; // none of the sums is longer
        for (int i = 0; i < got.length; i++) {
            double bound = type == DType.FLOAT64 ? 1e-9 * Math.max(Math.abs(want[i]), 1e-6 * largest)
                    : (terms + EXTRA_ROUNDINGS) * 0x1p-24 * magnitude;
            assertThat(got[i]).as("%s element %d", what, i).isCloseTo(want[i], within(bound));
        }
    }
}

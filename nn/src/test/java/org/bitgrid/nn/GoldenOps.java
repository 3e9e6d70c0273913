package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.Window2d;

/** How each {@code op} of the golden data is written with this library. */
final class GoldenOps {
    private static final Map<String, Handler> HANDLERS = new LinkedHashMap<>();

    static {
        functionsOfOne();
        functionsOfTwo();
        folds();
        layers();
        losses();
        shapes();
        selections();
        recurrent();
    }

    private GoldenOps() {
    }

    /** Computes the outputs of a case. */
    @FunctionalInterface
    interface Handler {
        Tensor[] run(GoldenCase golden, Map<String, Tensor> in);
    }

    /** Computes the one output of a case. */
    @FunctionalInterface
    private interface One {
        Tensor run(GoldenCase golden, Map<String, Tensor> in);
    }

    static boolean knows(String op) {
        return HANDLERS.containsKey(op);
    }

    /** The outputs of a case for these inputs, which are in the order of {@link GoldenCase#inputs()}. */
    static Tensor[] run(GoldenCase golden, Tensor[] inputs) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            named.put(golden.inputs().get(i), inputs[i]);
        }
        return HANDLERS.get(golden.op()).run(golden, named);
    }

    private static void many(String op, Handler handler) {
        HANDLERS.put(op, handler);
    }

    private static void one(String op, One handler) {
        many(op, (golden, in) -> new Tensor[] {handler.run(golden, in)});
    }

    private static void unary(String op, UnaryOperator<Tensor> function) {
        one(op, (golden, in) -> function.apply(in.get("x")));
    }

    private static void functionsOfOne() {
        unary("relu", Tensor::relu);
        unary("relu6", Tensor::relu6);
        unary("selu", Tensor::selu);
        unary("silu", Tensor::silu);
        unary("mish", Tensor::mish);
        unary("hardswish", Tensor::hardswish);
        unary("hardsigmoid", Tensor::hardsigmoid);
        unary("sigmoid", Tensor::sigmoid);
        unary("tanh", Tensor::tanh);
        unary("logsigmoid", Tensor::logSigmoid);
        unary("softsign", Tensor::softsign);
        unary("tanhshrink", Tensor::tanhshrink);
        unary("exp", Tensor::exp);
        unary("expm1", Tensor::expm1);
        unary("neg", Tensor::neg);
        unary("abs", Tensor::abs);
        unary("sign", Tensor::sign);
        unary("sin", Tensor::sin);
        unary("cos", Tensor::cos);
        unary("tan", Tensor::tan);
        unary("asin", Tensor::asin);
        unary("acos", Tensor::acos);
        unary("atan", Tensor::atan);
        unary("erf", Tensor::erf);
        unary("square", Tensor::square);
        unary("log", Tensor::log);
        unary("log1p", Tensor::log1p);
        unary("sqrt", Tensor::sqrt);
        unary("rsqrt", Tensor::rsqrt);
        unary("reciprocal", Tensor::reciprocal);
        unary("floor", Tensor::floor);
        unary("ceil", Tensor::ceil);
        unary("round", Tensor::round);
        one("gelu", (c, in) -> c.text("approximate").equals("tanh") ? in.get("x").geluTanh() : in.get("x").gelu());
        one("leaky_relu", (c, in) -> in.get("x").leakyRelu(c.number("negative_slope")));
        one("elu", (c, in) -> in.get("x").elu(c.number("alpha")));
        one("celu", (c, in) -> in.get("x").celu(c.number("alpha")));
        one("hardtanh", (c, in) -> in.get("x").hardtanh(c.number("min_val"), c.number("max_val")));
        one("softplus", (c, in) -> in.get("x").softplus(c.number("beta"), c.number("threshold")));
        one("threshold", (c, in) -> in.get("x").threshold(c.number("threshold"), c.number("value")));
        one("hardshrink", (c, in) -> in.get("x").hardshrink(c.number("lambd")));
        one("softshrink", (c, in) -> in.get("x").softshrink(c.number("lambd")));
        one("glu", (c, in) -> in.get("x").glu(c.integer("dim")));
        one("prelu", (c, in) -> in.get("x").prelu(in.get("weight")));
        one("clamp", (c, in) -> in.get("x").clamp(c.number("min"), c.number("max")));
    }

    private static void functionsOfTwo() {
        one("add", (c, in) -> in.get("a").add(in.get("b")));
        one("sub", (c, in) -> in.get("a").sub(in.get("b")));
        one("mul", (c, in) -> in.get("a").mul(in.get("b")));
        one("div", (c, in) -> in.get("a").div(in.get("b")));
        one("pow", (c, in) -> in.get("a").pow(in.get("b")));
        one("maximum", (c, in) -> in.get("a").maximum(in.get("b")));
        one("minimum", (c, in) -> in.get("a").minimum(in.get("b")));
        one("fmod", (c, in) -> in.get("a").fmod(in.get("b")));
        one("remainder", (c, in) -> in.get("a").remainder(in.get("b")));
        one("matmul", (c, in) -> in.get("a").matmul(in.get("b")));
        one("where", (c, in) -> in.get("a").where(in.get("condition").to(DType.BOOL), in.get("b")));
    }

    private static List<Integer> axes(GoldenCase golden) {
        return golden.has("dim") ? golden.integers("dim") : List.of();
    }

    private static void folds() {
        one("sum", (c, in) -> in.get("x").sum(axes(c), c.flag("keepdim")));
        one("mean", (c, in) -> in.get("x").mean(axes(c), c.flag("keepdim")));
        one("amax", (c, in) -> in.get("x").amax(axes(c), c.flag("keepdim")));
        one("amin", (c, in) -> in.get("x").amin(axes(c), c.flag("keepdim")));
        one("var", (c, in) -> in.get("x").var(axes(c), c.integer("correction"), c.flag("keepdim")));
        one("std", (c, in) -> in.get("x").std(axes(c), c.integer("correction"), c.flag("keepdim")));
        one("prod", (c, in) -> in.get("x").prod(axes(c).get(0)));
        one("logsumexp", (c, in) -> in.get("x").logsumexp(axes(c), c.flag("keepdim")));
        one("cumsum", (c, in) -> in.get("x").cumsum(c.integer("dim")));
        one("softmax", (c, in) -> in.get("x").softmax(c.integer("dim")));
        one("log_softmax", (c, in) -> in.get("x").logSoftmax(c.integer("dim")));
        one("argmax", (c, in) -> in.get("x").argmax(c.integer("dim")));
        many("topk", (c, in) -> in.get("x").topk(c.integer("k"), c.integer("dim")));
    }

    private static Window2d window(GoldenCase golden, int kernelH, int kernelW) {
        int[] stride = golden.pair("stride");
        int[] padding = golden.pair("padding");
        int[] dilation = golden.has("dilation") ? golden.pair("dilation") : new int[] {1, 1};
        return new Window2d(kernelH, kernelW, stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1]);
    }

    private static Window2d window(GoldenCase golden) {
        int[] kernel = golden.pair("kernel_size");
        return window(golden, kernel[0], kernel[1]);
    }

    private static void layers() {
        one("linear", (c, in) -> F.linear(in.get("x"), in.get("weight"), in.get("bias")));
        one("conv1d", (c, in) -> F.conv1d(in.get("x"), in.get("weight"), in.get("bias"), c.integer("stride"),
                c.integer("padding"), c.integer("dilation"), c.integer("groups")));
        one("conv2d", (c, in) -> F.conv2d(in.get("x"), in.get("weight"), in.get("bias"), window(c,
                in.get("weight").size(2), in.get("weight").size(3)), c.integer("groups")));
        one("conv_transpose2d", (c, in) -> F.convTranspose2d(in.get("x"), in.get("weight"), in.get("bias"), window(c,
                in.get("weight").size(2), in.get("weight").size(3)), c.pair("output_padding")[0],
                c.pair("output_padding")[1], c.integer("groups")));
        one("max_pool2d", (c, in) -> F.maxPool2d(in.get("x"), window(c), c.flag("ceil_mode")));
        one("avg_pool2d", (c, in) -> F.avgPool2d(in.get("x"), window(c), c.flag("ceil_mode"),
                c.flag("count_include_pad"), 0));
        one("adaptive_avg_pool2d", (c, in) -> F.adaptiveAvgPool2d(in.get("x"), c.pair("output_size")[0],
                c.pair("output_size")[1]));
        one("batch_norm", (c, in) -> c.flag("training")
                ? in.get("x").batchNormTraining(null, null, in.get("weight"), in.get("bias"), 0, c.number("eps"))[0]
                : F.batchNorm(in.get("x"), in.get("running_mean"), in.get("running_var"), in.get("weight"),
                        in.get("bias"), c.number("eps")));
        many("batch_norm_running_stats", (c, in) -> {
            Tensor[] outputs = in.get("x").batchNormTraining(in.get("running_mean"), in.get("running_var"), null, null,
                    c.number("momentum"), 1e-5);
            return new Tensor[] {outputs[3], outputs[4]};
        });
        one("layer_norm", (c, in) -> F.layerNorm(in.get("x"), c.shape("normalized_shape"), in.get("weight"),
                in.get("bias"), c.number("eps")));
        one("group_norm", (c, in) -> F.groupNorm(in.get("x"), c.integer("num_groups"), in.get("weight"),
                in.get("bias"), c.number("eps")));
        one("interpolate", (c, in) -> F.interpolate(in.get("x"), c.sizes("size")[0], c.sizes("size")[1],
                Interpolate.Mode.valueOf(c.text("mode").toUpperCase(Locale.ROOT)), c.flag("align_corners")));
        one("pixel_shuffle", (c, in) -> F.pixelShuffle(in.get("x"), c.integer("upscale_factor")));
        one("embedding", (c, in) -> F.embedding(in.get("index"), in.get("weight"), -1));
        one("scaled_dot_product_attention", (c, in) -> F.scaledDotProductAttention(in.get("q"), in.get("k"),
                in.get("v"), null, 0, c.flag("is_causal")));
    }

    private static long ignored(GoldenCase golden) {
        return golden.has("ignore_index") ? golden.integer("ignore_index") : CrossEntropy.IGNORE_INDEX;
    }

    private static Tensor crossEntropy(GoldenCase golden, Tensor logits, Map<String, Tensor> in) {
        return F.crossEntropy(logits, in.get("target"), in.get("weight"), ignored(golden), golden.reduction(),
                golden.has("label_smoothing") ? golden.number("label_smoothing") : 0);
    }

    private static void losses() {
        one("cross_entropy", (c, in) -> crossEntropy(c, in.get("x"), in));
        one("cross_entropy_of_softmax", (c, in) -> crossEntropy(c, in.get("x").softmax(1), in));
        one("nll_loss", (c, in) -> F.nllLoss(in.get("x"), in.get("target"), in.get("weight"), ignored(c),
                c.reduction()));
        one("mse_loss", (c, in) -> F.mseLoss(in.get("x"), in.get("target"), c.reduction()));
        one("l1_loss", (c, in) -> F.l1Loss(in.get("x"), in.get("target"), c.reduction()));
        one("smooth_l1_loss", (c, in) -> F.smoothL1Loss(in.get("x"), in.get("target"), c.number("beta"),
                c.reduction()));
        one("huber_loss", (c, in) -> F.huberLoss(in.get("x"), in.get("target"), c.number("delta"), c.reduction()));
        one("binary_cross_entropy_with_logits", (c, in) -> F.binaryCrossEntropyWithLogits(in.get("x"),
                in.get("target"), null, null, c.reduction()));
        one("kl_div", (c, in) -> {
            // As the note says: x through log_softmax, the target through softmax.
            Tensor x = in.get("x").logSoftmax(-1);
            Tensor target = in.get("target").softmax(-1);
            return c.text("reduction").equals("batchmean") ? F.klDivBatchMean(x, target, false)
                    : F.klDiv(x, target, false, c.reduction());
        });
    }

    private static void shapes() {
        one("reshape", (c, in) -> in.get("x").reshape(c.sizes("shape")));
        one("permute", (c, in) -> in.get("x").permute(c.sizes("dims")));
        one("transpose", (c, in) -> in.get("x").transpose(c.integer("dim0"), c.integer("dim1")));
        one("flatten", (c, in) -> in.get("x").flatten(c.integer("start_dim")));
        one("expand", (c, in) -> in.get("x").slice(1, 0, 1).expand(c.tensor("y").shape().toArray()));
        one("slice", (c, in) -> in.get("x").slice(c.integer("dim"), c.integer("start"), c.integer("stop"),
                c.integer("step")));
        one("flip", (c, in) -> in.get("x").flip(c.integers("dims").toArray(new Integer[0])));
        one("repeat", (c, in) -> in.get("x").repeat(c.integers("repeats").toArray(new Integer[0])));
        one("pad", (c, in) -> in.get("x").pad(Pad.Mode.valueOf(c.text("mode").toUpperCase(Locale.ROOT)),
                c.has("value") ? c.number("value") : 0, c.integers("pad").toArray(new Integer[0])));
        many("split", GoldenOps::split);
        many("chunk", (c, in) -> in.get("x").chunk(c.integer("chunks"), c.integer("dim")).toArray(new Tensor[0]));
        one("cat", (c, in) -> Tensors.cat(new ArrayList<>(in.values()), c.integer("dim")));
        one("stack", (c, in) -> Tensors.stack(new ArrayList<>(in.values()), c.integer("dim")));
    }

    private static Tensor[] split(GoldenCase golden, Map<String, Tensor> in) {
        List<Tensor> parts = new ArrayList<>();
        int start = 0;
        for (int size : golden.sizes("sizes")) {
            parts.add(in.get("x").narrow(golden.integer("dim"), start, size));
            start += size;
        }
        return parts.toArray(new Tensor[0]);
    }

    private static void selections() {
        one("gather", (c, in) -> in.get("x").gather(c.integer("dim"), in.get("index")));
        one("index_select", (c, in) -> in.get("x").indexSelect(c.integer("dim"), in.get("index")));
        one("scatter_add", (c, in) -> in.get("x").scatterAdd(c.integer("dim"), in.get("index"), in.get("src")));
    }

    private static void recurrent() {
        many("lstm", (c, in) -> withWeights(new LSTM(in.get("x").size(2), in.get("h0").size(2))
                .batchFirst(c.flag("batch_first")), in, in.get("h0"), zeros(in.get("h0").spec().shape(), in)));
        many("gru", (c, in) -> withWeights(new GRU(in.get("x").size(2), in.get("h0").size(2))
                .batchFirst(c.flag("batch_first")), in, in.get("h0")));
        many("rnn", (c, in) -> withWeights(new RNN(in.get("x").size(2), in.get("h0").size(2))
                .batchFirst(c.flag("batch_first")), in, in.get("h0")));
    }

    private static Tensor zeros(Shape shape, Map<String, Tensor> in) {
        return Tensors.zeros(shape, in.get("h0").dtype());
    }

    /** Runs a layer with the weights of the case standing in for its own, so that gradients reach them. */
    private static Tensor[] withWeights(RecurrentBase<?> layer, Map<String, Tensor> in, Tensor... states) {
        List<Tensor> arguments = new ArrayList<>(List.of(in.get("x")));
        arguments.addAll(List.of(states));
        Map<Parameter, Tensor> weights = new LinkedHashMap<>();
        layer.namedParameters().forEach((name, parameter) -> weights.put(parameter, in.get(name)));
        try (Dispatch.Scope substituted = Parameter.substitute(weights)) {
            return layer.run(arguments.toArray(new Tensor[0]));
        }
    }
}

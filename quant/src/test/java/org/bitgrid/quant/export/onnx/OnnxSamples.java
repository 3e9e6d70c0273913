package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.AdaptiveAvgPool2d;
import org.bitgrid.nn.AvgPool2d;
import org.bitgrid.nn.BatchNorm1d;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv1d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.Embedding;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Flatten;
import org.bitgrid.nn.GroupNorm;
import org.bitgrid.nn.InstanceNorm2d;
import org.bitgrid.nn.LSTM;
import org.bitgrid.nn.LayerNorm;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.MaxPool1d;
import org.bitgrid.nn.MaxPool2d;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.RMSNorm;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.TransformerEncoderLayer;
import org.bitgrid.nn.Upsample;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.CumProd;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Diagonal;
import org.bitgrid.tensor.op.Einsum;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Prod;
import org.bitgrid.tensor.op.Scatter;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.TopK;
import org.bitgrid.tensor.op.Triangle;
import org.bitgrid.tensor.op.Truth;
import org.bitgrid.tensor.op.Where;
import org.bitgrid.tensor.op.Window2d;

/** Small modules that between them use every line of the table of operators. */
final class OnnxSamples {
    /** Sums of a few hundred float32 terms of size 1, in another order; transcendentals to a few ulp. */
    private static final double TOLERANCE = 1e-5;

    /**
     * A module or an expression with inputs of any batch size.
     *
     * @param tolerance largest difference, relative where values exceed 1
     */
    record Sample(String name, Module module, Function<Tensor[], Tensor[]> expression,
                  IntFunction<Tensor[]> maker, int[] batches, double tolerance) {
        Tensor[] inputs(int batch) {
            return maker.apply(batch);
        }
    }

    private final List<Sample> samples = new ArrayList<>();

    private OnnxSamples() {
    }

    static List<Sample> all() {
        OnnxSamples all = new OnnxSamples();
        all.pointwise();
        all.comparisons();
        all.functions();
        all.products();
        all.normalizations();
        all.pools();
        all.shapes();
        all.reductions();
        all.selections();
        all.composed();
        return all.samples;
    }

    private void add(String name, IntFunction<Tensor[]> inputs, Function<Tensor[], Tensor[]> expression) {
        samples.add(new Sample(name, null, expression, inputs, new int[] {1, 3, 7}, TOLERANCE));
    }

    private void one(String name, UnaryOperator<Tensor> expression, int... dims) {
        add(name, batch -> new Tensor[] {random(1, batch, dims)}, in -> new Tensor[] {expression.apply(in[0])});
    }

    private void two(String name, Function<Tensor[], Tensor> expression) {
        add(name, batch -> new Tensor[] {random(1, batch, 3, 5), random(2, batch, 3, 1)},
                in -> new Tensor[] {expression.apply(in)});
    }

    private void layer(String name, Module module, int... dims) {
        samples.add(new Sample(name, new Sequential(module), null, batch -> new Tensor[] {random(1, batch, dims)},
                new int[] {1, 3, 7}, TOLERANCE));
    }

    private static Tensor random(long seed, int batch, int... dims) {
        return Tensors.randn(new Rng(seed), Shape.of(batch).concat(Shape.of(dims)).toArray());
    }

    private static Tensor whole(long seed, int bound, int... dims) {
        Rng rng = new Rng(seed);
        long[] values = new long[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rng.nextInt(bound);
        }
        return Tensors.of(values, dims);
    }

    private void pointwise() {
        one("neg", Tensor::neg, 5);
        one("abs", Tensor::abs, 5);
        one("sign", Tensor::sign, 5);
        one("square", Tensor::square, 5);
        one("floor", Tensor::floor, 5);
        one("ceil", Tensor::ceil, 5);
        one("round half to even", x -> x.mul(4.0).floor().div(2.0).round(), 9);
        one("exp", Tensor::exp, 5);
        one("log", x -> x.abs().log(), 5);
        one("sqrt", x -> x.abs().sqrt(), 5);
        one("rsqrt", x -> x.abs().add(0.1).rsqrt(), 5);
        one("reciprocal", x -> x.abs().add(0.1).reciprocal(), 5);
        one("sigmoid", Tensor::sigmoid, 5);
        one("tanh", Tensor::tanh, 5);
        one("erf", Tensor::erf, 5);
        one("relu", F::relu, 5);
        one("relu6", x -> F.relu6(x.mul(8.0)), 5);
        one("gelu", F::gelu, 5);
        one("gelu by tanh", x -> F.gelu(x, "tanh"), 5);
        one("exp of integers", x -> x.to(DType.INT64).exp(), 5);
        one("clone", x -> x.clone().mul(2.0), 5);
        one("number minus x", x -> Dispatch.apply(new PointwiseScalar(Pointwise2.Kind.SUB, 2, false, true), x), 5);
        one("number to the power x", x -> Dispatch.apply(new PointwiseScalar(Pointwise2.Kind.POW, 2, false, true), x),
                5);
        one("truncate", x -> x.mul(3.0).to(DType.INT64), 5);
        one("integers by a number", x -> x.mul(3.0).to(DType.INT64).mul(2L).div(4.0), 5);
        one("batch size as a number", x -> x.mul((long) x.size(0)), 5);
        two("add", in -> in[0].add(in[1]));
        two("sub", in -> in[0].sub(in[1]));
        two("mul", in -> in[0].mul(in[1]));
        two("div", in -> in[0].div(in[1].abs().add(0.5)));
        two("pow", in -> in[0].abs().pow(in[1]));
        two("maximum", in -> in[0].maximum(in[1]));
        two("minimum", in -> in[0].minimum(in[1]));
        two("integers and floats", in -> in[0].to(DType.INT64).add(in[1]));
        two("where", in -> Where.apply(in[0].gt(0.0), in[0], in[1]));
    }

    private void functions() {
        for (Pointwise1.Kind kind : Pointwise1.Kind.values()) {
            // Inside of what every function is defined on: (0, 1).
            if (OnnxOps.knows(new Pointwise1(kind))) {
                one(kind + " of (0, 1)", x -> Dispatch.apply(new Pointwise1(kind), x.sigmoid()), 7);
            }
        }
        for (Pointwise1.Kind kind : List.of(Pointwise1.Kind.TRUNC, Pointwise1.Kind.FRAC, Pointwise1.Kind.EXPM1,
                Pointwise1.Kind.SELU, Pointwise1.Kind.SILU, Pointwise1.Kind.MISH, Pointwise1.Kind.HARDSWISH,
                Pointwise1.Kind.HARDSIGMOID, Pointwise1.Kind.LOGSIGMOID, Pointwise1.Kind.SOFTSIGN,
                Pointwise1.Kind.TANHSHRINK)) {
            one(kind + " on both sides of 0", x -> Dispatch.apply(new Pointwise1(kind), x.mul(4.0)), 7);
        }
        for (ParametricPointwise.Kind kind : ParametricPointwise.Kind.values()) {
            if (OnnxOps.knows(new ParametricPointwise(kind, 0.5, 2.5))) {
                one(kind.toString(), x -> ParametricPointwise.apply(kind, x.mul(3.0), 0.5, 2.5), 7);
            }
        }
        one("softplus far out", x -> x.mul(40.0).softplus(), 7);
        one("clamp from below", x -> x.clampMin(0.25), 7);
        one("clamp of integers", x -> x.mul(4.0).to(DType.INT64).clamp(-2, 3), 7);
        for (Pointwise2.Kind kind : List.of(Pointwise2.Kind.FMOD, Pointwise2.Kind.REMAINDER,
                Pointwise2.Kind.FLOOR_DIVIDE, Pointwise2.Kind.ATAN2)) {
            two(kind.toString(), in -> kind.apply(in[0].mul(7.0), in[1].add(0.25)));
        }
        two("atan2 on the axes", in -> Pointwise2.Kind.ATAN2.apply(in[0].round().add(0.0), in[1].round().add(0.0)));
        two("remainder of integers", in -> in[0].mul(9.0).to(DType.INT64).remainder(3L));
        two("floor_divide of integers", in -> in[0].mul(9.0).to(DType.INT64).floorDivide(-4L));
        add("prelu", batch -> new Tensor[] {random(1, batch, 4, 3, 2)},
                in -> new Tensor[] {in[0].prelu(Tensors.of(0.1f, 0.2f, 0.3f, 0.4f))});
        add("prelu of one slope", batch -> new Tensor[] {random(1, batch, 4)},
                in -> new Tensor[] {in[0].prelu(Tensors.of(0.25f))});
        one("glu", x -> x.glu(1), 6);
        two("logic", in -> in[0].gt(0.0).logicalAnd(in[1].gt(0.0)).logicalOr(in[0].gt(1.0)).logicalXor(
                in[1].lt(0.5).logicalNot()));
        two("masked_fill", in -> in[0].maskedFill(in[1].gt(0.0), -2));
        two("bounds that are tensors", in -> in[0].clamp(in[1].sub(0.5), in[1].add(0.5)));
    }

    private void comparisons() {
        two("eq", in -> in[0].round().eq(in[1].round()));
        two("ne", in -> in[0].round().ne(in[1].round()));
        two("lt", in -> in[0].lt(in[1]));
        two("le", in -> in[0].round().le(in[1].round()));
        two("gt", in -> in[0].gt(in[1]));
        two("ge", in -> in[0].round().ge(in[1].round()));
        one("integers and a fraction", x -> x.mul(2.0).to(DType.INT64).lt(0.5), 5);
    }

    private void products() {
        layer("conv2d", new Conv2d(4, 6, 3).stride(2).padding(1), 4, 7, 8);
        layer("conv2d grouped, dilated", new Conv2d(4, 6, 3, 2).groups(2).dilation(2, 1).padding(2, 1).bias(false), 4,
                7, 8);
        layer("conv1d", new Conv1d(4, 6, 3).stride(2).padding(1), 4, 9);
        layer("conv_transpose2d", new ConvTranspose2d(4, 6, 3).stride(2).padding(1).outputPadding(1), 4, 5, 6);
        layer("linear", new Linear(5, 4), 5);
        layer("linear without bias", new Linear(5, 4).bias(false), 5);
        layer("linear of three dimensions", new Linear(5, 4), 3, 5);
        add("matmul", batch -> new Tensor[] {random(1, batch, 2, 3, 4), random(2, batch, 1, 4, 5)},
                in -> new Tensor[] {in[0].matmul(in[1])});
        add("matmul of vectors", batch -> new Tensor[] {random(1, batch, 4)},
                in -> new Tensor[] {in[0].matmul(Tensors.randn(new Rng(5), 4)),
                        Tensors.randn(new Rng(6), 3).matmul(in[0].unsqueeze(1).expand(in[0].size(0), 3, 4))});
        samples.add(new Sample("embedding", new Sequential(new Embedding(9, 4)), null,
                batch -> new Tensor[] {whole(1, 9, batch, 3)}, new int[] {1, 3, 7}, 0));
    }

    private static Module trained(Module norm, int channels) {
        Module holder = new Sequential(norm);
        norm.ownBuffers().forEach((name, buffer) -> {
            if (name.startsWith("running")) {
                buffer.set(Tensors.rand(new Rng(name.length()), channels).add(0.5));
            }
        });
        norm.ownParameters().forEach((name, parameter) ->
                parameter.set(Tensors.randn(new Rng(name.length()), parameter.shape().toArray())));
        return holder;
    }

    private void normalizations() {
        layer("batch_norm", trained(new BatchNorm2d(4), 4), 4, 3, 5);
        layer("batch_norm of rows", trained(new BatchNorm1d(4), 4), 4);
        add("batch_norm without weights", batch -> new Tensor[] {random(1, batch, 4, 3, 5)},
                in -> new Tensor[] {F.batchNorm(in[0], Tensors.randn(new Rng(3), 4), Tensors.rand(new Rng(4), 4).add(
                        0.5), null, null, 1e-5)});
        layer("layer_norm", trained(new LayerNorm(5), 5), 3, 5);
        add("layer_norm without weights", batch -> new Tensor[] {random(1, batch, 3, 5)},
                in -> new Tensor[] {F.layerNorm(in[0], Shape.of(3, 5), null, null, 1e-5)});
        layer("group_norm", trained(new GroupNorm(2, 4), 4), 4, 3, 5);
        layer("instance_norm", new InstanceNorm2d(4), 4, 3, 5);
        layer("rms_norm", trained(new RMSNorm(5), 5), 3, 5);
        one("softmax", x -> F.softmax(x, -1), 3, 5);
        one("softmax of channels", x -> F.softmax(x, 1), 3, 5);
        one("log_softmax", x -> F.logSoftmax(x, -1), 3, 5);
    }

    private void pools() {
        layer("max_pool2d", new MaxPool2d(3).stride(2).padding(1), 4, 7, 8);
        layer("max_pool2d rounded up", new MaxPool2d(3, 2).stride(2).ceilMode(true), 4, 8, 7);
        layer("max_pool2d dilated", new MaxPool2d(2).stride(1).dilation(2), 4, 7, 8);
        layer("max_pool1d", new MaxPool1d(2), 4, 9);
        layer("avg_pool2d", new AvgPool2d(3).stride(2).padding(1), 4, 7, 8);
        layer("avg_pool2d rounded up", new AvgPool2d(3).stride(2).padding(1).ceilMode(true), 4, 8, 8);
        layer("avg_pool2d without padding in the mean", new AvgPool2d(3).stride(2).padding(1).ceilMode(true)
                .countIncludePad(false), 4, 8, 8);
        one("avg_pool2d with a divisor", x -> F.avgPool2d(x, new Window2d(3, 3, 2, 2, 1, 1, 1, 1), false, true, 5), 4,
                7, 8);
        one("avg_pool2d with a divisor, rounded up",
                x -> F.avgPool2d(x, new Window2d(3, 3, 2, 2, 1, 1, 1, 1), true, false, 5), 4, 8, 8);
        layer("adaptive_avg_pool2d to 1", new AdaptiveAvgPool2d(1), 4, 7, 8);
        layer("adaptive_avg_pool2d to a divisor", new AdaptiveAvgPool2d(2, 4), 4, 6, 8);
        layer("adaptive_avg_pool2d to any size", new AdaptiveAvgPool2d(3, 5), 4, 7, 8);
        layer("upsample nearest", Upsample.by(2), 4, 3, 5);
        for (Interpolate.Mode mode : Interpolate.Mode.values()) {
            one("interpolate " + mode + " to any size", x -> F.interpolate(x, 7, 4, mode, false), 2, 5, 6);
        }
        one("interpolate nearest down by 3", x -> F.interpolate(x, 3, 5, Interpolate.Mode.NEAREST, false), 2, 9, 15);
        one("interpolate with aligned corners", x -> F.interpolate(x, 7, 9, Interpolate.Mode.BILINEAR, true), 2, 5, 6);
        one("pixel_shuffle", x -> F.pixelShuffle(x, 2), 8, 3, 4);
        one("pixel_shuffle of five dimensions", x -> F.pixelShuffle(x, 2), 2, 8, 3, 4);
        one("pixel_unshuffle", x -> F.pixelUnshuffle(x, 2), 2, 6, 4);
        for (Pad.Mode mode : Pad.Mode.values()) {
            one("pad " + mode, x -> F.pad(x, List.of(1, 2, 2, 1), mode, mode == Pad.Mode.CONSTANT ? 0.5 : 0), 2, 4, 5);
        }
    }

    private void shapes() {
        one("view", x -> x.view(x.size(0), -1), 3, 4);
        one("view that splits", x -> x.view(x.size(0), 2, 2, 3), 4, 3);
        one("view that joins batch and places", x -> x.view(x.size(0) * 3, 4), 3, 4);
        one("reshape by two sizes of the batch", x -> x.reshape(x.size(0), 1, 1).mul(x.reshape(1, x.size(0), 1))
                .reshape(x.size(0), x.size(0)));
        layer("flatten", new Flatten(), 3, 4);
        one("flatten from the second place", x -> x.flatten(2), 2, 3, 4);
        one("flatten everything", x -> x.flatten(0), 3);
        one("permute", x -> x.permute(0, 3, -3, 2), 2, 3, 4);
        one("transpose", x -> x.transpose(1, -1), 2, 3, 4);
        one("squeeze", x -> x.squeeze(1).squeeze(-1), 1, 3);
        one("unsqueeze", x -> x.unsqueeze(1).unsqueeze(-1), 3);
        one("expand", x -> x.expand(x.size(0), 4, 3), 1, 3);
        add("expand to the batch", batch -> new Tensor[] {random(1, batch, 3)},
                in -> new Tensor[] {in[0].mean(List.of(0), true).expand(in[0].size(0), 3).add(in[0])});
        one("slice", x -> x.slice(1, 1, 6, 2).slice(-1, -3, Long.MAX_VALUE), 7, 4);
        one("slice up to the batch size", x -> x.mean(0).slice(0, 0, x.size(0)), 8);
        one("select and split", x -> x.select(1, 2).add(x.split(2, 1).get(1).sum(1)), 4, 2);
        add("cat", batch -> new Tensor[] {random(1, batch, 3, 2), random(2, batch, 1, 2)},
                in -> new Tensor[] {F.cat(List.of(in[0], in[1], in[0]), 1)});
        one("repeat", x -> x.repeat(2, 1, 3), 3);
        one("repeat of the batch", x -> x.mean(List.of(0), true).repeat(x.size(0), 2), 3);
        one("zeros of the input's size", x -> F.cat(List.of(x, Tensors.full(Shape.of(x.size(0), 2), 0.5,
                DType.FLOAT32)), 1), 3);
        one("copies of no input", x -> x.add(Tensors.fullLike(x.spec(), 2)), 3);
    }

    private void reductions() {
        one("sum", x -> x.sum(List.of(1, -1), false), 3, 4);
        one("sum of everything", Tensor::sum, 3);
        one("sum of booleans", x -> x.gt(0.0).sum(1), 6);
        one("mean", x -> x.mean(List.of(1, 2), true), 3, 4);
        one("amax", x -> x.amax(List.of(1), false), 3, 4);
        one("amin", x -> x.amin(List.of(-1), true), 3, 4);
        one("argmax", x -> x.argmax(1), 6);
        one("argmin, dimension kept", x -> x.argmin(-1), 6);
        add("argmax of everything", batch -> new Tensor[] {random(1, batch, 6)},
                in -> new Tensor[] {in[0].argmax()});
        add("max with places", batch -> new Tensor[] {random(1, batch, 6, 2)}, in -> in[0].max(1, false));
        add("min with places", batch -> new Tensor[] {random(1, batch, 6, 2)},
                in -> Dispatch.applyAll(new MaxDim(false, 2, true), in[0]));
        one("logsumexp", x -> x.logsumexp(List.of(1), false), 6, 2);
        one("norm", x -> x.norm(2, List.of(1), true), 6, 2);
        one("1-norm", x -> x.norm(1, List.of(1), false), 6, 2);
        one("3-norm", x -> x.norm(3, List.of(1), false), 6, 2);
        one("0-norm", x -> F.relu(x).norm(0, List.of(1), false), 6, 2);
        one("infinity norm", x -> x.norm(Double.POSITIVE_INFINITY, List.of(1), false), 6, 2);
        one("prod", x -> Dispatch.apply(new Prod(1, true), x), 5, 2);
        one("cumsum", x -> x.cumsum(1), 5, 2);
        one("cumsum from the end", x -> Dispatch.apply(new CumSum(-1, true), x), 5);
        one("var and std", x -> F.cat(List.of(x.var(List.of(1), 1, true), x.std(List.of(1), 0, true)), 1), 5, 2);
    }

    private void selections() {
        add("index_select", batch -> new Tensor[] {random(1, batch, 5, 2)},
                in -> new Tensor[] {in[0].indexSelect(1, Tensors.of(new long[] {4, 0, 0}, 3))});
        add("gather", batch -> new Tensor[] {random(1, batch, 5), whole(2, 5, batch, 3)},
                in -> new Tensor[] {in[0].gather(1, in[1])});
        add("scatter_add", batch -> new Tensor[] {random(1, batch, 5), whole(2, 5, batch, 3), random(3, batch, 3)},
                in -> new Tensor[] {Dispatch.apply(new ScatterAdd(1), in[0], in[1], in[2])});
        add("scatter_add of a larger source",
                batch -> new Tensor[] {random(1, batch, 5), whole(2, 5, batch, 2), random(3, batch, 3)},
                in -> new Tensor[] {Dispatch.apply(new ScatterAdd(-1), in[0], in[1], in[2])});
        add("topk", batch -> new Tensor[] {random(1, batch, 7)}, in -> in[0].topk(3, 1));
        add("smallest", batch -> new Tensor[] {random(1, batch, 7)},
                in -> Dispatch.applyAll(new TopK(2, 1, false), in[0]));
        add("sort", batch -> new Tensor[] {random(1, batch, 7)}, in -> in[0].sort(1, false));
        add("sort of the batch", batch -> new Tensor[] {random(1, batch, 2)}, in -> in[0].sort(0, true));
        samples.add(new Sample("one_hot", null, in -> new Tensor[] {F.oneHot(in[0], 6)},
                batch -> new Tensor[] {whole(1, 6, batch, 3)}, new int[] {1, 3, 7}, 0));
        add("scatter", batch -> new Tensor[] {random(1, batch, 5), random(3, batch, 2)}, in -> new Tensor[] {
            Dispatch.apply(new Scatter(1), in[0], Tensors.of(new long[] {3, 1}, 1, 2).expand(in[0].size(0), 2),
                    in[1])});
        one("diagonal", x -> Dispatch.apply(new Diagonal(1, 1, 3), x), 4, 2, 5);
        one("triangle", x -> Dispatch.apply(new Triangle(true, 0), x), 4, 5);
        one("cumprod", x -> Dispatch.apply(new CumProd(1), x), 5);
        two("einsum", in -> Dispatch.apply(new Einsum("bij,bik->bjk"), in[0], in[1]));
        one("any and all", x -> Dispatch.apply(new Truth(true, List.of(1), false), x.gt(-1.0)), 4);
        one("detached", x -> x.detach().add(x.mul(2.0).detach()), 4);
        one("flip and roll", x -> x.flip(1, -1).roll(2, 1), 5, 3);
    }

    private void composed() {
        layer("dropout", new Sequential(new Linear(5, 4), new Dropout(0.5)), 5);
        add("attention", batch -> new Tensor[] {random(1, batch, 2, 5, 4), random(2, batch, 2, 5, 4),
            random(3, batch, 2, 5, 4)}, in -> new Tensor[] {F.scaledDotProductAttention(in[0], in[1], in[2], null, 0,
                    true)});
        layer("transformer encoder", new TransformerEncoderLayer(8, 2).hidden(16).batchFirst(true).causal(true), 5, 8);
        samples.add(new Sample("lstm", new LSTM(3, 4).batchFirst(true), null,
                batch -> new Tensor[] {random(1, batch, 5, 3)}, new int[] {1, 3}, TOLERANCE));
    }
}

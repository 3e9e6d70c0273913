package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bitgrid.nn.AdaptiveAvgPool2d;
import org.bitgrid.nn.AvgPool2d;
import org.bitgrid.nn.BatchNorm1d;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.BatchNorm3d;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.CELU;
import org.bitgrid.nn.Conv1d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Conv3d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.ELU;
import org.bitgrid.nn.Embedding;
import org.bitgrid.nn.Flatten;
import org.bitgrid.nn.GELU;
import org.bitgrid.nn.GLU;
import org.bitgrid.nn.GroupNorm;
import org.bitgrid.nn.Hardshrink;
import org.bitgrid.nn.Hardsigmoid;
import org.bitgrid.nn.Hardswish;
import org.bitgrid.nn.Hardtanh;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.LayerNorm;
import org.bitgrid.nn.LeakyReLU;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.LogSigmoid;
import org.bitgrid.nn.LogSoftmax;
import org.bitgrid.nn.MaxPool2d;
import org.bitgrid.nn.Mish;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.PReLU;
import org.bitgrid.nn.PixelShuffle;
import org.bitgrid.nn.ReLU6;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.SELU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.SiLU;
import org.bitgrid.nn.Sigmoid;
import org.bitgrid.nn.Softmax;
import org.bitgrid.nn.Softmin;
import org.bitgrid.nn.Softplus;
import org.bitgrid.nn.Softshrink;
import org.bitgrid.nn.Softsign;
import org.bitgrid.nn.Tanh;
import org.bitgrid.nn.Tanhshrink;
import org.bitgrid.nn.io.JsonValue;

/** Makes layers from what {@code structure.modules} says of them: PyTorch's class and attributes. */
final class StructureLayers {
    private static final Map<String, Function<Attributes, Module>> LAYERS = new HashMap<>();

    private StructureLayers() {
    }

    static {
        LAYERS.put("Conv1d", a -> new Conv1d(a.integer("in_channels"), a.integer("out_channels"),
                a.integer("kernel_size")).stride(a.integer("stride")).padding(a.integer("padding"))
                .dilation(a.integer("dilation")).groups(a.integer("groups")).bias(a.bias()));
        LAYERS.put("Conv2d", a -> new Conv2d(a.integer("in_channels"), a.integer("out_channels"),
                a.first("kernel_size"), a.last("kernel_size")).stride(a.first("stride"), a.last("stride"))
                .padding(a.first("padding"), a.last("padding")).dilation(a.first("dilation"), a.last("dilation"))
                .groups(a.integer("groups")).bias(a.bias()));
        LAYERS.put("ConvTranspose2d", a -> new ConvTranspose2d(a.integer("in_channels"), a.integer("out_channels"),
                a.integers("kernel_size")).stride(a.integers("stride")).padding(a.integers("padding"))
                .outputPadding(a.integers("output_padding")).dilation(a.integers("dilation"))
                .groups(a.integer("groups")).bias(a.bias()));
        LAYERS.put("Conv3d", a -> new Conv3d(a.integer("in_channels"), a.integer("out_channels"),
                a.integers("kernel_size")).stride(a.integers("stride")).padding(a.integers("padding"))
                .dilation(a.integers("dilation")).groups(a.integer("groups")).bias(a.bias()));
        LAYERS.put("BatchNorm3d", a -> norm(new BatchNorm3d(a.integer("num_features")), a));
        LAYERS.put("Linear", a -> new Linear(a.integer("in_features"), a.integer("out_features")).bias(a.bias()));
        LAYERS.put("BatchNorm1d", a -> norm(new BatchNorm1d(a.integer("num_features")), a));
        LAYERS.put("BatchNorm2d", a -> norm(new BatchNorm2d(a.integer("num_features")), a));
        LAYERS.put("LayerNorm", a -> new LayerNorm(a.integers("normalized_shape")).epsilon(a.number("eps"))
                .elementwiseAffine(a.flag("elementwise_affine")).bias(a.bias()));
        LAYERS.put("GroupNorm", a -> new GroupNorm(a.integer("num_groups"), a.integer("num_channels"))
                .epsilon(a.number("eps")).affine(a.flag("affine")));
        LAYERS.put("MaxPool2d", StructureLayers::maxPool);
        LAYERS.put("AvgPool2d", StructureLayers::avgPool);
        LAYERS.put("AdaptiveAvgPool2d", a -> a.isList("output_size")
                ? new AdaptiveAvgPool2d(a.first("output_size"), a.last("output_size"))
                : new AdaptiveAvgPool2d(a.integer("output_size")));
        LAYERS.put("Dropout", a -> new Dropout(a.number("p")));
        LAYERS.put("Embedding", a -> new Embedding(a.integer("num_embeddings"), a.integer("embedding_dim")));
        LAYERS.put("Flatten", a -> new Flatten(a.integer("start_dim"), a.integer("end_dim")));
        LAYERS.put("GELU", a -> new GELU().approximate(a.has("approximate") ? a.text("approximate") : "none"));
        LAYERS.put("Softmax", a -> new Softmax(a.integer("dim")));
        LAYERS.put("LogSoftmax", a -> new LogSoftmax(a.integer("dim")));
        LAYERS.put("PixelShuffle", a -> new PixelShuffle(a.integer("upscale_factor")));
        LAYERS.put("Identity", a -> new Identity());
        LAYERS.put("ReLU", a -> new ReLU());
        LAYERS.put("ReLU6", a -> new ReLU6());
        LAYERS.put("Sigmoid", a -> new Sigmoid());
        LAYERS.put("Tanh", a -> new Tanh());
        LAYERS.put("SELU", a -> new SELU());
        LAYERS.put("SiLU", a -> new SiLU());
        LAYERS.put("Mish", a -> new Mish());
        LAYERS.put("Hardswish", a -> new Hardswish());
        LAYERS.put("Hardsigmoid", a -> new Hardsigmoid());
        LAYERS.put("LogSigmoid", a -> new LogSigmoid());
        LAYERS.put("Softsign", a -> new Softsign());
        LAYERS.put("Tanhshrink", a -> new Tanhshrink());
        LAYERS.put("LeakyReLU", a -> new LeakyReLU(a.number("negative_slope")));
        LAYERS.put("ELU", a -> new ELU(a.number("alpha")));
        LAYERS.put("CELU", a -> new CELU(a.number("alpha")));
        LAYERS.put("Hardtanh", a -> new Hardtanh(a.number("min_val"), a.number("max_val")));
        LAYERS.put("Softplus", a -> new Softplus(a.number("beta"), a.number("threshold")));
        LAYERS.put("Hardshrink", a -> new Hardshrink(a.number("lambd")));
        LAYERS.put("Softshrink", a -> new Softshrink(a.number("lambd")));
        LAYERS.put("PReLU", a -> new PReLU(a.integer("num_parameters")));
        LAYERS.put("GLU", a -> new GLU(a.integer("dim")));
        LAYERS.put("Softmin", a -> new Softmin(a.integer("dim")));
        LAYERS.put("Sequential", a -> new Sequential());
    }

    /** A layer; a class that is none of PyTorch's and has no attributes is one that only holds others. */
    static Module make(String path, JsonValue description) {
        String type = description.get("type").asString();
        Function<Attributes, Module> maker = LAYERS.get(type);
        Attributes attributes = new Attributes(description);
        if (maker == null) {
            if (!description.get("attributes").keys().isEmpty()) {
                throw description.error("no layer is known for " + path + " of type " + type
                        + "; add it to StructureLayers");
            }
            return new StructureNetwork.Holder(type);
        }
        return maker.apply(attributes);
    }

    private static Module norm(BatchNormBase<?> norm, Attributes a) {
        return norm.epsilon(a.number("eps")).momentum(a.has("momentum") ? (Double) a.number("momentum") : null)
                .affine(a.flag("affine")).trackRunningStats(a.flag("track_running_stats"));
    }

    private static Module maxPool(Attributes a) {
        MaxPool2d pool = a.isList("kernel_size") ? new MaxPool2d(a.first("kernel_size"), a.last("kernel_size"))
                : new MaxPool2d(a.integer("kernel_size"));
        return pool.stride(a.integers(a.has("stride") ? "stride" : "kernel_size")).padding(a.integers("padding"))
                .dilation(a.integers("dilation")).ceilMode(a.flag("ceil_mode"));
    }

    private static Module avgPool(Attributes a) {
        AvgPool2d pool = a.isList("kernel_size") ? new AvgPool2d(a.first("kernel_size"), a.last("kernel_size"))
                : new AvgPool2d(a.integer("kernel_size"));
        pool.stride(a.integers(a.has("stride") ? "stride" : "kernel_size")).padding(a.integers("padding"))
                .ceilMode(a.flag("ceil_mode")).countIncludePad(a.flag("count_include_pad"));
        return a.has("divisor_override") ? pool.divisorOverride(a.integer("divisor_override")) : pool;
    }

    /** Attributes of one layer; None counts as absent. */
    private record Attributes(JsonValue description) {
        JsonValue get(String name) {
            return description.get("attributes").get(name);
        }

        boolean has(String name) {
            return description.get("attributes").has(name) && !get(name).isNull();
        }

        boolean bias() {
            return description.has("bias") && description.get("bias").asBoolean();
        }

        boolean isList(String name) {
            return get(name).isArray();
        }

        int integer(String name) {
            return isList(name) ? get(name).get(0).asInt() : get(name).asInt();
        }

        int[] integers(String name) {
            List<Integer> values = new ArrayList<>();
            if (isList(name)) {
                get(name).items().forEach(item -> values.add(item.asInt()));
            } else {
                values.add(get(name).asInt());
            }
            return values.stream().mapToInt(Integer::intValue).toArray();
        }

        int first(String name) {
            return integers(name)[0];
        }

        int last(String name) {
            int[] values = integers(name);
            return values[values.length - 1];
        }

        double number(String name) {
            return get(name).asDouble();
        }

        boolean flag(String name) {
            return get(name).asBoolean();
        }

        String text(String name) {
            return get(name).asString();
        }
    }
}

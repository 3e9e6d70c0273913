package org.bitgrid.quant.prepare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bitgrid.nn.CELU;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ELU;
import org.bitgrid.nn.GELU;
import org.bitgrid.nn.GLU;
import org.bitgrid.nn.Hardshrink;
import org.bitgrid.nn.Hardsigmoid;
import org.bitgrid.nn.Hardswish;
import org.bitgrid.nn.Hardtanh;
import org.bitgrid.nn.LeakyReLU;
import org.bitgrid.nn.LogSigmoid;
import org.bitgrid.nn.LogSoftmax;
import org.bitgrid.nn.Mish;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.ReLU6;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.SELU;
import org.bitgrid.nn.SiLU;
import org.bitgrid.nn.Sigmoid;
import org.bitgrid.nn.Softmax;
import org.bitgrid.nn.Softplus;
import org.bitgrid.nn.Softshrink;
import org.bitgrid.nn.Softsign;
import org.bitgrid.nn.Tanh;
import org.bitgrid.nn.Tanhshrink;
import org.bitgrid.nn.Threshold;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.quant.functional.AMax;
import org.bitgrid.quant.functional.AMin;
import org.bitgrid.quant.functional.Abs;
import org.bitgrid.quant.functional.AdaptiveAvgPool2d;
import org.bitgrid.quant.functional.Add;
import org.bitgrid.quant.functional.Addmm;
import org.bitgrid.quant.functional.Asin;
import org.bitgrid.quant.functional.Atan;
import org.bitgrid.quant.functional.AvgPool2d;
import org.bitgrid.quant.functional.Baddbmm;
import org.bitgrid.quant.functional.BatchNorm;
import org.bitgrid.quant.functional.Bmm;
import org.bitgrid.quant.functional.Concat;
import org.bitgrid.quant.functional.Cos;
import org.bitgrid.quant.functional.CumSum;
import org.bitgrid.quant.functional.Divide;
import org.bitgrid.quant.functional.DynamicConv2d;
import org.bitgrid.quant.functional.DynamicLinear;
import org.bitgrid.quant.functional.ElementwiseCeil;
import org.bitgrid.quant.functional.ElementwiseFloor;
import org.bitgrid.quant.functional.ElementwiseUnarySign;
import org.bitgrid.quant.functional.Equal;
import org.bitgrid.quant.functional.Erf;
import org.bitgrid.quant.functional.Exponential;
import org.bitgrid.quant.functional.FloorDivide;
import org.bitgrid.quant.functional.Fmod;
import org.bitgrid.quant.functional.Greater;
import org.bitgrid.quant.functional.GreaterEqual;
import org.bitgrid.quant.functional.GroupNorm;
import org.bitgrid.quant.functional.Interpolate;
import org.bitgrid.quant.functional.Less;
import org.bitgrid.quant.functional.LessEqual;
import org.bitgrid.quant.functional.Log;
import org.bitgrid.quant.functional.MaskedFill;
import org.bitgrid.quant.functional.MatMul;
import org.bitgrid.quant.functional.MaxPool2d;
import org.bitgrid.quant.functional.Maximum;
import org.bitgrid.quant.functional.Mean;
import org.bitgrid.quant.functional.Minimum;
import org.bitgrid.quant.functional.Multiply;
import org.bitgrid.quant.functional.Neg;
import org.bitgrid.quant.functional.Norm;
import org.bitgrid.quant.functional.NotEqual;
import org.bitgrid.quant.functional.Pad;
import org.bitgrid.quant.functional.Pow;
import org.bitgrid.quant.functional.RSqrt;
import org.bitgrid.quant.functional.Remainder;
import org.bitgrid.quant.functional.Round;
import org.bitgrid.quant.functional.Sin;
import org.bitgrid.quant.functional.Sqrt;
import org.bitgrid.quant.functional.Square;
import org.bitgrid.quant.functional.Subtract;
import org.bitgrid.quant.functional.Sum;
import org.bitgrid.quant.functional.Where;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Glu;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Window2d;

/** Which module takes a function's place, by the function's name in Python. */
final class FunctionalModules {
    private static final Map<String, Maker> LIKE_AIMET = new HashMap<>();
    private static final Map<String, Maker> FURTHER = new HashMap<>();

    /** Makes the module for one call. */
    @FunctionalInterface
    private interface Maker {
        Replacement make(GraphModule graph, Node.CallOp call);
    }

    /** A module and what it is called with. */
    record Replacement(Module module, List<Object> arguments, Map<String, Object> keywords) {
    }

    private FunctionalModules() {
    }

    static {
        // Layers that keep the function's settings and are called with its tensors.
        layer("relu", op -> new ReLU());
        layer("relu6", op -> new ReLU6());
        layer("sigmoid", op -> new Sigmoid());
        layer("tanh", op -> new Tanh());
        layer("gelu", op -> new GELU().approximate(
                ((Pointwise1) op).kind() == Pointwise1.Kind.GELU ? "none" : "tanh"));
        layer("softmax", op -> new Softmax(((org.bitgrid.tensor.op.Softmax) op).axis()));
        layer("log_softmax", op -> new LogSoftmax(((org.bitgrid.tensor.op.LogSoftmax) op).axis()));
        layer("glu", op -> new GLU(((Glu) op).axis()));
        layer("selu", op -> new SELU());
        layer("silu", op -> new SiLU());
        layer("softsign", op -> new Softsign());
        layer("tanhshrink", op -> new Tanhshrink());
        layer("hardsigmoid", op -> new Hardsigmoid());
        layer("leaky_relu", op -> new LeakyReLU(first(op)));
        layer("elu", op -> new ELU(first(op)));
        layer("celu", op -> new CELU(first(op)));
        layer("hardtanh", op -> new Hardtanh(first(op), second(op)));
        layer("softplus", op -> new Softplus(first(op), second(op)));
        layer("hardshrink", op -> new Hardshrink(first(op)));
        layer("softshrink", op -> new Softshrink(first(op)));
        // AIMET's table misspells hardswish, and has neither of the others.
        furtherLayer("hardswish", op -> new Hardswish());
        furtherLayer("mish", op -> new Mish());
        furtherLayer("log_sigmoid", op -> new LogSigmoid());
        furtherLayer("threshold", op -> new Threshold(first(op), second(op)));
        layer("cat", op -> new Concat(((Cat) op).axis()));
        // Functions as modules, called as the function was.
        function("add", Add::new);
        function("sub", Subtract::new);
        function("mul", Multiply::new);
        function("truediv", Divide::new);
        function("matmul", MatMul::new);
        function("bmm", Bmm::new);
        function("addmm", Addmm::new);
        function("baddbmm", Baddbmm::new);
        function("masked_fill", MaskedFill::new);
        function("floordiv", FloorDivide::new);
        function("exp", Exponential::new);
        function("sum", Sum::new);
        function("mean", Mean::new);
        function("pow", Pow::new);
        function("square", Square::new);
        function("rsqrt", RSqrt::new);
        function("where", Where::new);
        function("cumsum", CumSum::new);
        function("norm", Norm::new);
        function("pad", Pad::new);
        function("interpolate", Interpolate::new);
        function("max_pool2d", MaxPool2d::new);
        function("avg_pool2d", AvgPool2d::new);
        function("adaptive_avg_pool2d", AdaptiveAvgPool2d::new);
        function("batch_norm", BatchNorm::new);
        LIKE_AIMET.put("group_norm", FunctionalModules::groupNorm);
        LIKE_AIMET.put("conv2d", FunctionalModules::conv2d);
        further("linear", DynamicLinear::new);
        further("sqrt", Sqrt::new);
        further("log", Log::new);
        further("abs", Abs::new);
        further("neg", Neg::new);
        further("erf", Erf::new);
        further("round", Round::new);
        further("ceil", ElementwiseCeil::new);
        further("floor", ElementwiseFloor::new);
        further("sign", ElementwiseUnarySign::new);
        further("sin", Sin::new);
        further("cos", Cos::new);
        further("asin", Asin::new);
        further("atan", Atan::new);
        further("remainder", Remainder::new);
        further("fmod", Fmod::new);
        further("maximum", Maximum::new);
        further("minimum", Minimum::new);
        further("amax", AMax::new);
        further("amin", AMin::new);
        further("eq", Equal::new);
        further("ne", NotEqual::new);
        further("lt", Less::new);
        further("le", LessEqual::new);
        further("gt", Greater::new);
        further("ge", GreaterEqual::new);
    }

    private static double first(Op op) {
        return ((ParametricPointwise) op).first();
    }

    private static double second(Op op) {
        return ((ParametricPointwise) op).second();
    }

    private static void layer(String name, Function<Op, Module> module) {
        LIKE_AIMET.put(name, calledWithTensors(module));
    }

    private static void furtherLayer(String name, Function<Op, Module> module) {
        FURTHER.put(name, calledWithTensors(module));
    }

    private static Maker calledWithTensors(Function<Op, Module> module) {
        return (graph, call) -> new Replacement(module.apply(call.op()), List.copyOf(tensors(call)), Map.of());
    }

    private static void function(String name, Supplier<Module> module) {
        LIKE_AIMET.put(name, asWritten(module));
    }

    private static void further(String name, Supplier<Module> module) {
        FURTHER.put(name, asWritten(module));
    }

    private static Maker asWritten(Supplier<Module> module) {
        return (graph, call) -> new Replacement(module.get(), call.writtenArguments(), call.writtenKeywords());
    }

    private static List<Object> tensors(Node.CallOp call) {
        return call.arguments().subList(0, call.tensorCount());
    }

    private static Replacement groupNorm(GraphModule graph, Node.CallOp call) {
        org.bitgrid.tensor.op.GroupNorm op = (org.bitgrid.tensor.op.GroupNorm) call.op();
        List<Object> tensors = tensors(call);
        Map<String, Object> keywords = new LinkedHashMap<>();
        keywords.put("weight", tensors.size() > 1 ? tensors.get(1) : null);
        keywords.put("bias", tensors.size() > 2 ? tensors.get(2) : null);
        keywords.put("eps", op.epsilon());
        return new Replacement(new GroupNorm(), List.of(tensors.get(0), (long) op.groups()), keywords);
    }

    /** A layer when weight and bias are parameters; else a module that takes them as arguments. */
    private static Replacement conv2d(GraphModule graph, Node.CallOp call) {
        org.bitgrid.tensor.op.Conv2d op = (org.bitgrid.tensor.op.Conv2d) call.op();
        Window2d window = op.window();
        List<Object> tensors = tensors(call);
        List<Parameter> parameters = new ArrayList<>();
        for (Object tensor : tensors.subList(1, tensors.size())) {
            if (!(tensor instanceof Node.GetAttr read) || parameter(graph, read.path()) == null) {
                return new Replacement(new DynamicConv2d(window, op.groups()), List.copyOf(tensors), Map.of());
            }
            parameters.add(parameter(graph, read.path()));
        }
        Shape weight = parameters.get(0).shape();
        Conv2d layer = new Conv2d(weight.dim(1) * op.groups(), weight.dim(0), window.kernelH(), window.kernelW())
                .stride(window.strideH(), window.strideW()).padding(window.padH(), window.padW())
                .dilation(window.dilationH(), window.dilationW()).groups(op.groups()).bias(parameters.size() > 1);
        layer.weight().set(parameters.get(0).held());
        if (parameters.size() > 1) {
            layer.bias().set(parameters.get(1).held());
        }
        return new Replacement(layer, List.of(tensors.get(0)), Map.of());
    }

    private static Parameter parameter(GraphModule graph, String path) {
        int dot = path.lastIndexOf('.');
        return graph.get(dot < 0 ? "" : path.substring(0, dot)).ownParameters().get(path.substring(dot + 1));
    }

    /** @param every whether functions count, too, that AIMET does not replace */
    static Optional<Replacement> of(GraphModule graph, Node.CallOp call, boolean every) {
        String name = call.functionName();
        Maker replacement = LIKE_AIMET.get(name);
        if (replacement == null && every) {
            replacement = FURTHER.get(name);
        }
        return Optional.ofNullable(replacement).map(maker -> maker.make(graph, call));
    }
}

package org.bitgrid.quant.prepare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bitgrid.nn.GELU;
import org.bitgrid.nn.LogSoftmax;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.ReLU6;
import org.bitgrid.nn.Sigmoid;
import org.bitgrid.nn.Softmax;
import org.bitgrid.nn.Tanh;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.quant.functional.Abs;
import org.bitgrid.quant.functional.Add;
import org.bitgrid.quant.functional.AMax;
import org.bitgrid.quant.functional.AMin;
import org.bitgrid.quant.functional.Concat;
import org.bitgrid.quant.functional.Divide;
import org.bitgrid.quant.functional.ElementwiseCeil;
import org.bitgrid.quant.functional.ElementwiseFloor;
import org.bitgrid.quant.functional.ElementwiseUnarySign;
import org.bitgrid.quant.functional.Equal;
import org.bitgrid.quant.functional.Erf;
import org.bitgrid.quant.functional.Exponential;
import org.bitgrid.quant.functional.Greater;
import org.bitgrid.quant.functional.GreaterEqual;
import org.bitgrid.quant.functional.Less;
import org.bitgrid.quant.functional.LessEqual;
import org.bitgrid.quant.functional.Log;
import org.bitgrid.quant.functional.MatMul;
import org.bitgrid.quant.functional.Maximum;
import org.bitgrid.quant.functional.Mean;
import org.bitgrid.quant.functional.Minimum;
import org.bitgrid.quant.functional.Multiply;
import org.bitgrid.quant.functional.Neg;
import org.bitgrid.quant.functional.NotEqual;
import org.bitgrid.quant.functional.Pow;
import org.bitgrid.quant.functional.RSqrt;
import org.bitgrid.quant.functional.Round;
import org.bitgrid.quant.functional.Sqrt;
import org.bitgrid.quant.functional.Square;
import org.bitgrid.quant.functional.Subtract;
import org.bitgrid.quant.functional.Sum;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pointwise1;

/** Which module takes a function's place, by the function's name in Python. */
final class FunctionalModules {
    private static final Map<String, Function<Node.CallOp, Replacement>> LIKE_AIMET = new HashMap<>();
    private static final Map<String, Function<Node.CallOp, Replacement>> FURTHER = new HashMap<>();

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
        layer("cat", op -> new Concat(((Cat) op).axis()));
        // Functions as modules, called as the function was.
        function("add", Add::new);
        function("sub", Subtract::new);
        function("mul", Multiply::new);
        function("truediv", Divide::new);
        function("matmul", MatMul::new);
        function("exp", Exponential::new);
        function("sum", Sum::new);
        function("mean", Mean::new);
        function("pow", Pow::new);
        function("square", Square::new);
        function("rsqrt", RSqrt::new);
        further("sqrt", Sqrt::new);
        further("log", Log::new);
        further("abs", Abs::new);
        further("neg", Neg::new);
        further("erf", Erf::new);
        further("round", Round::new);
        further("ceil", ElementwiseCeil::new);
        further("floor", ElementwiseFloor::new);
        further("sign", ElementwiseUnarySign::new);
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

    private static void layer(String name, Function<Op, Module> module) {
        LIKE_AIMET.put(name, call -> new Replacement(module.apply(call.op()),
                List.copyOf(call.arguments().subList(0, call.tensorCount())), Map.of()));
    }

    private static void function(String name, Supplier<Module> module) {
        LIKE_AIMET.put(name, asWritten(module));
    }

    private static void further(String name, Supplier<Module> module) {
        FURTHER.put(name, asWritten(module));
    }

    private static Function<Node.CallOp, Replacement> asWritten(Supplier<Module> module) {
        return call -> new Replacement(module.get(), call.writtenArguments(), call.op().signature().keywords());
    }

    /** @param every whether functions count, too, that AIMET does not replace */
    static Optional<Replacement> of(Node.CallOp call, boolean every) {
        String name = call.functionName();
        Function<Node.CallOp, Replacement> replacement = LIKE_AIMET.get(name);
        if (replacement == null && every) {
            replacement = FURTHER.get(name);
        }
        return Optional.ofNullable(replacement).map(make -> make.apply(call));
    }
}

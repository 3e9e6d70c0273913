package org.bitgrid.nn.debug;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleInterceptor;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Interceptor;

/**
 * The layers of a network in the order in which they run, with the shape of what each gives, the number of its
 * parameters and of its multiply-accumulates: half the operations of convolutions and matrix products.
 *
 * @param rows       one for each call of a module, a parent before its children
 * @param parameters number of learnable and frozen numbers, shared ones once
 * @param learnable  number of those that learn
 * @param macs       multiply-accumulates of one run
 */
public record ModelSummary(List<Row> rows, long parameters, long learnable, long macs) {
    private static final Set<String> PRODUCTS = Set.of("conv1d", "conv2d", "conv3d", "conv_transpose1d",
            "conv_transpose2d", "linear", "matmul", "mm", "bmm", "mv", "dot", "addmm", "baddbmm", "einsum",
            "scaled_dot_product_attention");

    /**
     * One call of a module.
     *
     * @param path       dotted path, empty for the network itself
     * @param type       class of the module
     * @param depth      how many modules it is in
     * @param outputs    shapes of what it gives
     * @param parameters number of its own parameters and of those below it; 0 when it was called before
     * @param macs       multiply-accumulates of this call, those below it included
     * @param again      whether it was called before
     */
    public record Row(String path, String type, int depth, List<Shape> outputs, long parameters, long macs,
                      boolean again) {
    }

    public ModelSummary {
        rows = List.copyOf(rows);
    }

    /** Runs a network once, in evaluation mode and without gradients, on a sample, and tells what it did. */
    public static ModelSummary of(Module model, Tensor... sampleInput) {
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        model.modules().forEach(module -> modes.put(module, module.isTraining()));
        Recorder recorder = new Recorder(model);
        try (var noGrad = Dispatch.gradEnabled(false); var modules = Module.intercept(recorder);
             var operators = Dispatch.intercept(recorder)) {
            model.eval();
            model.callWith(Arrays.asList((Object[]) sampleInput));
        } finally {
            modes.forEach(Module::train); // parents first, so that each child ends with its own
        }
        List<Parameter> parameters = model.parameters();
        return new ModelSummary(recorder.rows(), count(parameters),
                count(parameters.stream().filter(Parameter::requiresGrad).toList()), recorder.macs);
    }

    private static long count(List<Parameter> parameters) {
        return parameters.stream().mapToLong(parameter -> parameter.shape().numel()).sum();
    }

    @Override
    public String toString() {
        TextTable table = new TextTable("layer", "output shape", "parameters", "MACs");
        for (Row row : rows) {
            String name = row.path().substring(row.path().lastIndexOf('.') + 1);
            String text = "  ".repeat(row.depth()) + (name.isEmpty() ? row.type() : name + ": " + row.type());
            String shapes = row.outputs().size() == 1 ? row.outputs().get(0).toString() : row.outputs().toString();
            table.add(text, shapes, row.again() ? "(again)" : number(row.parameters()), number(row.macs()));
        }
        return table + "parameters: " + number(parameters) + ", of which learnable: " + number(learnable)
                + "\nmultiply-accumulates: " + number(macs) + '\n';
    }

    private static String number(long value) {
        return value == 0 ? "-" : String.format(Locale.ROOT, "%,d", value);
    }

    /** Watches one run. */
    private static final class Recorder implements ModuleInterceptor, Interceptor {
        private final Map<Module, String> paths = new IdentityHashMap<>();
        private final Set<Module> called = Collections.newSetFromMap(new IdentityHashMap<>());
        private final List<Call> calls = new ArrayList<>();
        private final Deque<Call> open = new ArrayDeque<>();
        private long macs;

        /** A call that may still be going on. */
        private static final class Call {
            private final String path;
            private final Module module;
            private final int depth;
            private final boolean again;
            private List<Shape> outputs = List.of();
            private long macs;

            Call(String path, Module module, int depth, boolean again) {
                this.path = path;
                this.module = module;
                this.depth = depth;
                this.again = again;
            }
        }

        Recorder(Module model) {
            model.namedModules().forEach((path, module) -> paths.put(module, path));
        }

        @Override
        public Tensor[] intercept(Module module, List<Object> arguments, Next next) {
            Call call = new Call(paths.getOrDefault(module, "?"), module, open.size(), !called.add(module));
            calls.add(call);
            open.push(call);
            try {
                Tensor[] outputs = next.run(arguments);
                call.outputs = Arrays.stream(outputs).map(output -> output.spec().shape()).toList();
                return outputs;
            } finally {
                open.pop();
            }
        }

        @Override
        public boolean runsHooks() {
            return false;
        }

        @Override
        public Tensor[] intercept(Op op, Tensor[] inputs, Chain chain) {
            if (PRODUCTS.contains(op.name())) {
                List<TensorSpec> specs = Arrays.stream(inputs).map(Tensor::spec).toList();
                long products = op.flops(specs) / 2;
                macs += products;
                open.forEach(call -> call.macs += products);
            }
            return chain.proceed(op, inputs);
        }

        List<Row> rows() {
            List<Row> rows = new ArrayList<>();
            for (Call call : calls) {
                long parameters = call.again ? 0 : count(call.module.parameters());
                rows.add(new Row(call.path, call.module.typeName(), call.depth, call.outputs, parameters, call.macs,
                        call.again));
            }
            return rows;
        }
    }
}

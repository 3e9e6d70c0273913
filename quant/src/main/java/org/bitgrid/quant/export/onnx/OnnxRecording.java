package org.bitgrid.quant.export.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleInterceptor;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Interceptor;

/**
 * The operators of one run of a module, down to the inside of its layers, each with the path of the module that used
 * it. Operators of constants alone are carried out instead of recorded. Composed operators that have no counterpart in
 * ONNX are recorded as their parts.
 */
final class OnnxRecording implements Interceptor, ModuleInterceptor {
    /** Where a tensor comes from. */
    enum Source { INPUT, PARAMETER, CONSTANT, STEP }

    /**
     * A tensor of the run.
     *
     * @param id     the same for the same tensor in two runs of one module
     * @param tensor the tensor; only those of parameters and constants are kept
     * @param path   dotted path of a parameter or buffer
     */
    record Value(int id, Source source, TensorSpec spec, Tensor tensor, String path) {
    }

    /** An operator. */
    record Step(Op op, List<Value> inputs, List<Value> outputs, String scope) {
    }

    /**
     * A call of a module that is a node of a graph, or of any module below the root.
     *
     * @param arguments for each argument its tensor, null for literals
     * @param depth     1 for modules that the root calls
     * @param firstStep number of steps before it
     * @param endStep   number of steps up to its end
     */
    record Call(String path, List<Value> arguments, List<Value> outputs, int depth, int firstStep, int endStep) {
    }

    /** An input or output of a module. */
    record Slot(String path, boolean isInput, int index) {
    }

    /** Gives a tensor a second name. */
    record SecondName() implements Op {
        @Override
        public String name() {
            return "identity";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            return inputs;
        }
    }

    private final Module root;
    private final Set<Slot> apart;
    private final UnaryOperator<Module> standIn;
    private final Map<Module, String> paths = new IdentityHashMap<>();
    private final Map<Tensor, String> members = new IdentityHashMap<>();
    /** Tensors that are known by the storage they lie in: one that was detached is found by it. */
    private final Map<Storage, List<Tensor>> byStorage = new IdentityHashMap<>();
    /** Holds every tensor of the run, so that none is taken for another that came to lie in its place. */
    private final Map<Tensor, Value> values = new IdentityHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Deque<String> scopes = new ArrayDeque<>();
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();

    private OnnxRecording(Module root, Set<Slot> apart, UnaryOperator<Module> standIn) {
        this.root = root;
        this.apart = apart;
        this.standIn = standIn;
        root.namedModules().forEach((path, module) -> {
            paths.put(module, path);
            String prefix = path.isEmpty() ? "" : path + ".";
            module.ownParameters().forEach((name, parameter) -> member(parameter.tensor(), prefix + name));
            module.ownBuffers().forEach((name, buffer) -> member(buffer.tensor(), prefix + name));
        });
    }

    private void member(Tensor tensor, String path) {
        if (members.putIfAbsent(tensor, path) == null) {
            byStorage.computeIfAbsent(tensor.storage(), key -> new ArrayList<>()).add(tensor);
        }
    }

    /**
     * Runs the module on these inputs.
     *
     * @param apart   inputs and outputs of modules that must not share their tensor's name with anything else
     * @param standIn what is run in place of a module
     */
    static OnnxRecording of(Module root, List<Tensor> inputs, Set<Slot> apart, UnaryOperator<Module> standIn) {
        OnnxRecording recording = new OnnxRecording(root, apart, standIn);
        for (Tensor input : inputs) {
            recording.inputs.add(recording.put(input, Source.INPUT, null));
        }
        try (var hidden = Dispatch.suspendInterceptors(); var noGrad = Dispatch.gradEnabled(false);
             var modules = Module.intercept(recording); var operators = Dispatch.intercept(recording)) {
            for (Tensor output : root.callWith(Arrays.asList(inputs.toArray()))) {
                recording.outputs.add(recording.value(output));
            }
        }
        return recording;
    }

    List<Step> steps() {
        return steps;
    }

    List<Call> calls() {
        return calls;
    }

    List<Value> inputs() {
        return inputs;
    }

    List<Value> outputs() {
        return outputs;
    }

    private Value put(Tensor tensor, Source source, String path) {
        boolean kept = source == Source.PARAMETER || source == Source.CONSTANT;
        Value value = new Value(values.size(), source, tensor.spec(), kept ? tensor : null, path);
        values.put(tensor, value);
        byStorage.computeIfAbsent(tensor.storage(), key -> new ArrayList<>()).add(tensor);
        return value;
    }

    private Value value(Tensor tensor) {
        Value known = values.get(tensor);
        if (known != null) {
            return known;
        }
        String path = members.get(tensor);
        if (path == null) {
            for (Tensor other : byStorage.getOrDefault(tensor.storage(), List.of())) {
                if (other != tensor && other.layout().equals(tensor.layout())) {
                    return value(other); // the same elements, detached
                }
            }
        }
        return put(tensor, path == null ? Source.CONSTANT : Source.PARAMETER, path);
    }

    @Override
    public Tensor[] intercept(Op op, Tensor[] arguments, Chain chain) {
        if (op instanceof ComposedOp composed && !OnnxOps.knows(op)) {
            op.infer(Arrays.stream(arguments).map(Tensor::spec).toList());
            return composed.decompose(arguments);
        }
        List<Value> from = new ArrayList<>();
        for (Tensor argument : arguments) {
            from.add(value(argument));
        }
        boolean constant = from.stream().allMatch(value -> value.source() == Source.CONSTANT);
        if (!constant) {
            OnnxOps.require(op, scopes.isEmpty() ? "" : scopes.peek());
        }
        Tensor[] results = chain.proceed(op, arguments);
        if (constant) {
            for (Tensor result : results) {
                values.remove(result); // an operator in place gives its argument
                put(result, Source.CONSTANT, null);
            }
            return results;
        }
        List<Value> to = new ArrayList<>();
        for (Tensor result : results) {
            to.add(put(result, Source.STEP, null));
        }
        steps.add(new Step(op, from, to, scopes.isEmpty() ? "" : scopes.peek()));
        return results;
    }

    @Override
    public Tensor[] intercept(Module module, List<Object> arguments, Next next) {
        String path = paths.get(module);
        if (module == root || path == null) {
            return next.run(arguments);
        }
        int first = steps.size();
        scopes.push(path);
        List<Object> passed = new ArrayList<>(arguments);
        List<Value> from = new ArrayList<>();
        for (int i = 0; i < passed.size(); i++) {
            if (passed.get(i) instanceof Tensor tensor && apart.contains(new Slot(path, true, i))) {
                passed.set(i, secondName(tensor));
            }
            from.add(passed.get(i) instanceof Tensor tensor ? value(tensor) : null);
        }
        Module runs = standIn.apply(module);
        Tensor[] results = (runs == module ? next.run(passed) : runs.callWith(passed)).clone();
        List<Value> to = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            if (apart.contains(new Slot(path, false, i))) {
                results[i] = secondName(results[i]);
            }
            to.add(value(results[i]));
        }
        scopes.pop();
        calls.add(new Call(path, from, to, scopes.size() + 1, first, steps.size()));
        return results;
    }

    private Tensor secondName(Tensor tensor) {
        Tensor second = tensor.detach();
        steps.add(new Step(new SecondName(), List.of(value(tensor)), List.of(put(second, Source.STEP, null)),
                scopes.peek()));
        return second;
    }

    @Override
    public boolean runsHooks() {
        return false;
    }
}

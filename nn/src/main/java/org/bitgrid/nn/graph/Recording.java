package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleInterceptor;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Signature;
import org.bitgrid.tensor.spi.Interceptor;
import org.bitgrid.tensor.spi.TensorObserver;

/** What happened in one run of a module on tensors without elements. */
final class Recording implements Interceptor, TensorObserver, ModuleInterceptor {
    /** Something that happened. */
    sealed interface Step {
        /** The user's line. */
        String origin();
    }

    /** Tensor {@code output} of step {@code step}. */
    record Wire(int step, int output) {
    }

    /** An input of the run. */
    record Input(int index, String origin) implements Step {
    }

    /** A tensor that belongs to the module, or one that its code made aside. */
    record Constant(Tensor tensor, String origin) implements Step {
    }

    /** A call of a leaf module; arguments are wires, lists of wires and literals. */
    record ModuleCall(String path, List<Object> arguments, int outputs, String origin) implements Step {
    }

    /** An operator. */
    record OpCall(Op op, Signature signature, List<Wire> inputs, boolean functionCall, int outputs, String origin)
            implements Step {
    }

    /** A look at one size of a tensor, or at all of them (axis -1), by {@code size()} rather than by its shape. */
    record ShapeRead(Wire tensor, int axis, Shape shape, boolean method, String origin) implements Step {
    }

    private static final MetaRun RUN = new MetaRun();

    private final Module root;
    private final LeafPolicy leaves;
    private final Map<Module, String> paths = new IdentityHashMap<>();
    private final Map<Tensor, Wire> wires = new IdentityHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<String> scopes = new ArrayList<>();
    private final List<Wire> results = new ArrayList<>();
    private String scope = "";

    private Recording(Module root, LeafPolicy leaves) {
        this.root = root;
        this.leaves = leaves;
        root.namedModules().forEach((path, module) -> paths.put(module, path));
    }

    /** Runs {@code root} on inputs of which all tensors are without elements. */
    static Recording of(Module root, LeafPolicy leaves, List<Object> inputs) {
        Recording recording = new Recording(root, leaves);
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) instanceof Tensor tensor) {
                recording.add(new Input(i, ""));
                recording.wires.put(tensor, new Wire(recording.steps.size() - 1, 0));
            }
        }
        try (var hidden = Dispatch.suspendInterceptors(); var noGrad = Dispatch.gradEnabled(false);
             var modules = Module.intercept(recording); var observer = Dispatch.observe(recording);
             var operators = Dispatch.intercept(recording)) {
            for (Tensor output : root.callWith(inputs)) {
                recording.results.add(recording.wire(output));
            }
        }
        return recording;
    }

    List<Step> steps() {
        return steps;
    }

    /** Path of the module whose {@code forward} ran when a step happened. */
    String scope(int step) {
        return scopes.get(step);
    }

    List<Wire> results() {
        return results;
    }

    private void add(Step step) {
        steps.add(step);
        scopes.add(scope);
    }

    private Wire wire(Tensor tensor) {
        Wire known = wires.get(tensor);
        if (known == null) {
            add(new Constant(tensor, UserCode.line()));
            known = new Wire(steps.size() - 1, 0);
            wires.put(tensor, known);
        }
        return known;
    }

    @Override
    public Tensor[] intercept(Op op, Tensor[] inputs, Chain chain) {
        boolean functionCall = Dispatch.isFunctionCall();
        List<Wire> from = new ArrayList<>();
        for (Tensor input : inputs) {
            from.add(wire(input));
        }
        Tensor[] outputs = chain.proceed(op, inputs);
        add(new OpCall(op, signature(op), from, functionCall, outputs.length, UserCode.line()));
        for (int i = 0; i < outputs.length; i++) {
            wires.put(outputs[i], new Wire(steps.size() - 1, i));
        }
        return outputs;
    }

    private static Signature signature(Op op) {
        WrittenCall written = WrittenCall.current();
        Signature canonical = op.signature();
        return written == null ? canonical : new Signature(canonical.target(), canonical.infix(), written.arguments(),
                written.keywords());
    }

    @Override
    public Tensor[] intercept(Module module, List<Object> arguments, Next next) {
        String path = paths.get(module);
        if (module == root || !leaves.isLeaf(module, path)) {
            String outer = scope;
            scope = path == null ? outer : path;
            try {
                return next.run(arguments);
            } finally {
                scope = outer;
            }
        }
        if (path == null) {
            throw new TraceException("trace: " + UserCode.line() + " calls a " + module.typeName()
                    + " that is not among the modules of " + root.typeName() + "; register it with add(name, module)");
        }
        List<Object> from = new ArrayList<>();
        for (Object argument : arguments) {
            from.add(argument instanceof Tensor tensor ? wire(tensor) : argument);
        }
        Tensor[] outputs;
        try (var hidden = Dispatch.suspendInterceptors(); var inside = Module.intercept(RUN)) {
            outputs = RUN.intercept(module, arguments, next).clone();
        }
        add(new ModuleCall(path, from, outputs.length, UserCode.line()));
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i].device().isMeta()) { // an Identity gives back its argument, which keeps its own wire
                outputs[i] = Tensor.meta(outputs[i].spec().shape(), outputs[i].dtype());
            }
            wires.put(outputs[i], new Wire(steps.size() - 1, i));
        }
        return outputs;
    }

    @Override
    public boolean runsHooks() {
        return false;
    }

    @Override
    public void shapeRead(Tensor tensor, int axis, int value) {
        Wire wire = wires.get(tensor);
        if (wire != null) {
            boolean method = WrittenCall.current() != null;
            add(new ShapeRead(wire, axis, tensor.spec().shape(), method, UserCode.line()));
        }
    }

    @Override
    public void valueRead(Tensor tensor, String method) {
        String line = UserCode.line();
        throw new TraceException("trace: " + (line.isEmpty() ? root.typeName() : line) + " reads the value of a traced"
                + " tensor by " + method + "(); control flow on values cannot be traced: compute with operators such"
                + " as where, pass the value as a literal argument, or make the module a leaf");
    }
}

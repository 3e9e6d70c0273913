package org.bitgrid.nn.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.Buffer;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleCopier;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Tensor;

/**
 * A module that runs a graph. It shares layers, and so parameters, with the module it was traced from, and prints as
 * torch.fx prints its graph modules: layers, then the graph as a Python function.
 */
public final class GraphModule extends Module {
    private final Graph graph;
    private volatile Interpreter interpreter;

    private GraphModule(Graph graph) {
        this.graph = graph;
    }

    /** A graph with the modules and tensors of {@code root} that it uses, in the order in which it uses them. */
    static GraphModule of(Module root, Graph graph, Map<String, Tensor> constants) {
        GraphModule module = new GraphModule(graph);
        for (Node node : graph.nodes()) {
            if (node instanceof Node.CallModule call) {
                module.setModule(call.path(), root.get(call.path()));
            } else if (node instanceof Node.GetAttr get && constants.containsKey(get.path())) {
                module.hold(get.path(), null, new Buffer(constants.get(get.path())));
            } else if (node instanceof Node.GetAttr get) {
                module.takeTensor(root, get.path(), UnaryOperator.identity(), UnaryOperator.identity());
            }
        }
        module.train(root.isTraining());
        return module;
    }

    private void takeTensor(Module root, String path, UnaryOperator<Parameter> asParameter,
                            UnaryOperator<Buffer> asBuffer) {
        int dot = path.lastIndexOf('.');
        String name = path.substring(dot + 1);
        Module from = root.get(dot < 0 ? "" : path.substring(0, dot));
        Module to = dot < 0 ? this : container(path.substring(0, dot));
        Parameter parameter = from.ownParameters().get(name);
        Buffer buffer = from.ownBuffers().get(name);
        parameter = parameter == null ? null : asParameter.apply(parameter);
        buffer = buffer == null ? null : asBuffer.apply(buffer);
        if (to instanceof GraphModule graphModule) {
            graphModule.hold(name, parameter, buffer);
        } else if (to instanceof Container container) {
            container.hold(name, parameter, buffer);
        } // else it is a layer that the graph uses as a whole as well
    }

    private void hold(String name, Parameter parameter, Buffer buffer) {
        if (parameter != null) {
            addParameter(name, parameter);
        } else {
            addBuffer(name, buffer);
        }
    }

    /** Children in the order in which the graph uses them; those it does not use are left out. */
    @Override
    protected Module newCopy(ModuleCopier copier) {
        GraphModule copy = new GraphModule(graph.copy());
        for (Node node : graph.nodes()) {
            if (node instanceof Node.CallModule call) {
                copy.setModule(call.path(), copier.copy(get(call.path())));
            } else if (node instanceof Node.GetAttr read) {
                copy.takeTensor(this, read.path(), copier::copy, copier::copy);
            }
        }
        copy.train(isTraining());
        Map<String, Module> originals = namedModules();
        copy.namedModules().forEach((path, module) -> {
            if (!path.isEmpty() && module.isTraining() != originals.get(path).isTraining()) {
                module.train(originals.get(path).isTraining());
            }
        });
        return copy;
    }

    /** The steps. Change them with {@link GraphPatch}. */
    public Graph graph() {
        return graph;
    }

    /** Puts a module at a dotted path, making containers on the way; replaces the one that is there. */
    public void setModule(String path, Module module) {
        int dot = path.lastIndexOf('.');
        Module parent = dot < 0 ? this : container(path.substring(0, dot));
        parent.setChild(path.substring(dot + 1), module);
    }

    private Module container(String path) {
        Module parent = this;
        for (String name : path.split("\\.")) {
            Module child = parent.namedChildren().get(name);
            if (child == null) {
                child = new Container();
                parent.setChild(name, child);
            }
            parent = child;
        }
        return parent;
    }

    /** The graph as a Python function. */
    public String code() {
        return PythonCode.of(graph);
    }

    @Override
    protected Tensor[] forwardWith(List<Object> arguments) {
        return interpreter().run(this, arguments, null);
    }

    @Override
    protected Tensor[] forwardAll(Tensor... inputs) {
        return forwardWith(Arrays.asList((Object[]) inputs));
    }

    Interpreter interpreter() {
        Interpreter current = interpreter;
        if (current == null || current.version() != graph.version()) {
            current = new Interpreter(graph);
            interpreter = current;
        }
        return current;
    }

    @Override
    public String toString() {
        return super.toString() + "\n\n\n\n" + code()
                + "\n# To see more debug info, please use `graph_module.print_readable()`";
    }

    /** The graph as a table: name, kind, target, inputs, shape, line. */
    public String readable() {
        StringBuilder text = new StringBuilder();
        for (Node node : graph.nodes()) {
            text.append(PythonCode.statement(node)).append("  # ").append(node.getClass().getSimpleName());
            node.specs().forEach(spec -> text.append(' ').append(spec));
            text.append(node.origin().isEmpty() ? "" : " " + node.origin()).append('\n');
        }
        return text.toString();
    }

    /** Stands where the traced module had a module that the graph does not call as a whole. */
    static final class Container extends Module {
        void hold(String name, Parameter parameter, Buffer buffer) {
            if (parameter != null) {
                addParameter(name, parameter);
            } else {
                addBuffer(name, buffer);
            }
        }

        @Override
        public String typeName() {
            return "Module";
        }
    }

    /** A tensor of the graph's by dotted path. */
    Tensor attribute(String path) {
        int dot = path.lastIndexOf('.');
        Module owner = get(dot < 0 ? "" : path.substring(0, dot));
        Map<String, Parameter> parameters = owner.ownParameters();
        String name = path.substring(dot + 1);
        return parameters.containsKey(name) ? parameters.get(name).tensor() : owner.ownBuffers().get(name).tensor();
    }
}

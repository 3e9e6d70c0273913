package org.bitgrid.quant.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.LeafPolicy;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.nn.graph.TraceException;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantLog.Area;
import org.bitgrid.quant.prepare.ModelProblem.Kind;
import org.bitgrid.tensor.Tensor;

/**
 * Finds out whether a network can be quantized as it is: every module is called once, and every function that is more
 * than a rearrangement of its input is a module.
 */
public final class ModelValidator {
    /** Functions that need no quantizer: they move values, or give some of them. */
    private static final Set<String> INVARIANT = Set.of("cat", "reshape", "view", "flatten", "transpose", "permute",
            "contiguous", "clone", "split", "chunk", "squeeze", "unsqueeze", "expand", "repeat", "tile", "slice",
            "select", "narrow", "gather", "index_select", "dropout", "to", "copy");

    private final Set<String> invariant = new HashSet<>(INVARIANT);
    private final Set<String> excluded = new HashSet<>();
    private final List<NamedCheck> checks = new ArrayList<>();

    /** A check of the user's. */
    @FunctionalInterface
    public interface Check {
        /** Whether the network passes. */
        boolean passes(Module model, Tensor... sampleInput);
    }

    private record NamedCheck(String name, Check check) {
    }

    /** Whether a network can be quantized as it is; every problem goes to the log as an error. */
    public static boolean validateModel(Module model, Tensor... sampleInput) {
        return new ModelValidator().validate(model, sampleInput);
    }

    /** Adds a check. Returns this. */
    public ModelValidator addCheck(String name, Check check) {
        checks.add(new NamedCheck(name, check));
        return this;
    }

    /** Lets these functions count as ones that need no module. Returns this. */
    public ModelValidator allowFunctions(String... names) {
        invariant.addAll(List.of(names));
        return this;
    }

    /** Leaves out what happens in the modules at these paths and below. Returns this. */
    public ModelValidator excludeLayers(String... paths) {
        excluded.addAll(List.of(paths));
        return this;
    }

    /** Whether a network passes all checks; every problem goes to the log as an error. */
    public boolean validate(Module model, Tensor... sampleInput) {
        List<ModelProblem> problems = problems(model, sampleInput);
        List<String> reused = problems.stream().filter(problem -> problem.kind() == Kind.REUSED_MODULE)
                .map(ModelProblem::modulePath).distinct().toList();
        if (!reused.isEmpty()) {
            QuantLog.error(Area.UTILS, "The following modules are used more than once in the model: " + reused);
        }
        problems.forEach(problem -> QuantLog.error(Area.UTILS, problem.toString()));
        if (problems.isEmpty()) {
            QuantLog.debug(Area.UTILS, "model passed all validation checks");
        }
        return problems.isEmpty();
    }

    /** Everything that keeps a network from being quantized as it is, in the order in which it runs. */
    public List<ModelProblem> problems(Module model, Tensor... sampleInput) {
        List<ModelProblem> problems = new ArrayList<>();
        trace(model, sampleInput, problems);
        for (NamedCheck check : checks) {
            if (!check.check().passes(model, sampleInput)) {
                problems.add(new ModelProblem(Kind.CHECK, "", "", "", "check \"" + check.name() + "\" failed"));
            }
        }
        return problems;
    }

    private void trace(Module model, Tensor[] sampleInput, List<ModelProblem> problems) {
        if (model instanceof GraphModule graph) {
            inspect(graph, problems);
            return;
        }
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        model.modules().forEach(module -> modes.put(module, module.isTraining()));
        try {
            model.eval();
            inspect(new Tracer().leaves(LeafPolicy.libraryLayers()).traceWith(model,
                    Arrays.asList((Object[]) sampleInput)), problems);
        } catch (TraceException failure) {
            problems.add(new ModelProblem(Kind.UNTRACEABLE, "", "", "", failure.getMessage()));
        } finally {
            modes.forEach(Module::train); // parents first, so that each child ends with its own
        }
    }

    private void inspect(GraphModule graph, List<ModelProblem> problems) {
        Map<String, Node.CallModule> called = new LinkedHashMap<>();
        for (Node node : graph.graph().nodes()) {
            if (node instanceof Node.CallModule call && !isExcluded(call.path())) {
                Node.CallModule first = called.putIfAbsent(call.path(), call);
                if (first != null) {
                    problems.add(new ModelProblem(Kind.REUSED_MODULE, call.path(), call.name(), call.origin(), "module "
                            + call.path() + " is called again after " + line(first) + "; prepare the model, or make "
                            + "one module for each call"));
                }
            } else if (node instanceof Node.CallOp call && !isExcluded(call.scope()) && isComputing(call)) {
                problems.add(new ModelProblem(Kind.FUNCTION, call.scope(), call.name(), call.origin(), "function "
                        + call.functionName() + " is not a module, so nothing quantizes its output; prepare the model, "
                        + "or use a module"));
            }
        }
    }

    private static String line(Node node) {
        return node.origin().isEmpty() ? node.name() : node.origin();
    }

    private boolean isComputing(Node.CallOp call) {
        return call.tensorCount() > 0 && !call.op().movesDataOnly() && !invariant.contains(call.functionName());
    }

    private boolean isExcluded(String path) {
        return excluded.stream().anyMatch(layer -> path.equals(layer) || path.startsWith(layer + "."));
    }
}

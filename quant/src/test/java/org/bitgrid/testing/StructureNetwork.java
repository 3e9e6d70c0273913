package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleCopier;
import org.bitgrid.nn.graph.WrittenCall;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * Any network, built from the {@code structure} of golden data: modules with their attributes, and the list of nodes
 * that torch.fx traced. Its forward does what the nodes say, so that preparing it traces them anew.
 */
public final class StructureNetwork extends Module {
    private final JsonValue structure;
    private final List<Step> steps = new ArrayList<>();

    /** One node. */
    private record Step(String name, String kind, String target, List<JsonValue> arguments,
                        Map<String, JsonValue> keywords) {
    }

    /** @param structure an object with {@code modules} and {@code nodes} */
    public StructureNetwork(JsonValue structure) {
        this.structure = structure;
        structure.get("modules").fields().forEach((path, description) -> {
            int dot = path.lastIndexOf('.');
            Module parent = dot < 0 ? this : get(path.substring(0, dot));
            parent.setChild(path.substring(dot + 1), StructureLayers.make(path, description));
        });
        for (JsonValue node : structure.get("nodes").items()) {
            steps.add(new Step(node.get("name").asString(), node.get("op").asString(), node.get("target").asString(),
                    node.get("args").items(), node.get("kwargs").fields()));
        }
    }

    /** Names of the inputs, in order. */
    public List<String> inputNames() {
        return steps.stream().filter(step -> step.kind().equals("placeholder")).map(Step::name).toList();
    }

    @Override
    protected Module newCopy(ModuleCopier copier) {
        return copier.fill(this, new StructureNetwork(structure));
    }

    @Override
    protected Tensor[] forwardWith(List<Object> inputs) {
        Map<String, Object> values = new HashMap<>();
        int next = 0;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            List<Object> arguments = new ArrayList<>();
            step.arguments().forEach(argument -> arguments.add(value(argument, values)));
            switch (step.kind()) {
                case "placeholder" -> values.put(step.name(), inputs.get(next++));
                case "call_module" -> values.put(step.name(), single(get(step.target()).callWith(arguments)));
                case "get_attr" -> values.put(step.name(), attribute(step.target()));
                case "call_function", "call_method" -> values.put(step.name(), call(i, step, arguments, values));
                case "output" -> {
                    return arguments.get(0) instanceof List<?> several ? several.toArray(Tensor[]::new)
                            : new Tensor[] {(Tensor) arguments.get(0)};
                }
                default -> throw new IllegalArgumentException("unknown kind of node " + step.kind());
            }
        }
        throw new IllegalArgumentException("the structure has no output");
    }

    private Object call(int index, Step step, List<Object> arguments, Map<String, Object> values) {
        if (step.target().equals("getattr")) {
            // A shape of which the next node takes one size is left to that node, which then reads only that size.
            Tensor tensor = (Tensor) arguments.get(0);
            Step following = steps.get(index + 1);
            return following.target().equals("getitem") && following.arguments().get(0).isObject()
                    && following.arguments().get(0).get("node").asString().equals(step.name()) ? tensor
                    : tensor.shape();
        }
        if (step.target().equals("size")) {
            Tensor tensor = (Tensor) arguments.get(0);
            try (var scope = WrittenCall.as(List.of(), Map.of())) {
                return arguments.size() == 1 ? tensor.shape() : (Object) (long) tensor.size(axis(arguments.get(1)));
            }
        }
        if (step.target().equals("getitem")) {
            if (arguments.get(0) instanceof Tensor tensor) {
                return (long) tensor.size(axis(arguments.get(1)));
            }
            if (arguments.get(0) instanceof Shape shape) {
                return StructureFunctions.size(shape, axis(arguments.get(1)));
            }
            return ((List<?>) arguments.get(0)).get(axis(arguments.get(1)));
        }
        Map<String, Object> keywords = new LinkedHashMap<>();
        step.keywords().forEach((name, value) -> keywords.put(name, value(value, values)));
        return StructureFunctions.run(step.target(), step.kind().equals("call_method"), arguments, keywords);
    }

    private static int axis(Object number) {
        return Math.toIntExact((Long) number);
    }

    private static Object single(Tensor[] outputs) {
        return outputs.length == 1 ? outputs[0] : List.of(outputs);
    }

    private Tensor attribute(String path) {
        int dot = path.lastIndexOf('.');
        Module owner = get(dot < 0 ? "" : path.substring(0, dot));
        String name = path.substring(dot + 1);
        return owner.ownParameters().containsKey(name) ? owner.ownParameters().get(name).tensor()
                : owner.ownBuffers().get(name).tensor();
    }

    private static Object value(JsonValue argument, Map<String, Object> values) {
        if (argument.isObject()) {
            return values.get(argument.get("node").asString());
        }
        if (argument.isArray()) {
            List<Object> list = new ArrayList<>();
            argument.items().forEach(item -> list.add(value(item, values)));
            return list;
        }
        return argument.toJava();
    }

    /** A module of the user's that holds others. */
    static final class Holder extends Module {
        private final String type;

        Holder(String type) {
            this.type = type;
        }

        @Override
        public String typeName() {
            return type;
        }

        @Override
        protected Module newCopy(ModuleCopier copier) {
            Holder copy = new Holder(type);
            namedChildren().forEach((name, child) -> copy.setChild(name, copier.copy(child)));
            return copy;
        }
    }
}

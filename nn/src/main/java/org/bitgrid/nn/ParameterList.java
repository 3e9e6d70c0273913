package org.bitgrid.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Parameters in a list that its owner uses itself. They are called 0, 1, 2, … */
public final class ParameterList extends Module {
    public ParameterList(List<Parameter> parameters) {
        parameters.forEach(this::append);
    }

    /** Adds a parameter at the end. Returns this. */
    public ParameterList append(Parameter parameter) {
        addParameter(Integer.toString(size()), parameter);
        return this;
    }

    public Parameter get(int index) {
        return ownParameters().get(Integer.toString(index));
    }

    public int size() {
        return ownParameters().size();
    }

    @Override
    protected String extraRepr() {
        return text(ownParameters());
    }

    static String text(Map<String, Parameter> parameters) {
        return parameters.entrySet().stream().map(entry -> "  (" + entry.getKey() + "): Parameter containing: [torch."
                + entry.getValue().held().dtype() + " of size " + sizes(entry.getValue()) + "]")
                .collect(Collectors.joining("\n"));
    }

    private static String sizes(Parameter parameter) {
        return Arrays.stream(parameter.shape().toArray()).mapToObj(Integer::toString)
                .collect(Collectors.joining("x"));
    }
}

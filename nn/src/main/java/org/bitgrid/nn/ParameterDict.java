package org.bitgrid.nn;

import java.util.Map;

/** Parameters by name that their owner uses itself. */
public final class ParameterDict extends Module {
    public ParameterDict() {
    }

    public ParameterDict(Map<String, Parameter> parameters) {
        parameters.forEach(this::put);
    }

    /** Adds a parameter or replaces one. Returns this. */
    public ParameterDict put(String name, Parameter parameter) {
        addParameter(name, parameter);
        return this;
    }

    /** The parameter of this name, or null. */
    public Parameter entry(String name) {
        return ownParameters().get(name);
    }

    @Override
    protected String extraRepr() {
        return ParameterList.text(ownParameters());
    }
}

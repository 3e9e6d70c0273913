package org.bitgrid.tensor;

/** An object used at the wrong time: a released tensor, a graph that was freed, a module that is frozen. */
public final class StateException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public StateException(String message) {
        super(message);
    }
}

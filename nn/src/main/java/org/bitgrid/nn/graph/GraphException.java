package org.bitgrid.nn.graph;

import org.bitgrid.tensor.BitgridException;

/** A graph that is not in order, or an edit that would bring it out of order. */
public class GraphException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public GraphException(String message) {
        super(message);
    }
}

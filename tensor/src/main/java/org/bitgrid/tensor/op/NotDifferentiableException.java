package org.bitgrid.tensor.op;

import org.bitgrid.tensor.BitgridException;

/** A gradient was asked of an operator that has none. */
public final class NotDifferentiableException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public NotDifferentiableException(String operation, String reason) {
        super(operation + ": cannot be differentiated: " + reason);
    }
}

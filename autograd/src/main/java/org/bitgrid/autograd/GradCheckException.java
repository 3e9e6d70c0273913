package org.bitgrid.autograd;

import org.bitgrid.tensor.BitgridException;

/** A gradient rule disagrees with finite differences. */
public final class GradCheckException extends BitgridException {
    private static final long serialVersionUID = 1L;

    GradCheckException(String message) {
        super(message);
    }
}

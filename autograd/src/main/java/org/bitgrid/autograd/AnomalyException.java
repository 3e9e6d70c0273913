package org.bitgrid.autograd;

import org.bitgrid.tensor.BitgridException;

/** A gradient became NaN while {@link AnomalyMode} was on. */
public final class AnomalyException extends BitgridException {
    private static final long serialVersionUID = 1L;

    private final String callSite;

    AnomalyException(String message, String callSite) {
        super(message);
        this.callSite = callSite;
    }

    /** The line that ran the operator forward, such as {@code Net.forward (Net.java:41)}. */
    public String callSite() {
        return callSite;
    }
}

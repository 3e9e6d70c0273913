package org.bitgrid.quant.prepare;

/**
 * Something in a network that keeps it from being quantized as it is.
 *
 * @param kind       what is wrong
 * @param modulePath dotted path of the module that is called again, or in whose forward the function is called; empty
 *                   for the network itself
 * @param node       name of the step in the traced graph, or empty
 * @param origin     the line of the user's code, as {@code Net.forward (Net.java:41)}, or empty
 * @param message    what is wrong and what to do
 */
public record ModelProblem(Kind kind, String modulePath, String node, String origin, String message) {
    /** What can be wrong. */
    public enum Kind {
        /** The network cannot be turned into a graph. */
        UNTRACEABLE,
        /** A module is called more than once, so that its calls would share quantizers. */
        REUSED_MODULE,
        /** A function computes what no module does, so that no quantizer sees it. */
        FUNCTION,
        /** A check of the user's failed. */
        CHECK
    }

    @Override
    public String toString() {
        String where = modulePath.isEmpty() ? "" : " in " + modulePath;
        return message + where + (origin.isEmpty() ? "" : " at " + origin);
    }
}

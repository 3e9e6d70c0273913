package org.bitgrid.tensor.op;

/**
 * An operator defined outside this module whose inputs and outputs have one shape and that computes each element from
 * those in its place. It brings its formula as OpenCL C too, so that devices compute it without asking the host.
 */
public interface FormulaOp extends HostOp {
    /**
     * Statements that assign the float variables {@code y0}, {@code y1}, … from {@code x0}, {@code x1}, … and from
     * {@code c0}, {@code c1}, …, the {@link #settings}. They may use {@code quotient(a, b)}, the division rounded as IEEE
     * 754 says, and {@code acc_t}, double where the device has it. Text of one class is always the same.
     */
    String formula();

    /** The numbers that the formula calls {@code c0}, {@code c1}, …. */
    float[] settings();
}

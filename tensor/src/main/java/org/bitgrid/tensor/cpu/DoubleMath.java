package org.bitgrid.tensor.cpu;

/** Functions in double precision for float kernels that need more digits than floats carry on the way. */
final class DoubleMath {
    private DoubleMath() {
    }

    /** base to the power of exponent. */
    static double pow(double base, double exponent) {
        return StrictMath.pow(base, exponent);
    }
}

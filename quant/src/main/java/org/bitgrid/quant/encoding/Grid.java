package org.bitgrid.quant.encoding;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;

/**
 * The codes that a quantizer may give: the whole numbers {@code qmin} to {@code qmax}, inclusive.
 *
 * @param qmin lowest code
 * @param qmax highest code
 */
public record Grid(long qmin, long qmax) {
    /** The widest grid that files can describe. */
    public static final int MOST_BITS = 32;

    public Grid {
        if (qmin >= qmax) {
            throw new ShapeException("grid", "qmax should be strictly larger than qmin; got qmin " + qmin
                    + " and qmax " + qmax);
        }
    }

    /** The grid of all numbers of this many bits: from -2^(bits - 1) when signed, else from 0. */
    public static Grid ofBits(int bitwidth, boolean signed) {
        if (bitwidth < 1 || bitwidth > MOST_BITS) {
            throw new ShapeException("grid", "bitwidth must lie between 1 and " + MOST_BITS + "; got " + bitwidth);
        }
        long codes = 1L << bitwidth;
        return signed ? new Grid(-codes / 2, codes / 2 - 1) : new Grid(0, codes - 1);
    }

    /** The grid of this many steps: from 0, or centred so that qmin = -ceil(steps / 2) when signed. */
    public static Grid ofSteps(long steps, boolean signed) {
        return signed ? new Grid(-(steps - steps / 2), steps / 2) : new Grid(0, steps);
    }

    /** Number of steps between the lowest and the highest code. */
    public long steps() {
        return qmax - qmin;
    }

    /** Whether this grid is all numbers of some bit width, signed or unsigned. */
    public boolean hasBitwidth() {
        long codes = steps() + 1;
        return hasSign() && Long.bitCount(codes) == 1;
    }

    /** Number of bits. An error for grids that are not all numbers of a bit width. */
    public int bitwidth() {
        if (!hasBitwidth()) {
            throw new StateException("grid: bitwidth is defined for grids of all numbers of some width only; got "
                    + "qmin=" + qmin + ", qmax=" + qmax + "; ask for qmin() and qmax() instead");
        }
        return Long.numberOfTrailingZeros(steps() + 1);
    }

    /** Whether it can be told if this grid is signed: it starts at 0 or is centred at -1/2. */
    public boolean hasSign() {
        return qmin == 0 || qmin + qmax == -1;
    }

    /** Whether codes may be negative. An error for grids that are neither centred nor start at 0. */
    public boolean signed() {
        if (!hasSign()) {
            throw new StateException("grid: signed is defined for grids that start at 0 or are centred only; got "
                    + "qmin=" + qmin + ", qmax=" + qmax);
        }
        return qmin < 0;
    }

    /** The grid of as many codes that is signed, or unsigned. */
    public Grid withSigned(boolean signed) {
        if (signed() == signed) {
            return this;
        }
        if (signed) {
            long shift = Math.floorDiv(qmin + qmax + 1, 2);
            return new Grid(qmin - shift, qmax - shift);
        }
        return new Grid(0, qmax - qmin);
    }

    /** The grid of this many bits with the same sign. */
    public Grid withBitwidth(int bitwidth) {
        return ofBits(bitwidth, signed());
    }

    /** {@code qmin=0, qmax=255}. */
    @Override
    public String toString() {
        return "qmin=" + qmin + ", qmax=" + qmax;
    }
}

package org.bitgrid.opencl;

import java.util.Locale;

/** Kinds of products that want different tiles. */
enum ShapeClass {
    /** Many rows, many columns, a long sum. */
    SQUARE,
    /** Few columns. */
    TALL,
    /** Few rows. */
    WIDE,
    /** A short sum. */
    SMALL_K,
    /** Convolutions, all three. */
    CONV;

    private static final int FEW = 32;

    static ShapeClass of(int m, int n, int k) {
        if (n <= FEW) {
            return TALL;
        }
        if (m <= FEW) {
            return WIDE;
        }
        return k <= FEW ? SMALL_K : SQUARE;
    }

    /** Its name in tuning files. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

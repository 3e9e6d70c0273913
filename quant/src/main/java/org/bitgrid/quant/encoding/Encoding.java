package org.bitgrid.quant.encoding;

/** How codes and real numbers correspond. Immutable. */
public sealed interface Encoding permits AffineEncoding, FloatEncoding {
    /** Number of bits of a code. */
    int bitwidth();

    /** What one scale holds for. */
    Granularity granularity();
}

package org.bitgrid.tensor.cpu.simd;

import jdk.incubator.vector.FloatVector;

/** Asks for vector widths before {@link PanamaSpecies} fixes one. */
final class PanamaWidth {
    private PanamaWidth() {
    }

    /** Width in bits that the Java virtual machine prefers here. */
    static int preferredBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}

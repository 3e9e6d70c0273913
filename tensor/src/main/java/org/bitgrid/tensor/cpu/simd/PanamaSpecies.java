package org.bitgrid.tensor.cpu.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this process. Two widths in one process slow each other down by an order of magnitude on
 * JDK 17, and a species that is not a constant is slower still.
 */
final class PanamaSpecies {
    static final VectorSpecies<Float> FLOATS = ofBits(VectorMaths.bits());
    static final int LANES = FLOATS.length();

    private PanamaSpecies() {
    }

    private static VectorSpecies<Float> ofBits(int bits) {
        return switch (bits) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            default -> FloatVector.SPECIES_512;
        };
    }

    /** Adds the lanes in ascending order: the sum that {@code reduceLanes} promises no order for. */
    static float sum(FloatVector vector) {
        float[] lanes = vector.toArray();
        float sum = lanes[0];
        for (int i = 1; i < lanes.length; i++) {
            sum += lanes[i];
        }
        return sum;
    }
}

package org.bitgrid.tensor.cpu.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this process. Two widths in one process slow each other down by an order of magnitude on
 * JDK 17, and a species that is not a constant is slower still.
 */
final class PanamaSpecies {
    static final VectorSpecies<Float> FLOATS = ofBits(VectorMaths.bits());
    static final int LANES = FLOATS.length();

    private static final VectorShuffle<Float> BY_EIGHT = rotation(8);
    private static final VectorShuffle<Float> BY_FOUR = rotation(4);
    private static final VectorShuffle<Float> BY_TWO = rotation(2);
    private static final VectorShuffle<Float> BY_ONE = rotation(1);

    private PanamaSpecies() {
    }

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.fromOp(FLOATS, i -> (i + lanes) % LANES);
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

    /** Adds the lanes by folding the vector in halves: faster where sums are short, and in an order as fixed. */
    static float foldedSum(FloatVector vector) {
        FloatVector sum = vector;
        if (LANES == 16) {
            sum = sum.add(sum.rearrange(BY_EIGHT));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(BY_FOUR));
        }
        sum = sum.add(sum.rearrange(BY_TWO));
        return sum.add(sum.rearrange(BY_ONE)).lane(0);
    }
}

package org.bitgrid.quant.observe;

import org.bitgrid.tensor.StateException;

/**
 * Which ranges the search tries, and how it weighs clipping.
 *
 * @param asymmetricDeltas scales to try when offsets are free
 * @param symmetricDeltas  scales to try when the range is symmetric
 * @param offsets          offsets to try with each scale
 * @param gamma            how much the squared error of a clipped value counts
 */
public record SqnrSettings(int asymmetricDeltas, int symmetricDeltas, int offsets, double gamma) {
    /** AIMET's numbers. */
    public static final SqnrSettings DEFAULTS = new SqnrSettings(17, 101, 21, 3.0);

    public SqnrSettings {
        if (asymmetricDeltas < 2 || symmetricDeltas < 2 || offsets < 3 || !(gamma > 0)) {
            throw new StateException("analyzer: needs at least 2 scales, 3 offsets and a positive gamma; got "
                    + asymmetricDeltas + ", " + symmetricDeltas + ", " + offsets + ", " + gamma);
        }
    }

    public SqnrSettings withGamma(double other) {
        return new SqnrSettings(asymmetricDeltas, symmetricDeltas, offsets, other);
    }
}

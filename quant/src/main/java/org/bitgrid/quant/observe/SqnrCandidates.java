package org.bitgrid.quant.observe;

import org.bitgrid.quant.encoding.EncodingMath;

/**
 * Scales and offsets to try, in AIMET's order and float arithmetic. Here an offset is that of the code 0 of an unsigned
 * grid: the lowest number is offset · delta.
 */
final class SqnrCandidates {
    private final float[] deltas;
    private final float[] offsets;

    private SqnrCandidates(float[] deltas, float[] offsets) {
        this.deltas = deltas;
        this.offsets = offsets;
    }

    int size() {
        return deltas.length;
    }

    float delta(int index) {
        return deltas[index];
    }

    float offset(int index) {
        return offsets[index];
    }

    /** Scales up to just above the one that covers everything, with the one offset that centres the grid. */
    static SqnrCandidates symmetric(float low, float high, long steps, SqnrSettings settings) {
        float least = EncodingMath.minimumScale(steps);
        float largest = 2 * Math.max(high, -low) / steps;
        int count = settings.symmetricDeltas();
        float[] deltas = new float[count];
        float[] offsets = new float[count];
        for (int i = 0; i < count; i++) {
            deltas[i] = Math.max(largest * (i + 1) / (count - 1), least);
            offsets[i] = Math.floorDiv(-steps, 2);
        }
        return new SqnrCandidates(deltas, offsets);
    }

    /** Scales times offsets, each pair cut to the observed range, offsets fastest. */
    static SqnrCandidates asymmetric(float low, float high, long steps, SqnrSettings settings) {
        float least = EncodingMath.minimumScale(steps);
        float largest = (high - low) / steps;
        float observedOffset = EncodingMath.roundHalfEven(low / largest);
        float observedMin = largest * observedOffset;
        float observedMax = observedMin + largest * steps;
        float[] tried = offsets(steps, observedOffset, settings);
        int count = settings.asymmetricDeltas();
        float[] deltas = new float[count * tried.length];
        float[] offsets = new float[deltas.length];
        for (int i = 0; i < count; i++) {
            float delta = largest * (i + 1) / (count - 1);
            for (int k = 0; k < tried.length; k++) {
                float min = Math.max(observedMin, delta * tried[k]);
                float max = Math.min(observedMax, delta * tried[k] + delta * steps);
                int at = i * tried.length + k;
                deltas[at] = Math.max((max - min) / steps, least);
                offsets[at] = EncodingMath.roundHalfEven(min / deltas[at]);
            }
        }
        return new SqnrCandidates(deltas, offsets);
    }

    /** Evenly spaced from -steps to 0, then the observed one. */
    private static float[] offsets(long steps, float observed, SqnrSettings settings) {
        int count = (int) Math.min(steps + 2, settings.offsets());
        float[] offsets = new float[count];
        double spacing = (double) steps / (count - 2);
        for (int i = 0; i < count - 1; i++) {
            offsets[i] = (float) Math.rint(-steps + i * spacing);
        }
        offsets[count - 1] = observed;
        return offsets;
    }
}

package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import java.util.EnumMap;

/**
 * Arrays that a thread uses again and again, one for each purpose. What is in them is left over from the last use;
 * whoever takes an array must be done with it before anything that runs inside takes the same one.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** What an array is for; kernels that run inside each other use different ones. */
    enum Use {
        /** All panels of A of one product. */
        LEFT_PANELS,
        /** Panels of B of one chunk. */
        RIGHT_PANELS,
        /** Panels of B of all chunks of a small product. */
        SHARED_RIGHT_PANELS,
        /** Sums of one chunk. */
        SUMS,
        /** An operand brought into another order for one chunk. */
        STAGED,
        /** Operands brought into another order for all chunks. */
        SHARED,
        /** A second one. */
        SHARED_TOO,
        /** Sums of parts of a product. */
        PARTIAL_SUMS,
        /** Sums of channels, several floats each. */
        CHANNEL_SUMS,
        /** Sums of products of channels. */
        CHANNEL_PRODUCTS,
        /** One float for each channel. */
        CHANNEL_CENTRES
    }

    /** What an array of integers is for. */
    enum Index {
        ROWS, RUNS, MASKS, SOURCES, TARGETS
    }

    /** What an array of doubles is for. */
    enum Wide {
        /** Means of channels of one group of images. */
        MEANS,
        /** Sums of squares of one group of images. */
        SQUARES,
        /** Sums of channels, for all pieces of work. */
        PARTIAL_SUMS,
        /** Sums of products of channels, for all pieces of work. */
        PARTIAL_PRODUCTS
    }

    private final EnumMap<Wide, double[]> doubles = new EnumMap<>(Wide.class);
    private final EnumMap<Use, float[]> floats = new EnumMap<>(Use.class);
    private final EnumMap<Index, int[]> ints = new EnumMap<>(Index.class);

    private Scratch() {
    }

    /** An array of this thread with at least {@code length} elements. */
    static float[] floats(Use use, int length) {
        Scratch own = OF_THREAD.get();
        float[] array = own.floats.get(use);
        if (array == null || array.length < length) {
            array = new float[roomy(length)];
            own.floats.put(use, array);
        }
        return array;
    }

    /** An array of this thread with at least {@code length} elements, the first {@code length} of them 0. */
    static float[] zeros(Use use, int length) {
        float[] array = floats(use, length);
        Arrays.fill(array, 0, length, 0);
        return array;
    }

    /** An array of this thread with at least {@code length} elements, the first {@code length} of them 0. */
    static double[] zeroDoubles(Wide use, int length) {
        Scratch own = OF_THREAD.get();
        double[] array = own.doubles.get(use);
        if (array == null || array.length < length) {
            array = new double[roomy(length)];
            own.doubles.put(use, array);
        } else {
            Arrays.fill(array, 0, length, 0);
        }
        return array;
    }

    /** An array of this thread with at least {@code length} elements. */
    static int[] ints(Index use, int length) {
        Scratch own = OF_THREAD.get();
        int[] array = own.ints.get(use);
        if (array == null || array.length < length) {
            array = new int[roomy(length)];
            own.ints.put(use, array);
        }
        return array;
    }

    /** An eighth more than asked for, so that slowly growing problems do not ask anew each time. */
    private static int roomy(int length) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, length + (long) length / 8);
    }
}

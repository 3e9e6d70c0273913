package org.bitgrid.tensor;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Float arrays that wait to be used again, by exact length: training asks for the same lengths in every step, and a
 * fresh array costs a clearing pass and, when large, a garbage collection.
 *
 * <p>Holds at most a quarter of the heap; the lengths that were not asked for longest go first.
 */
final class ArrayPool {
    /** Shorter arrays are cheaper to allocate than to keep. */
    static final int SHORTEST_POOLED = 1024;

    private static final boolean POISON = Boolean.getBoolean("bitgrid.poison");
    private static final long CAPACITY_BYTES = Runtime.getRuntime().maxMemory() / 4;

    private static final Map<Integer, ArrayDeque<float[]>> FREE = new LinkedHashMap<>(64, 0.75f, true);
    private static long heldBytes;

    private ArrayPool() {
    }

    /** An array of exactly this length whose contents are arbitrary. */
    static float[] take(int length) {
        if (length >= SHORTEST_POOLED) {
            synchronized (FREE) {
                ArrayDeque<float[]> bucket = FREE.get(length);
                if (bucket != null && !bucket.isEmpty()) {
                    heldBytes -= (long) length * Float.BYTES;
                    return bucket.pop();
                }
            }
        }
        return new float[length];
    }

    static void give(float[] array) {
        if (POISON) {
            Arrays.fill(array, Float.NaN);
        }
        if (array.length < SHORTEST_POOLED) {
            return;
        }
        synchronized (FREE) {
            FREE.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
            heldBytes += (long) array.length * Float.BYTES;
            var oldest = FREE.entrySet().iterator();
            while (heldBytes > CAPACITY_BYTES && oldest.hasNext()) {
                Map.Entry<Integer, ArrayDeque<float[]>> bucket = oldest.next();
                while (heldBytes > CAPACITY_BYTES && !bucket.getValue().isEmpty()) {
                    heldBytes -= (long) bucket.getValue().pop().length * Float.BYTES;
                }
                if (bucket.getValue().isEmpty()) {
                    oldest.remove();
                }
            }
        }
    }

    /** Bytes held now. */
    static long heldBytes() {
        synchronized (FREE) {
            return heldBytes;
        }
    }

    static void clear() {
        synchronized (FREE) {
            FREE.clear();
            heldBytes = 0;
        }
    }
}

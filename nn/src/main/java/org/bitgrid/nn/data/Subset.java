package org.bitgrid.nn.data;

import org.bitgrid.tensor.ShapeException;

/** Chosen samples of another data set. */
public final class Subset implements Dataset {
    private final Dataset source;
    private final int[] indices;

    /** The samples of {@code source} with these numbers, in this order. */
    public Subset(Dataset source, int... indices) {
        checkIndices("Subset", indices, source.size());
        this.source = source;
        this.indices = indices.clone();
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Batch batch(int... chosen) {
        checkIndices("Subset.batch", chosen, indices.length);
        int[] mapped = new int[chosen.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = indices[chosen[i]];
        }
        return source.batch(mapped);
    }

    @Override
    public Dataset atEpoch(int epoch) {
        Dataset other = source.atEpoch(epoch);
        return other == source ? this : new Subset(other, indices);
    }

    static void checkIndices(String operation, int[] indices, int size) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= size) {
                throw new ShapeException(operation, "sample number out of range; got " + indices[i] + " at place " + i
                        + "; expected 0 to " + (size - 1));
            }
        }
    }
}

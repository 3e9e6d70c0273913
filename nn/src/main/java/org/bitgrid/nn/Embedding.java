package org.bitgrid.nn;

import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Indices (…), INT64 or INT32 -> rows of a table (…, dimension). Parameter {@code weight} (count, dimension). */
public final class Embedding extends Module {
    private final int count;
    private final int dimension;
    private int paddingIndex = -1;

    /**
     * @param count     number of rows
     * @param dimension their length
     */
    public Embedding(int count, int dimension) {
        if (count < 1 || dimension < 1) {
            throw new ShapeException("Embedding", "sizes must be at least 1; got " + count + " and " + dimension);
        }
        this.count = count;
        this.dimension = dimension;
    }

    /** A row that starts as zeros and never learns; negative ones count from the end. Returns this. */
    public Embedding paddingIndex(int index) {
        checkNotBuilt("paddingIndex");
        if (index < -count || index >= count) {
            throw new ShapeException("Embedding", "padding index is not a row; got " + index + "; expected " + -count
                    + " to " + (count - 1));
        }
        paddingIndex = index < 0 ? index + count : index;
        return this;
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /** (count, dimension). */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    @Override
    protected void build() {
        float[] values = new float[Math.multiplyExact(count, dimension)];
        Rng.current().fillNormal(values, 0, 1);
        for (int i = 0; paddingIndex >= 0 && i < dimension; i++) {
            values[paddingIndex * dimension + i] = 0;
        }
        addParameter("weight", new Parameter(Tensors.of(values, count, dimension)));
    }

    @Override
    protected Tensor forward(Tensor indices) {
        return F.embedding(indices, weight().tensor(), paddingIndex);
    }

    @Override
    protected String extraRepr() {
        return count + ", " + dimension + (paddingIndex < 0 ? "" : ", padding_idx=" + paddingIndex);
    }
}

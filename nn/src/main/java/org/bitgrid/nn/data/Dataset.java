package org.bitgrid.nn.data;

import java.util.stream.IntStream;
import org.bitgrid.tensor.ShapeException;

/** Samples that can be fetched by number, in any order and from several threads at once. */
public interface Dataset {
    /** Number of samples. */
    int size();

    /**
     * The samples with these numbers, joined in this order, in memory that nothing else uses.
     *
     * @throws ShapeException when a number is negative or not below {@link #size}
     */
    Batch batch(int... indices);

    /** The samples as they are in this epoch: others where they change at random, else this data set itself. */
    default Dataset atEpoch(int epoch) {
        return this;
    }

    /** The first {@code count} samples, or all when there are fewer. */
    default Dataset limit(int count) {
        if (count < 0) {
            throw new ShapeException("Dataset.limit", "count must not be negative; got " + count);
        }
        return count >= size() ? this : new Subset(this, IntStream.range(0, count).toArray());
    }

    /** The samples with these numbers, in this order; a number may appear more than once. */
    default Dataset subset(int... indices) {
        return new Subset(this, indices);
    }

    /** All samples as one batch. */
    default Batch all() {
        return batch(IntStream.range(0, size()).toArray());
    }
}

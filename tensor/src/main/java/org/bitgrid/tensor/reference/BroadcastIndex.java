package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.Shape;

/** Where the elements of a large row-major tensor find theirs in a small one that is broadcast to it. */
final class BroadcastIndex {
    private final Shape large;
    private final Shape small;

    BroadcastIndex(Shape large, Shape small) {
        this.large = large;
        this.small = small;
    }

    /** Row-major index in the small tensor for a row-major index in the large one. */
    int of(int index) {
        int rest = index;
        int result = 0;
        int stride = 1;
        for (int i = 1; i <= small.rank(); i++) {
            int size = large.dim(large.rank() - i);
            int own = small.dim(small.rank() - i);
            if (own != 1) {
                result += rest % size * stride;
            }
            stride *= own;
            rest /= size;
        }
        return result;
    }
}

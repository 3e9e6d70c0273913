package org.bitgrid.nn.data;

import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;

/** Changes one sample's input before it joins a batch; see {@link Transforms}. */
@FunctionalInterface
public interface Transform {
    /**
     * The changed input. Whatever is random comes from {@code rng}, which belongs to this sample in this epoch alone.
     *
     * @param input one sample without the batch dimension, such as an image (C, H, W)
     */
    Tensor apply(Tensor input, Rng rng);

    /** This change, then another. */
    default Transform then(Transform next) {
        return (input, rng) -> next.apply(apply(input, rng), rng);
    }
}

package org.bitgrid.tensor;

import org.bitgrid.tensor.op.MatMul;

/** Methods of {@link Tensor} that neural networks are made of. */
interface NnOps {
    private Tensor self() {
        return (Tensor) this;
    }

    /** (…, M, K) x (…, K, N) -> (…, M, N); leading dimensions are broadcast. */
    default Tensor matmul(Tensor other) {
        return Dispatch.apply(new MatMul(), self(), other);
    }
}

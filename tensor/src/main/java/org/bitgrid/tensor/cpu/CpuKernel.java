package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Kernel;

/** A kernel of the CPU backend. */
interface CpuKernel extends Kernel {
    /** Whether it can compute these inputs: by default when all that are floating point are FLOAT32 and some are. */
    default boolean takes(Op op, Tensor[] inputs) {
        boolean floats = false;
        for (Tensor input : inputs) {
            DType type = input.dtype();
            if (type == DType.FLOAT64) {
                return false;
            }
            floats |= type == DType.FLOAT32;
        }
        return floats;
    }
}

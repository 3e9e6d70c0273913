package org.bitgrid.tensor.op;

import org.bitgrid.tensor.spi.Kernel;

/** An operator defined outside this module, which brings its own kernel for tensors in main memory. */
public interface HostOp extends Op {
    /** The kernel that every backend uses that has none of its own for this operator. */
    Kernel hostKernel();
}

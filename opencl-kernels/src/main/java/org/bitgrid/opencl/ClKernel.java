package org.bitgrid.opencl;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Kernel;

/** How one operator is computed on a device. What it does not take goes to the CPU. */
abstract class ClKernel implements Kernel {
    /** Whether these inputs can be computed here; shapes and types were checked before. */
    boolean takes(Op op, Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (input.dtype() != DType.FLOAT32) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final void run(Op op, Tensor[] inputs, Tensor[] outputs) {
        run(((ClBuffer) outputs[0].storage()).runtime(), op, inputs, outputs);
    }

    /** As {@link Kernel#run(Op, Tensor[], Tensor[])}. */
    abstract void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs);

    /** The OpenCL C type of elements of a tensor. */
    static String type(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case INT64 -> "long";
            case INT32 -> "int";
            case INT8 -> "char";
            case UINT8, BOOL -> "uchar";
        };
    }
}

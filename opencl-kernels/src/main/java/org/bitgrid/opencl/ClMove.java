package org.bitgrid.opencl;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.Op;

/** Operators that place elements without computing with them. */
final class ClMove {
    /** Dimensions that the kernels can walk through. */
    static final int MOST_DIMENSIONS = 8;

    private ClMove() {
    }

    static void register() {
        OpenClBackend.define(Fill.class, new FillKernel());
        OpenClBackend.define(Copy.class, new CopyKernel());
    }

    private static ClSource source(Tensor tensor) {
        return ClSource.file("move.cl", "TYPE", ClKernel.type(tensor.dtype()));
    }

    private static final class FillKernel extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            return ((Fill) op).spec().dtype() != DType.FLOAT64;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) outputs[0].numel();
            runtime.launch(source(outputs[0]), "fill").output(outputs[0]).integer(count)
                    .scalar(outputs[0].dtype(), ((Fill) op).value()).over(count);
        }
    }

    private static final class CopyKernel extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].layout().shape().rank() <= MOST_DIMENSIONS
                    && (inputs[0].dtype() != DType.FLOAT64);
        }

        @Override
        public boolean acceptsStrides() {
            return true;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Layout layout = inputs[0].layout();
            int count = (int) outputs[0].numel();
            runtime.launch(source(outputs[0]), "copyStrided").input(inputs[0]).output(outputs[0]).integer(count)
                    .integers(sizes(layout)).integers(strides(layout)).over(count);
        }
    }

    /** Sizes of the dimensions, padded in front with 1. */
    static int[] sizes(Layout layout) {
        int[] sizes = new int[MOST_DIMENSIONS];
        Arrays.fill(sizes, 1);
        int rank = layout.shape().rank();
        for (int i = 0; i < rank; i++) {
            sizes[MOST_DIMENSIONS - rank + i] = layout.shape().dim(i);
        }
        return sizes;
    }

    /** Strides in elements, padded in front with 0. */
    static int[] strides(Layout layout) {
        int[] strides = new int[MOST_DIMENSIONS];
        int rank = layout.shape().rank();
        for (int i = 0; i < rank; i++) {
            strides[MOST_DIMENSIONS - rank + i] = layout.stride(i);
        }
        return strides;
    }
}

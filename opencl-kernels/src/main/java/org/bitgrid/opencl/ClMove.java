package org.bitgrid.opencl;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.Op;

/** Operators that place elements without computing with them. */
final class ClMove {
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
            return inputs[0].layout().shape().rank() <= ClStrides.MOST
                    && (inputs[0].dtype() != DType.FLOAT64);
        }

        @Override
        public boolean acceptsStrides() {
            return true;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) outputs[0].numel();
            ClStrides walk = ClStrides.of(outputs[0].layout().shape(), inputs[0].layout());
            runtime.launch(source(outputs[0]), "copyStrided").input(inputs[0]).output(outputs[0]).integer(count)
                    .integer(walk.rank()).integers(walk.sizes()).integers(walk.strides()[0]).over(count);
        }
    }
}

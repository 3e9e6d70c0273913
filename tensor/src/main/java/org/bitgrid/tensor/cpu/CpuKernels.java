package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ToDevice;
import org.bitgrid.tensor.spi.Transfer;

/** The table: which kernel computes which operator. */
final class CpuKernels {
    private CpuKernels() {
    }

    static void register() {
        InPlaceKernels.register();
        WindowKernels.register();
        PlacementKernels.register();
        CpuBackend.define(Copy.class, new CopyKernel());
        CpuBackend.define(Fill.class, new FillKernel());
        CpuBackend.define(ToDevice.class, new TransferKernel());
        PointwiseKernels.register();
        ReduceKernels.register();
        BatchNormKernels.register();
        LayerNormKernels.register();
        SoftmaxKernels.register();
        LossKernels.register();
        PoolKernels.register();
        MoveKernels.register();
        SelectionKernels.register();
        OptimizerKernels.register();
        IndexSelectKernels.register();
        QuantKernels.register();
        MatMulKernels.register();
        ConvKernels.register();
    }

    private static final class CopyKernel implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public boolean acceptsStrides() {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            StridedCopy.copy(inputs[0], outputs[0]);
        }
    }

    private static final class TransferKernel implements CpuKernel {
        private final Transfer transfer = new Transfer();

        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            transfer.run(op, inputs, outputs);
        }
    }

    private static final class FillKernel implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            StridedCopy.fill(outputs[0], ((Fill) op).value());
        }
    }
}

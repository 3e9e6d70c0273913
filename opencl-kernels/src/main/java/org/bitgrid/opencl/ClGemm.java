package org.bitgrid.opencl;

import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.Op;

/** Matrix products and linear maps: {@code gemm.cl}. */
final class ClGemm {
    private ClGemm() {
    }

    static void register() {
        OpenClBackend.define(MatMul.class, new MatMulKernel());
        OpenClBackend.define(Linear.class, new LinearKernel());
        OpenClBackend.define(Linear.InputGrad.class, new LinearInputGradKernel());
        OpenClBackend.define(Linear.WeightGrad.class, new LinearWeightGradKernel());
    }

    /** A tensor seen as matrices: of which sizes, and how they lie. Strides in elements. */
    private record Matrices(Tensor tensor, Layout batch, int rows, int columns, int rowStride, int columnStride) {
        /** The last two dimensions; the others are the batch. */
        static Matrices last(Tensor tensor) {
            Layout layout = tensor.layout();
            int rank = layout.shape().rank();
            int[] strides = new int[rank - 2];
            for (int i = 0; i < strides.length; i++) {
                strides[i] = layout.stride(i);
            }
            return new Matrices(tensor, Layout.of(layout.shape().slice(0, rank - 2), strides, 0),
                    layout.shape().dim(rank - 2), layout.shape().dim(rank - 1), layout.stride(rank - 2),
                    layout.stride(rank - 1));
        }

        /** One matrix: all dimensions but the last as rows of a contiguous tensor. */
        static Matrices rows(Tensor tensor) {
            Shape shape = tensor.layout().shape();
            int columns = shape.dim(-1);
            return one(tensor, (int) shape.slice(0, shape.rank() - 1).numel(), columns, columns, 1);
        }

        static Matrices one(Tensor tensor, int rows, int columns, int rowStride, int columnStride) {
            return new Matrices(tensor, Layout.contiguous(Shape.of()), rows, columns, rowStride, columnStride);
        }

        Matrices transpose() {
            return new Matrices(tensor, batch, columns, rows, columnStride, rowStride);
        }

        /** 1 where vectors of {@code width} elements may be read along the dimension that has neighbours. */
        int vectors(int width) {
            boolean aligned = tensor.layout().offset() % width == 0;
            int across = rowStride == 1 ? columnStride : rowStride;
            aligned &= across % width == 0;
            for (int stride : batch.strides()) {
                aligned &= stride % width == 0;
            }
            return aligned ? 1 : 0;
        }
    }

    /** out = a x b + bias, each batch; bias may be null. */
    private static void multiply(ClRuntime runtime, Matrices a, Matrices b, Tensor bias, Tensor out) {
        if (out.numel() == 0) {
            return;
        }
        int m = a.rows();
        int n = b.columns();
        int k = a.columns();
        Tiles tiles = TuningDb.tiles(runtime.device(), ShapeClass.of(m, n, k));
        Shape batch = Shape.broadcast("matmul", a.batch().shape(), b.batch().shape());
        ClStrides walk = ClStrides.of(batch, a.batch(), b.batch());
        int batches = (int) batch.numel();
        int chunk = tiles.chunk(tiles.tiles(m, n) * batches, k);
        int splits = Math.max(1, Tiles.ceil(k, chunk));
        ClSource source = tiles.source("gemm.cl");
        ClChunks result = new ClChunks(runtime, out, splits);
        boolean biased = bias != null && splits == 1;
        runtime.launch(source, "gemm").input(a.tensor()).input(b.tensor()).input(biased ? bias : a.tensor())
                .integer(biased ? 1 : 0).output(result.target()).integers(m, n, k, chunk)
                .integers(a.rowStride(), a.columnStride(), b.rowStride(), b.columnStride())
                .integers(tiles.aligned() ? a.vectors(tiles.load()) : 1, tiles.aligned() ? b.vectors(tiles.load()) : 1)
                .integer(batches).walk(walk)
                .over(new long[] {(long) Tiles.ceil(n, tiles.tileN()) * tiles.groupN(),
                    (long) Tiles.ceil(m, tiles.tileM()) * tiles.groupM(), (long) batches * splits},
                        new long[] {tiles.groupN(), tiles.groupM(), 1});
        result.add(source, bias, 1);
    }

    private static final class MatMulKernel extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            return super.takes(op, inputs) && inputs[0].layout().shape().rank() <= ClStrides.MOST + 2
                    && inputs[1].layout().shape().rank() <= ClStrides.MOST + 2;
        }

        @Override
        public boolean acceptsStrides() {
            return true;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Layout left = inputs[0].layout();
            Layout right = inputs[1].layout();
            Matrices b = right.shape().rank() > 1 ? Matrices.last(inputs[1])
                    : Matrices.one(inputs[1], right.shape().dim(0), 1, right.stride(0), 1);
            Matrices a;
            if (left.shape().rank() == 1) {
                a = Matrices.one(inputs[0], 1, left.shape().dim(0), 0, left.stride(0));
            } else if (b.batch().shape().numel() == 1 && left.isContiguous()) {
                a = Matrices.rows(inputs[0]); // one matrix of many rows
                b = new Matrices(b.tensor(), Layout.contiguous(Shape.of()), b.rows(), b.columns(), b.rowStride(),
                        b.columnStride());
            } else {
                a = Matrices.last(inputs[0]);
            }
            multiply(runtime, a, b, null, outputs[0]);
        }
    }

    private static final class LinearKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            multiply(runtime, Matrices.rows(inputs[0]), Matrices.rows(inputs[1]).transpose(),
                    inputs.length == 3 ? inputs[2] : null, outputs[0]);
        }
    }

    private static final class LinearInputGradKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            multiply(runtime, Matrices.rows(inputs[0]), Matrices.rows(inputs[1]), null, outputs[0]);
        }
    }

    private static final class LinearWeightGradKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            multiply(runtime, Matrices.rows(inputs[1]).transpose(), Matrices.rows(inputs[0]), null, outputs[0]);
        }
    }
}

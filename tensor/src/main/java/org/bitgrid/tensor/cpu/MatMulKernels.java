package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Parallel;

/** Matrix products and linear maps. */
final class MatMulKernels {
    /** Multiply-adds from which one product of a batch is worth sharing among threads. */
    private static final long LARGE = 4_000_000;

    private MatMulKernels() {
    }

    static void register() {
        CpuBackend.define(MatMul.class, new MatMulKernel());
        CpuBackend.define(Linear.class, MatMulKernels::linear);
        CpuBackend.define(Linear.InputGrad.class, MatMulKernels::linearInputGrad);
        CpuBackend.define(Linear.WeightGrad.class, MatMulKernels::linearWeightGrad);
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    /** All leading dimensions as rows. */
    private static Matrix rows(Tensor tensor) {
        Shape shape = tensor.layout().shape();
        int columns = shape.dim(-1);
        long rows = shape.slice(0, shape.rank() - 1).numel();
        return Matrix.rowMajor(floats(tensor), offset(tensor), (int) rows, columns);
    }

    private static void linear(Op op, Tensor[] in, Tensor[] out) {
        boolean biased = in.length == 3;
        MatrixProduct.run(rows(in[0]), rows(in[1]).transpose(), biased ? floats(in[2]) : null,
                biased ? offset(in[2]) : 0, floats(out[0]), offset(out[0]));
    }

    private static void linearInputGrad(Op op, Tensor[] in, Tensor[] out) {
        MatrixProduct.run(rows(in[0]), rows(in[1]), null, 0, floats(out[0]), offset(out[0]));
    }

    private static void linearWeightGrad(Op op, Tensor[] in, Tensor[] out) {
        MatrixProduct.run(rows(in[1]).transpose(), rows(in[0]), null, 0, floats(out[0]), offset(out[0]));
    }

    /** Takes views as they are: a transposed matrix is packed as easily as a plain one. */
    private static final class MatMulKernel implements CpuKernel {
        @Override
        public boolean acceptsStrides() {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] in, Tensor[] out) {
            Layout left = in[0].layout();
            Layout right = in[1].layout();
            Matrix a = left.shape().rank() > 1 ? last(in[0])
                    : new Matrix(floats(in[0]), left.offset(), 1, left.shape().dim(0), 0, left.stride(0));
            Matrix b = right.shape().rank() > 1 ? last(in[1])
                    : new Matrix(floats(in[1]), right.offset(), right.shape().dim(0), 1, right.stride(0), 1);
            Shape leftBatch = batch(left);
            Shape rightBatch = batch(right);
            float[] c = floats(out[0]);
            int cAt = offset(out[0]);
            if (rightBatch.numel() == 1 && left.isContiguous() && left.shape().rank() > 1) {
                MatrixProduct.run(rows(in[0]), b, null, 0, c, cAt); // one matrix of many rows
                return;
            }
            Shape both = Shape.broadcast(op.name(), leftBatch, rightBatch);
            int[] leftAt = offsets(left, leftBatch, both);
            int[] rightAt = offsets(right, rightBatch, both);
            int size = a.rows() * b.columns();
            long work = (long) size * a.columns();
            int count = leftAt.length;
            if (work >= LARGE) {
                batch(a, leftAt, b, rightAt, c, cAt, 0, count);
            } else {
                Parallel.range(count, (int) Math.min(Math.max(1, count), 1 + 100_000 / Math.max(1, work)),
                        (begin, end) -> batch(a, leftAt, b, rightAt, c, cAt, begin, end));
            }
        }

        private static void batch(Matrix a, int[] leftAt, Matrix b, int[] rightAt, float[] c, int cAt, int begin,
                                  int end) {
            for (int i = begin; i < end; i++) {
                MatrixProduct.run(a.at(leftAt[i]), b.at(rightAt[i]), null, 0, c, cAt + i * a.rows() * b.columns());
            }
        }

        private static Matrix last(Tensor tensor) {
            Layout layout = tensor.layout();
            int rank = layout.shape().rank();
            return new Matrix(floats(tensor), layout.offset(), layout.shape().dim(rank - 2),
                    layout.shape().dim(rank - 1), layout.stride(rank - 2), layout.stride(rank - 1));
        }

        private static Shape batch(Layout layout) {
            return layout.shape().slice(0, Math.max(0, layout.shape().rank() - 2));
        }

        /** Where each matrix of the broadcast batch starts. */
        private static int[] offsets(Layout layout, Shape batch, Shape both) {
            int[] strides = new int[batch.rank()];
            for (int i = 0; i < strides.length; i++) {
                strides[i] = layout.stride(i);
            }
            Layout wide = Layout.of(batch, strides, layout.offset()).expand(both);
            int[] offsets = new int[(int) both.numel()];
            int[] index = new int[both.rank()];
            int at = wide.offset();
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = at;
                for (int d = both.rank() - 1; d >= 0; d--) {
                    at += wide.stride(d);
                    if (++index[d] < both.dim(d)) {
                        break;
                    }
                    at -= wide.stride(d) * both.dim(d);
                    index[d] = 0;
                }
            }
            return offsets;
        }
    }
}

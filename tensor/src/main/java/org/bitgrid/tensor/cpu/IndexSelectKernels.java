package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.Op;

/** Copies whole slices, and adds them up again for the gradient. */
final class IndexSelectKernels {
    private IndexSelectKernels() {
    }

    static void register() {
        CpuBackend.define(IndexSelect.class, new Select());
        CpuBackend.define(IndexSelect.Grad.class, new SelectGrad());
    }

    private static boolean floats(Tensor[] inputs) {
        return inputs[0].dtype() == DType.FLOAT32;
    }

    private static int[] indices(String operation, Tensor index, int size) {
        int count = (int) index.layout().shape().numel();
        int offset = index.layout().offset();
        Storage storage = index.storage();
        boolean wide = storage.dtype() == DType.INT64;
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            long chosen = wide ? storage.longs()[offset + i] : storage.ints()[offset + i];
            if (chosen < 0 || chosen >= size) {
                throw Gather.outside(operation, chosen, size);
            }
            indices[i] = (int) chosen;
        }
        return indices;
    }

    private static final class Select implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return floats(inputs);
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Shape shape = inputs[0].layout().shape();
            int axis = shape.checkedAxis(op.name(), ((IndexSelect) op).axis());
            int size = shape.dim(axis);
            int[] indices = indices(op.name(), inputs[1], size);
            int outer = (int) shape.slice(0, axis).numel();
            int inner = (int) shape.slice(axis + 1, shape.rank()).numel();
            float[] from = inputs[0].storage().floats();
            float[] to = outputs[0].storage().floats();
            int start = inputs[0].layout().offset();
            int position = outputs[0].layout().offset();
            for (int i = 0; i < outer; i++) {
                for (int index : indices) {
                    int source = start + (i * size + index) * inner;
                    if (inner == 1) {
                        to[position] = from[source];
                    } else {
                        System.arraycopy(from, source, to, position, inner);
                    }
                    position += inner;
                }
            }
        }
    }

    private static final class SelectGrad implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return floats(inputs);
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            IndexSelect.Grad grad = (IndexSelect.Grad) op;
            Shape shape = outputs[0].layout().shape();
            int[] indices = indices(op.name(), inputs[1], grad.size());
            int outer = (int) shape.slice(0, grad.axis()).numel();
            int inner = (int) shape.slice(grad.axis() + 1, shape.rank()).numel();
            float[] from = inputs[0].storage().floats();
            float[] to = outputs[0].storage().floats();
            int position = inputs[0].layout().offset();
            int start = outputs[0].layout().offset();
            Arrays.fill(to, start, start + (int) shape.numel(), 0);
            for (int i = 0; i < outer; i++) {
                for (int index : indices) {
                    int target = start + (i * grad.size() + index) * inner;
                    for (int k = 0; k < inner; k++) {
                        to[target + k] += from[position + k];
                    }
                    position += inner;
                }
            }
        }
    }
}

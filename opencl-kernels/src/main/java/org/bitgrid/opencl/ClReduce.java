package org.bitgrid.opencl;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.ArgReduce;
import org.bitgrid.tensor.op.CountEqual;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Reduce;

/** Folds of elements into fewer. */
final class ClReduce {
    private ClReduce() {
    }

    static void register() {
        OpenClBackend.define(Reduce.class, new ReduceKernel());
        OpenClBackend.define(ArgReduce.class, new ArgKernel());
        OpenClBackend.define(CountEqual.class, new CountKernel());
    }

    /** The program for elements of this type; sums of integers are long. */
    private static ClSource source(DType type, boolean divide) {
        boolean floating = type == DType.FLOAT32;
        String lowest = floating ? "-INFINITY" : type == DType.INT64 ? "LONG_MIN" : "0";
        String highest = floating ? "INFINITY" : type == DType.INT64 ? "LONG_MAX" : "255";
        return ClSource.file("reduce.cl", "TYPE", ClKernel.type(type), "SUM", floating ? "acc_t" : "long", "RESULT",
                floating ? "float" : "long", "LOWEST", lowest, "HIGHEST", highest, "DIVIDE", divide ? 1 : 0);
    }

    private static boolean hasType(DType type) {
        return type == DType.FLOAT32 || type == DType.INT64 || type == DType.BOOL || type == DType.UINT8;
    }

    private static long sumBytes(ClRuntime runtime, DType type) {
        return type == DType.FLOAT32 ? ClSums.bytes(runtime) : Long.BYTES;
    }

    private static final class ReduceKernel extends ClStridedKernel {
        @Override
        boolean takesTypes(Op op, Tensor[] inputs) {
            Reduce reduce = (Reduce) op;
            boolean sum = reduce.kind() == Reduce.Kind.SUM || reduce.kind() == Reduce.Kind.MEAN;
            DType type = inputs[0].dtype();
            return sum ? hasType(type) : type == DType.FLOAT32 || type == DType.INT64;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Reduce reduce = (Reduce) op;
            Layout layout = inputs[0].layout();
            ClGroups groups = ClGroups.of(layout, reduce.folded(layout.shape()));
            int count = groups.count();
            int length = groups.length();
            int chunks = groups.chunks();
            if (count == 0) {
                return;
            }
            boolean sum = reduce.kind() == Reduce.Kind.SUM || reduce.kind() == Reduce.Kind.MEAN;
            DType type = inputs[0].dtype();
            String name = sum ? "Sum" : reduce.kind() == Reduce.Kind.AMAX ? "Largest" : "Smallest";
            ClSource source = source(type, reduce.kind() == Reduce.Kind.MEAN);
            long bytes = sum ? sumBytes(runtime, type) : type.byteSize();
            ClMemory.Block partial = runtime.memory().take(bytes * count * chunks, op.name());
            // Neighbouring work-items should read neighbouring elements, along whichever dimension lies closest.
            boolean chunkFastest = groups.kept().rank() == 0 || groups.folded().rank() > 0
                    && Math.abs(groups.folded().strides()[0][0]) <= Math.abs(groups.kept().strides()[0][0]);
            runtime.launch(source, "fold" + name).input(inputs[0]).memory(partial).integer(count).integer(chunks)
                    .integer(length).integer(chunkFastest ? 1 : 0).walk(groups.kept()).walk(groups.folded())
                    .over((long) count * chunks);
            ClLaunch finish = runtime.launch(source, "finish" + name).memory(partial).output(outputs[0])
                    .integer(count).integer(chunks);
            if (sum) {
                finish = type != DType.FLOAT32 ? finish.wide(1) : runtime.device().float64() ? finish.real(length)
                        : finish.number(length);
            }
            finish.over(count);
            partial.run();
        }
    }

    private static final class ArgKernel extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            DType type = inputs[0].dtype();
            return ((ArgReduce) op).axis() != null && (type == DType.FLOAT32 || type == DType.INT64)
                    && inputs[0].layout().shape().rank() > 0;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            ArgReduce arg = (ArgReduce) op;
            Shape shape = inputs[0].layout().shape();
            int axis = shape.checkedAxis(op.name(), arg.axis());
            int inner = (int) shape.slice(axis + 1, shape.rank()).numel();
            int lines = (int) outputs[0].numel();
            runtime.launch(source(inputs[0].dtype(), false), "argReduce").input(inputs[0]).output(outputs[0])
                    .integer(lines).integer(shape.dim(axis)).integer(inner).integer(arg.largest() ? 1 : 0).over(lines);
        }
    }

    private static final class CountKernel extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() == DType.INT64 || inputs[0].dtype() == DType.BOOL;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) inputs[0].numel();
            int chunks = ClSums.chunks(1, count);
            ClMemory.Block partial = runtime.memory().take((long) Long.BYTES * chunks, op.name());
            ClSource source = source(inputs[0].dtype(), false);
            runtime.launch(source, "countEqual").input(inputs[0]).input(inputs[1]).memory(partial).integer(count)
                    .integer(chunks).over(chunks);
            runtime.launch(source, "finishSum").memory(partial).output(outputs[0]).integer(1).integer(chunks).wide(1)
                    .over(1);
            partial.run();
        }
    }
}

package org.bitgrid.opencl;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.CopyInPlace;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.FillInPlace;
import org.bitgrid.tensor.op.Op;

/** Operators that place elements without computing with them, and conversions between types. */
final class ClMove {
    private ClMove() {
    }

    static void register() {
        OpenClBackend.define(Fill.class, new FillKernel());
        OpenClBackend.define(Copy.class, new CopyKernel());
        OpenClBackend.define(Cast.class, new CopyKernel());
        OpenClBackend.define(CopyInPlace.class, new CopyIntoKernel());
        OpenClBackend.define(FillInPlace.class, new FillIntoKernel());
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

    /** Into fresh memory, as the same type or as another. */
    private static final class CopyKernel extends ClStridedKernel {
        @Override
        boolean takesTypes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() != DType.FLOAT64 && !(op instanceof Cast cast && cast.dtype() == DType.FLOAT64);
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) outputs[0].numel();
            DType from = inputs[0].dtype();
            DType to = outputs[0].dtype();
            ClSource source = ClSource.file("copy.cl", "FROM", type(from), "TO", type(to), "CONVERT(X)",
                    conversion(from, to));
            runtime.launch(source, "copyStrided").input(inputs[0]).output(outputs[0]).integer(count)
                    .walk(ClStrides.of(outputs[0].layout().shape(), inputs[0].layout())).over(count);
        }

        /** Floats become integers by way of longs, whose upper bits are then cut off. */
        private static String conversion(DType from, DType to) {
            if (from == to) {
                return "(X)";
            }
            if (to == DType.BOOL) {
                return "((X) != 0)";
            }
            return "((" + type(to) + ") " + (from.isFloating() && !to.isFloating() ? "whole(X)" : "(X)") + ")";
        }
    }

    private static final class CopyIntoKernel extends ClStridedKernel {
        @Override
        boolean takesTypes(Op op, Tensor[] inputs) {
            // In one storage the target may lie over elements that are still to be read.
            return inputs[0].dtype() == inputs[1].dtype() && inputs[0].dtype() != DType.FLOAT64
                    && inputs[0].storage() != inputs[1].storage();
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) inputs[0].numel();
            runtime.launch(source(inputs[0]), "copyInto").input(inputs[1]).output(inputs[0]).integer(count)
                    .walk(ClStrides.of(inputs[0].layout().shape(), inputs[1].layout(), inputs[0].layout()))
                    .over(count);
        }
    }

    private static final class FillIntoKernel extends ClStridedKernel {
        @Override
        boolean takesTypes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() != DType.FLOAT64;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) inputs[0].numel();
            runtime.launch(source(inputs[0]), "fillStrided").output(inputs[0]).integer(count)
                    .scalar(inputs[0].dtype(), ((FillInPlace) op).value())
                    .walk(ClStrides.of(inputs[0].layout().shape(), inputs[0].layout())).over(count);
        }
    }
}

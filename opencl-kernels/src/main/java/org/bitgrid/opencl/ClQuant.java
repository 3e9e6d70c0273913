package org.bitgrid.opencl;

import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Quantize;

/** Quantization and its gradients, for one scale for all elements, for each channel, or for each block. */
final class ClQuant {
    private static final ClSource SOURCE = ClSource.file("quant.cl");

    private ClQuant() {
    }

    static void register() {
        OpenClBackend.define(FakeQuantize.class, new FakeQuantizeKernel());
        OpenClBackend.define(FakeQuantize.InputGrad.class, new InputGradKernel());
        OpenClBackend.define(FakeQuantize.Grad.class, new GradKernel());
        OpenClBackend.define(Quantize.class, new QuantizeKernel());
        OpenClBackend.define(Quantize.Grad.class, new QuantizeGradKernel());
        ClObserve.register();
    }

    /** What all of them are asked to do. */
    private record Grid(long qmin, long qmax, double shift, boolean reciprocal) {
        boolean fitsFloats() {
            return !FakeQuantize.needsDouble(qmin, qmax);
        }
    }

    /** A kernel for floats on grids that floats can count. */
    private abstract static class GridKernel extends ClKernel {
        abstract Grid grid(Op op);

        @Override
        final boolean takes(Op op, Tensor[] inputs) {
            return super.takes(op, inputs) && grid(op).fitsFloats() && ClStrides.canWalk(inputs);
        }

        final void quantize(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs, boolean keepCodes) {
            Grid grid = grid(op);
            int count = (int) outputs[0].numel();
            ClStrides walk = walk(inputs[0], inputs[1]);
            runtime.launch(SOURCE, "quantizeValues").input(inputs[0]).input(inputs[1]).input(inputs[2])
                    .output(outputs[0]).integer(count).walk(walk).number(grid.qmin).number(grid.qmax).number((float) grid.shift)
                    .integer(grid.reciprocal ? 1 : 0).integer(keepCodes ? 1 : 0).over(count);
        }

        final void gradients(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs, boolean ofCodes) {
            Grid grid = grid(op);
            Layout layout = Layout.contiguous(inputs[1].layout().shape());
            ClGroups groups = ClGroups.sharing(layout, inputs[2].layout().shape());
            if (groups.count() == 0) {
                return;
            }
            int chunks = groups.chunks();
            ClMemory.Block partial = runtime.memory().take(2L * ClSums.bytes(runtime) * groups.count() * chunks,
                    op.name());
            runtime.launch(SOURCE, "rangeGradients").input(inputs[0]).input(inputs[1]).input(inputs[2])
                    .input(inputs[3]).output(outputs[0]).memory(partial).integer(groups.count()).integer(chunks)
                    .integer(groups.length()).walk(groups.kept()).walk(groups.folded()).number(grid.qmin).number(grid.qmax).number((float) grid.shift)
                    .integer(grid.reciprocal ? 1 : 0).integer(ofCodes ? 1 : 0).over((long) groups.count() * chunks);
            runtime.launch(SOURCE, "finishRanges").memory(partial).output(outputs[1]).output(outputs[2])
                    .integer(groups.count()).integer(chunks).over(groups.count());
            partial.run();
        }
    }

    /** From element to element of x: where in the scale's tensor its scale lies. */
    static ClStrides walk(Tensor x, Tensor scale) {
        return ClStrides.of(x.layout().shape(), Layout.contiguous(scale.layout().shape()));
    }

    private static final class FakeQuantizeKernel extends GridKernel {
        @Override
        Grid grid(Op op) {
            FakeQuantize own = (FakeQuantize) op;
            return new Grid(own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal());
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            quantize(runtime, op, inputs, outputs, false);
        }
    }

    private static final class QuantizeKernel extends GridKernel {
        @Override
        Grid grid(Op op) {
            Quantize own = (Quantize) op;
            return new Grid(own.qmin(), own.qmax(), 0, false);
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            quantize(runtime, op, inputs, outputs, true);
        }
    }

    private static final class InputGradKernel extends GridKernel {
        @Override
        Grid grid(Op op) {
            FakeQuantize.InputGrad own = (FakeQuantize.InputGrad) op;
            return new Grid(own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal());
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Grid grid = grid(op);
            int count = (int) outputs[0].numel();
            ClStrides walk = walk(inputs[1], inputs[2]);
            runtime.launch(SOURCE, "passInside").input(inputs[0]).input(inputs[1]).input(inputs[2]).input(inputs[3])
                    .output(outputs[0]).integer(count).walk(walk).number(grid.qmin).number(grid.qmax).number((float) grid.shift)
                    .integer(grid.reciprocal ? 1 : 0).over(count);
        }
    }

    private static final class GradKernel extends GridKernel {
        @Override
        Grid grid(Op op) {
            FakeQuantize.Grad own = (FakeQuantize.Grad) op;
            return new Grid(own.qmin(), own.qmax(), own.zeroPointShift(), own.reciprocal());
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            gradients(runtime, op, inputs, outputs, false);
        }
    }

    private static final class QuantizeGradKernel extends GridKernel {
        @Override
        Grid grid(Op op) {
            Quantize.Grad own = (Quantize.Grad) op;
            return new Grid(own.qmin(), own.qmax(), 0, false);
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            gradients(runtime, op, inputs, outputs, true);
        }
    }
}

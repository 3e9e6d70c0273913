package org.bitgrid.opencl;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Softmax;

/** Softmax, its logarithm, and cross entropy. */
final class ClSoftmax {
    private static final long GROUP = 64;

    private ClSoftmax() {
    }

    static void register() {
        OpenClBackend.define(Softmax.class, new Forward());
        OpenClBackend.define(LogSoftmax.class, new Forward());
        OpenClBackend.define(Softmax.InputGrad.class, new Backward());
        OpenClBackend.define(LogSoftmax.InputGrad.class, new Backward());
        OpenClBackend.define(CrossEntropy.class, new Loss());
        OpenClBackend.define(CrossEntropy.InputGrad.class, new LossGrad());
    }

    private static ClSource source(DType target) {
        return ClSource.file("softmax.cl", "TARGET", ClKernel.type(target));
    }

    /** Lines of elements along a dimension: how many, how long, and how far apart their elements lie. */
    private record Lines(int count, int length, int inner) {
        static Lines of(Shape shape, int axis) {
            if (shape.rank() == 0) {
                return new Lines(1, 1, 1);
            }
            int index = shape.checkedAxis("softmax", axis);
            int length = shape.dim(index);
            int inner = (int) shape.slice(index + 1, shape.rank()).numel();
            return new Lines((int) shape.slice(0, index).numel() * inner, length, inner);
        }
    }

    private static final class Forward extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            boolean logarithm = op instanceof LogSoftmax;
            Lines lines = Lines.of(inputs[0].layout().shape(), logarithm ? ((LogSoftmax) op).axis()
                    : ((Softmax) op).axis());
            runtime.launch(source(DType.INT64), "softmax").input(inputs[0]).output(outputs[0]).integer(lines.count)
                    .integer(lines.length).integer(Math.max(1, lines.inner)).integer(logarithm ? 1 : 0)
                    .over(lines.count);
        }
    }

    private static final class Backward extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            boolean logarithm = op instanceof LogSoftmax.InputGrad;
            Lines lines = Lines.of(inputs[0].layout().shape(), logarithm ? ((LogSoftmax.InputGrad) op).axis()
                    : ((Softmax.InputGrad) op).axis());
            runtime.launch(source(DType.INT64), "softmaxGrad").input(inputs[0]).input(inputs[1]).output(outputs[0])
                    .integer(lines.count).integer(lines.length).integer(Math.max(1, lines.inner))
                    .integer(logarithm ? 1 : 0).over(lines.count);
        }
    }

    private static boolean takesLoss(Tensor logits, Tensor target) {
        return logits.dtype() == DType.FLOAT32 && target.dtype().isInteger();
    }

    private static final class Loss extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            return takesLoss(inputs[0], inputs[1]);
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            CrossEntropy loss = (CrossEntropy) op;
            Shape shape = inputs[0].layout().shape();
            Lines lines = Lines.of(shape, CrossEntropy.classAxis(shape));
            ValueChecks.targets(loss, inputs[1], lines.length);
            boolean weighted = inputs.length == 3;
            ClSource source = source(inputs[1].dtype());
            ClMemory.Block terms = runtime.memory().take(2L * ClSums.bytes(runtime) * Math.max(1, lines.count),
                    op.name());
            runtime.launch(source, "crossEntropyTerms").input(inputs[0]).input(inputs[1])
                    .input(inputs[weighted ? 2 : 0]).integer(weighted ? 1 : 0).memory(terms).integer(lines.count)
                    .integer(lines.length).integer(Math.max(1, lines.inner)).wide(loss.ignoreIndex())
                    .number((float) loss.labelSmoothing()).over(lines.count);
            if (loss.reduction() == Reduction.NONE) {
                runtime.launch(source, "crossEntropyEach").memory(terms).output(outputs[0]).integer(lines.count)
                        .over(lines.count);
            } else {
                runtime.launch(source, "crossEntropyTotal").memory(terms).output(outputs[0]).integer(lines.count)
                        .integer(loss.reduction() == Reduction.MEAN ? 1 : 0).over(new long[] {GROUP},
                                new long[] {GROUP});
            }
            terms.run();
        }
    }

    private static final class LossGrad extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            return takesLoss(inputs[1], inputs[2]);
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            CrossEntropy loss = ((CrossEntropy.InputGrad) op).loss();
            Shape shape = inputs[1].layout().shape();
            Lines lines = Lines.of(shape, CrossEntropy.classAxis(shape));
            ValueChecks.targets(loss, inputs[2], lines.length);
            boolean weighted = inputs.length == 4;
            boolean mean = loss.reduction() == Reduction.MEAN;
            Tensor weight = inputs[weighted ? 3 : 1];
            ClSource source = source(inputs[2].dtype());
            ClMemory.Block mass = runtime.memory().take(ClSums.bytes(runtime), op.name());
            if (mean) {
                runtime.launch(source, "crossEntropyMass").input(inputs[2]).input(weight).integer(weighted ? 1 : 0)
                        .memory(mass).integer(lines.count).integer(lines.length).wide(loss.ignoreIndex())
                        .over(new long[] {GROUP}, new long[] {GROUP});
            }
            runtime.launch(source, "crossEntropyGrad").input(inputs[0])
                    .integer(loss.reduction() == Reduction.NONE ? 1 : 0).input(inputs[1]).input(inputs[2])
                    .input(weight).integer(weighted ? 1 : 0).memory(mass).integer(mean ? 1 : 0).output(outputs[0])
                    .integer(lines.count).integer(lines.length).integer(Math.max(1, lines.inner))
                    .wide(loss.ignoreIndex()).number((float) loss.labelSmoothing()).over(lines.count);
            mass.run();
        }
    }
}

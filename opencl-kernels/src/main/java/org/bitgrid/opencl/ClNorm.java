package org.bitgrid.opencl;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Op;

/** Normalisation by channel. */
final class ClNorm {
    private static final ClSource SOURCE = ClSource.file("norm.cl");

    private ClNorm() {
    }

    static void register() {
        OpenClBackend.define(BatchNorm.class, new Forward());
        OpenClBackend.define(BatchNorm.InputGrad.class, new Backward());
    }

    /** Sizes of x (N, C, plane). */
    private record Sizes(int channels, int plane, int count, int chunks) {
        static Sizes of(Tensor x) {
            Shape shape = x.layout().shape();
            int channels = shape.dim(1);
            int plane = (int) shape.slice(2, shape.rank()).numel();
            int count = shape.dim(0) * plane;
            return new Sizes(channels, plane, count, ClSums.chunks(channels, count));
        }
    }

    private static final class Forward extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            BatchNorm norm = (BatchNorm) op;
            Tensor x = inputs[0];
            Sizes sizes = Sizes.of(x);
            int running = norm.runningIndex();
            if (norm.training()) {
                statistics(runtime, norm, inputs, outputs, sizes);
            }
            Tensor mean = norm.training() ? outputs[1] : inputs[running];
            Tensor spread = norm.training() ? outputs[2] : inputs[running + 1];
            Tensor weight = norm.affine() ? inputs[1] : mean;
            Tensor bias = norm.affine() ? inputs[2] : mean;
            int count = (int) x.numel();
            runtime.launch(SOURCE, "normalizeChannels").input(x).input(mean).input(spread).input(weight).input(bias)
                    .output(outputs[0]).integer(count).integer(sizes.channels).integer(sizes.plane)
                    .integer(norm.affine() ? 1 : 0).integer(norm.training() ? 0 : 1).number((float) norm.epsilon())
                    .over(count);
        }

        private static void statistics(ClRuntime runtime, BatchNorm norm, Tensor[] inputs, Tensor[] outputs,
                                       Sizes sizes) {
            if (sizes.channels == 0) {
                return;
            }
            ClMemory.Block partial = runtime.memory().take(2L * ClSums.bytes(runtime) * sizes.channels * sizes.chunks,
                    norm.name());
            runtime.launch(SOURCE, "channelMoments").input(inputs[0]).memory(partial).integer(sizes.channels)
                    .integer(sizes.chunks).integer(sizes.count).integer(sizes.plane)
                    .over((long) sizes.channels * sizes.chunks);
            ClLaunch launch = runtime.launch(SOURCE, "channelStatistics").input(inputs[0]).memory(partial)
                    .output(outputs[1]).output(outputs[2]).integer(sizes.channels).integer(sizes.chunks)
                    .integer(sizes.count).integer(sizes.plane).number((float) norm.epsilon())
                    .integer(norm.tracked() ? 1 : 0).number((float) norm.momentum());
            int running = norm.runningIndex();
            if (norm.tracked()) {
                launch.input(inputs[running]).input(inputs[running + 1]).output(outputs[3]).output(outputs[4]);
            } else { // not looked at
                launch.input(inputs[0]).input(inputs[0]).output(outputs[1]).output(outputs[2]);
            }
            launch.over(sizes.channels);
            partial.run();
        }
    }

    private static final class Backward extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            boolean affine = ((BatchNorm.InputGrad) op).affine();
            Tensor grad = inputs[0];
            Tensor x = inputs[1];
            Sizes sizes = Sizes.of(x);
            if (sizes.channels == 0) {
                return;
            }
            int count = (int) x.numel();
            ClMemory.Block partial = runtime.memory().take(2L * ClSums.bytes(runtime) * sizes.channels * sizes.chunks,
                    op.name());
            ClMemory.Block means = runtime.memory().take(2L * Float.BYTES * sizes.channels, op.name());
            runtime.launch(SOURCE, "gradientMoments").input(grad).input(x).input(inputs[2]).memory(partial)
                    .integer(sizes.channels).integer(sizes.chunks).integer(sizes.count).integer(sizes.plane)
                    .over((long) sizes.channels * sizes.chunks);
            runtime.launch(SOURCE, "gradientStatistics").memory(partial).input(inputs[3]).memory(means)
                    .output(outputs[affine ? 1 : 0]).output(outputs[affine ? 2 : 0]).integer(sizes.channels)
                    .integer(sizes.chunks).integer(sizes.count).integer(affine ? 1 : 0).over(sizes.channels);
            runtime.launch(SOURCE, "normalizeGrad").input(grad).input(x).input(inputs[2]).input(inputs[3])
                    .input(inputs[affine ? 4 : 3]).memory(means).output(outputs[0]).integer(count)
                    .integer(sizes.channels).integer(sizes.plane).integer(affine ? 1 : 0).over(count);
            partial.run();
            means.run();
        }
    }
}

package org.bitgrid.opencl;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Window2d;

/** Convolutions and both their gradients: {@code conv.cl}. All other convolutions are composed of these. */
final class ClConv {
    private ClConv() {
    }

    static void register() {
        OpenClBackend.define(Conv2d.class, new ForwardKernel());
        OpenClBackend.define(Conv2d.InputGrad.class, new InputGradKernel());
        OpenClBackend.define(Conv2d.WeightGrad.class, new WeightGradKernel());
    }

    /**
     * Sizes of a convolution as the kernels get them.
     *
     * @param channels of one group
     * @param filters  of one group
     */
    private record Sizes(Window2d window, int samples, int height, int width, int outHeight, int outWidth, int channels,
                         int filters, int groups) {
        static Sizes of(Window2d window, int groups, Shape image, Shape result) {
            return new Sizes(window, image.dim(0), image.dim(2), image.dim(3), result.dim(2), result.dim(3),
                    image.dim(1) / groups, result.dim(1) / groups, groups);
        }

        int[] numbers() {
            return new int[] {window.kernelH(), window.kernelW(), window.strideH(), window.strideW(), window.padH(),
                window.padW(), window.dilationH(), window.dilationW(), height, width, outHeight, outWidth, samples,
                channels, filters, groups};
        }

        int taps() {
            return channels * window.kernelH() * window.kernelW();
        }

        int outPixels() {
            return samples * outHeight * outWidth;
        }
    }

    /** A product of m rows, n columns and k steps for each of some pieces. */
    private record Product(ClRuntime runtime, Tiles tiles, int m, int n, int pieces, int chunk, ClSource source,
                           ClChunks result) {
        static Product of(ClRuntime runtime, int m, int n, int k, int pieces, Tensor out) {
            Tiles tiles = TuningDb.tiles(runtime.device(), ShapeClass.CONV);
            int chunk = tiles.chunk(tiles.tiles(m, n) * pieces, k);
            return new Product(runtime, tiles, m, n, pieces, chunk, tiles.source("conv.cl"),
                    new ClChunks(runtime, out, Math.max(1, Tiles.ceil(k, chunk))));
        }

        void run(ClLaunch launch) {
            launch.over(new long[] {(long) Tiles.ceil(n, tiles.tileN()) * tiles.groupN(),
                (long) Tiles.ceil(m, tiles.tileM()) * tiles.groupM(), (long) pieces * result.splits()},
                    new long[] {tiles.groupN(), tiles.groupM(), 1});
        }
    }

    private static final class ForwardKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Conv2d conv = (Conv2d) op;
            Tensor out = outputs[0];
            if (out.numel() == 0) {
                return;
            }
            Sizes sizes = Sizes.of(conv.window(), conv.groups(), inputs[0].layout().shape(), out.layout().shape());
            Product product = Product.of(runtime, sizes.filters(), sizes.outPixels(), sizes.taps(), sizes.groups(), out);
            Tensor bias = inputs.length == 3 ? inputs[2] : null;
            boolean biased = bias != null && product.result().splits() == 1;
            product.run(runtime.launch(product.source(), "convForward").input(inputs[0]).input(inputs[1])
                    .input(biased ? bias : inputs[1]).integer(biased ? 1 : 0).output(product.result().target())
                    .integers(sizes.numbers()).integer(product.chunk()).integer((int) out.numel()));
            product.result().add(product.source(), bias, sizes.outHeight() * sizes.outWidth());
        }
    }

    private static final class WeightGradKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Conv2d.WeightGrad conv = (Conv2d.WeightGrad) op;
            Tensor out = outputs[0];
            if (out.numel() == 0) {
                return;
            }
            Sizes sizes = Sizes.of(conv.window(), conv.groups(), inputs[0].layout().shape(),
                    inputs[1].layout().shape());
            Product product = Product.of(runtime, sizes.filters(), sizes.taps(), sizes.outPixels(), sizes.groups(), out);
            product.run(runtime.launch(product.source(), "convWeightGrad").input(inputs[0]).input(inputs[1])
                    .output(product.result().target()).integers(sizes.numbers()).integer(product.chunk())
                    .integer((int) out.numel()));
            product.result().add(product.source(), null, 1);
        }
    }

    private static final class InputGradKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Conv2d.InputGrad conv = (Conv2d.InputGrad) op;
            Tensor out = outputs[0];
            if (out.numel() == 0) {
                return;
            }
            Window2d window = conv.window();
            Sizes sizes = Sizes.of(window, conv.groups(), out.layout().shape(), inputs[0].layout().shape());
            int everyH = window.strideH() / gcd(window.strideH(), window.dilationH());
            int everyW = window.strideW() / gcd(window.strideW(), window.dilationW());
            // Of the phases, the first has the most pixels; none has more taps than this.
            int pixels = sizes.samples() * Tiles.ceil(sizes.height(), window.strideH())
                    * Tiles.ceil(sizes.width(), window.strideW());
            int steps = sizes.filters() * Tiles.ceil(window.kernelH(), everyH) * Tiles.ceil(window.kernelW(), everyW);
            Product product = Product.of(runtime, sizes.channels(), pixels, steps,
                    sizes.groups() * window.strideH() * window.strideW(), out);
            product.run(runtime.launch(product.source(), "convInputGrad").input(inputs[0]).input(inputs[1])
                    .output(product.result().target()).integers(sizes.numbers()).integer(product.chunk())
                    .integer((int) out.numel()).integers(everyH, everyW));
            product.result().add(product.source(), null, 1);
        }

        private static int gcd(int a, int b) {
            return b == 0 ? a : gcd(b, a % b);
        }
    }
}

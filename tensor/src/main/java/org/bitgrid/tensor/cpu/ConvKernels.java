package org.bitgrid.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Window2d;

/** Convolutions as matrix products over patches that are packed as they are needed. */
final class ConvKernels {
    private ConvKernels() {
    }

    static void register() {
        CpuBackend.define(Conv2d.class, ConvKernels::forward);
        CpuBackend.define(Conv2d.InputGrad.class, ConvKernels::inputGrad);
        CpuBackend.define(Conv2d.WeightGrad.class, ConvKernels::weightGrad);
    }

    private static float[] floats(Tensor tensor) {
        return tensor.storage().floats();
    }

    private static int offset(Tensor tensor) {
        return tensor.layout().offset();
    }

    /** Filters (K/groups) by taps times positions: weight (K, C/groups · R · S) · patches. */
    private static void forward(Op op, Tensor[] in, Tensor[] out) {
        Conv2d conv = (Conv2d) op;
        Window2d window = conv.window();
        Shape x = in[0].layout().shape();
        Shape y = out[0].layout().shape();
        PatchGrid grid = PatchGrid.of(x.dim(2), x.dim(3), y.dim(2), y.dim(3), window.strideH(), window.strideW(),
                taps(window, true), taps(window, false));
        int groups = conv.groups();
        int channels = x.dim(1) / groups;
        int filters = y.dim(1) / groups;
        int depth = channels * grid.taps();
        if (channels == 1 && groups > 1) {
            DepthwiseConv.forward(grid, in, out[0]);
            return;
        }
        for (int g = 0; g < groups; g++) {
            BlockSource patches = DensePatches.of(grid, floats(in[0]),
                    offset(in[0]) + g * channels * x.dim(2) * x.dim(3), x.dim(1) * x.dim(2) * x.dim(3));
            Matrix weight = Matrix.rowMajor(floats(in[1]), offset(in[1]) + g * filters * depth, filters, depth);
            PlaneOutput output = new PlaneOutput(floats(out[0]), offset(out[0]) + g * filters * grid.positions(),
                    y.dim(1) * grid.positions(), y.dim(2), y.dim(3), y.dim(2), y.dim(3), 1, 1, 0, 0,
                    in.length == 3 ? floats(in[2]) : null, in.length == 3 ? offset(in[2]) + g * filters : 0);
            Gemm.run(filters, x.dim(0) * grid.positions(), depth, new MatrixPanels(weight.transpose()), patches,
                    output);
        }
    }

    private static int[] taps(Window2d window, boolean rows) {
        int[] taps = new int[window.kernelH() * window.kernelW()];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = rows ? t / window.kernelW() * window.dilationH() - window.padH()
                    : t % window.kernelW() * window.dilationW() - window.padW();
        }
        return taps;
    }

    /**
     * The input elements whose rows leave the same remainder divided by the stride, and whose columns do, form a grid
     * that sees the gradient through the same taps: a convolution with step 1. Their products are those of the forward
     * pass, no more, and every element is written once.
     */
    private static void inputGrad(Op op, Tensor[] in, Tensor[] out) {
        Conv2d.InputGrad conv = (Conv2d.InputGrad) op;
        Window2d window = conv.window();
        Shape x = out[0].layout().shape();
        List<InputPart> parts = new ArrayList<>();
        for (int h = 0; h < Math.min(window.strideH(), x.dim(2)); h++) {
            for (int w = 0; w < Math.min(window.strideW(), x.dim(3)); w++) {
                parts.add(InputPart.of(window, h, w, in[0].layout().shape(), x));
            }
        }
        if (x.dim(1) == conv.groups() && conv.groups() > 1) {
            parts.forEach(part -> DepthwiseConv.inputGrad(part, window, in, out[0]));
            return;
        }
        // Parts of the same size go together: they write to the same cache lines.
        while (!parts.isEmpty()) {
            int positions = parts.get(0).grid().positions();
            List<InputPart> same = parts.stream().filter(part -> part.grid().positions() == positions).toList();
            parts.removeAll(same);
            for (int g = 0; g < conv.groups(); g++) {
                inputGrad(conv, g, same, in, out);
            }
        }
    }

    private static void inputGrad(Conv2d.InputGrad op, int group, List<InputPart> parts, Tensor[] in, Tensor[] out) {
        Window2d window = op.window();
        Shape x = out[0].layout().shape();
        Shape y = in[0].layout().shape();
        int channels = x.dim(1) / op.groups();
        int filters = y.dim(1) / op.groups();
        int taps = window.kernelH() * window.kernelW();
        int plane = x.dim(2) * x.dim(3);
        Gemm.Product[] products = new Gemm.Product[parts.size()];
        for (int i = 0; i < products.length; i++) {
            InputPart part = parts.get(i);
            PatchGrid grid = part.grid();
            BlockSource patches = DensePatches.of(grid, floats(in[0]),
                    offset(in[0]) + group * filters * y.dim(2) * y.dim(3), y.dim(1) * y.dim(2) * y.dim(3));
            FilterPanels weight = new FilterPanels(floats(in[1]), offset(in[1]) + group * filters * channels * taps,
                    channels, taps, part.taps());
            PlaneOutput output = new PlaneOutput(floats(out[0]), offset(out[0]) + group * channels * plane,
                    x.dim(1) * plane, x.dim(2), x.dim(3), grid.outputH(), grid.outputW(), window.strideH(),
                    window.strideW(), part.atH(), part.atW(), null, 0);
            products[i] = new Gemm.Product(filters * part.taps().length, weight, patches, output);
        }
        Gemm.run(channels, x.dim(0) * parts.get(0).grid().positions(), products);
    }

    /**
     * The input elements whose row and column leave certain remainders divided by the stride.
     *
     * @param grid where they meet the gradient
     * @param taps the taps of the window that reach them, in the order of the grid's
     * @param atH  remainder of the row
     * @param atW  remainder of the column
     */
    record InputPart(PatchGrid grid, int[] taps, int atH, int atW) {
        static InputPart of(Window2d window, int atH, int atW, Shape y, Shape x) {
            int[] taps = new int[window.kernelH() * window.kernelW()];
            int[] tapH = new int[taps.length];
            int[] tapW = new int[taps.length];
            int count = 0;
            for (int t = 0; t < taps.length; t++) {
                int h = atH + window.padH() - t / window.kernelW() * window.dilationH();
                int w = atW + window.padW() - t % window.kernelW() * window.dilationW();
                if (h % window.strideH() == 0 && w % window.strideW() == 0) {
                    taps[count] = t;
                    tapH[count] = h / window.strideH();
                    tapW[count++] = w / window.strideW();
                }
            }
            PatchGrid grid = PatchGrid.of(y.dim(2), y.dim(3), Gemm.ceilDiv(x.dim(2) - atH, window.strideH()),
                    Gemm.ceilDiv(x.dim(3) - atW, window.strideW()), 1, 1, Arrays.copyOf(tapH, count),
                    Arrays.copyOf(tapW, count));
            return new InputPart(grid, Arrays.copyOf(taps, count), atH, atW);
        }
    }

    /**
     * Weights (K, C, R · S) as the left operand of the input gradient: row c, column k = filter · taps + t.
     *
     * @param window number of taps in the window
     * @param taps   those that take part
     */
    record FilterPanels(float[] data, int offset, int channels, int window, int[] taps)
            implements PanelSource {
        @Override
        public void pack(int firstK, int depth, int first, int count, int width, float[] to, int at) {
            for (int k = 0; k < depth; k++) {
                int filter = (firstK + k) / taps.length;
                int tap = taps[(firstK + k) % taps.length];
                int source = offset + (filter * channels + first) * window + tap;
                int target = at + k * width;
                for (int i = 0; i < width; i++) {
                    to[target + i] = i < count ? data[source + i * window] : 0;
                }
            }
        }
    }

    private static void weightGrad(Op op, Tensor[] in, Tensor[] out) {
        Conv2d.WeightGrad conv = (Conv2d.WeightGrad) op;
        Window2d window = conv.window();
        Shape x = in[0].layout().shape();
        Shape y = in[1].layout().shape();
        int[] tapH = taps(window, true);
        int[] tapW = taps(window, false);
        PatchGrid grid = PatchGrid.of(x.dim(2), x.dim(3), y.dim(2), y.dim(3), window.strideH(), window.strideW(), tapH,
                tapW);
        int channels = x.dim(1) / conv.groups();
        int filters = y.dim(1) / conv.groups();
        if (channels == 1 && conv.groups() > 1) {
            DepthwiseConv.weightGrad(grid, in, out[0]);
            return;
        }
        for (int g = 0; g < conv.groups(); g++) {
            ConvWeightGrad.Images images = new ConvWeightGrad.Images(floats(in[0]),
                    offset(in[0]) + g * channels * x.dim(2) * x.dim(3), x.dim(1) * x.dim(2) * x.dim(3), channels);
            ConvWeightGrad.Images gradients = new ConvWeightGrad.Images(floats(in[1]),
                    offset(in[1]) + g * filters * grid.positions(), y.dim(1) * grid.positions(), filters);
            new ConvWeightGrad(grid, x.dim(0), images, gradients).run(floats(out[0]),
                    offset(out[0]) + g * filters * channels * grid.taps());
        }
    }
}

package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.PixelShuffle;
import org.bitgrid.tensor.op.Window2d;

/** Operators on windows and sizes of images: pools, resizing, padding. */
final class OnnxPools {
    private OnnxPools() {
    }

    static void register(OnnxOps.Table table) {
        table.line(MaxPool2d.class, OnnxPools::maxPool);
        table.line(AvgPool2d.class, OnnxPools::avgPool);
        table.line(AdaptiveAvgPool2d.class, OnnxPools::adaptive);
        table.line(Interpolate.class, OnnxPools::interpolate);
        table.line(PixelShuffle.class, OnnxPools::pixelShuffle);
        table.line(Pad.class, OnnxPools::pad);
    }

    static List<Long> pads(long top, long left, long bottom, long right) {
        return List.of(top, left, bottom, right);
    }

    /** Rows or columns past the padding that the last window reaches, which rounding up brings about. */
    private static int overhang(int size, int kernel, int stride, int pad, int dilation, int windows) {
        int reach = (windows - 1) * stride + dilation * (kernel - 1) + 1;
        return Math.max(0, reach - size - 2 * pad);
    }

    /** Padding with the overhang made explicit: runtimes do not agree on how sizes are rounded up. */
    private static List<Long> explicitPads(Window2d window, OnnxCall call, int padH, int padW) {
        Shape in = call.shape(0);
        Shape out = call.outputSpec().shape();
        return pads(padH, padW,
                padH + overhang(in.dim(-2), window.kernelH(), window.strideH(), window.padH(), window.dilationH(),
                        out.dim(-2)),
                padW + overhang(in.dim(-1), window.kernelW(), window.strideW(), window.padW(), window.dilationW(),
                        out.dim(-1)));
    }

    private static String maxPool(MaxPool2d op, OnnxCall call) {
        Window2d window = op.window();
        return call.add("MaxPool", call.input(0), "ceil_mode", 0L,
                "dilations", List.of((long) window.dilationH(), (long) window.dilationW()),
                "kernel_shape", List.of((long) window.kernelH(), (long) window.kernelW()),
                "pads", explicitPads(window, call, window.padH(), window.padW()),
                "strides", List.of((long) window.strideH(), (long) window.strideW()));
    }

    private static String avgPool(AvgPool2d op, OnnxCall call) {
        Window2d window = op.window();
        String x = call.input(0);
        boolean countsPad = op.countIncludePad();
        List<Long> pads = explicitPads(window, call, window.padH(), window.padW());
        boolean overhangs = pads.get(2) > pads.get(0) || pads.get(3) > pads.get(1);
        boolean fixedDivisor = op.divisorOverride() > 0;
        if (overhangs && fixedDivisor) {
            // Zeros on all sides become part of the image, so that every mean is one of whole windows.
            x = padded(x, pads.get(0), pads.get(1), pads.get(2), pads.get(3), call);
            pads = pads(0, 0, 0, 0);
        } else if (overhangs && countsPad) {
            // The padding counts in the mean, what overhangs does not: the padding becomes part of the image.
            x = padded(x, window.padH(), window.padW(), window.padH(), window.padW(), call);
            pads = explicitPads(window, call, 0, 0);
            countsPad = false;
        }
        String y = call.add("AveragePool", x, "ceil_mode", 0L, "count_include_pad", countsPad || fixedDivisor ? 1L : 0L,
                "kernel_shape", List.of((long) window.kernelH(), (long) window.kernelW()), "pads", pads,
                "strides", List.of((long) window.strideH(), (long) window.strideW()));
        if (!fixedDivisor) {
            return y;
        }
        double factor = (double) window.kernelH() * window.kernelW() / op.divisorOverride();
        return call.add("Mul", List.of(y, call.scalar(factor, call.spec(0).dtype())));
    }

    private static String padded(String x, long top, long left, long bottom, long right, OnnxCall call) {
        return call.add("Pad", List.of(x, call.integers(0, 0, top, left, 0, 0, bottom, right)), "mode", "constant");
    }

    private static String adaptive(AdaptiveAvgPool2d op, OnnxCall call) {
        if (op.outputH() == 1 && op.outputW() == 1) {
            return call.add("GlobalAveragePool", call.input(0));
        }
        int height = call.shape(0).dim(-2);
        int width = call.shape(0).dim(-1);
        if (height % op.outputH() == 0 && width % op.outputW() == 0) {
            List<Long> window = List.of((long) height / op.outputH(), (long) width / op.outputW());
            return call.add("AveragePool", call.input(0), "kernel_shape", window, "strides", window);
        }
        DType type = call.spec(0).dtype();
        String rows = call.add("MatMul", List.of(averaging(op.outputH(), height, false, type, call), call.input(0)));
        return call.add("MatMul", List.of(rows, averaging(op.outputW(), width, true, type, call)));
    }

    /** Matrix that averages windows from floor(i · from / to) to ceil((i + 1) · from / to). */
    private static String averaging(int to, int from, boolean transposed, DType type, OnnxCall call) {
        double[] matrix = new double[to * from];
        for (int i = 0; i < to; i++) {
            int start = (int) ((long) i * from / to);
            int end = (int) (((long) (i + 1) * from + to - 1) / to);
            for (int j = start; j < end; j++) {
                matrix[transposed ? j * to + i : i * from + j] = 1.0 / (end - start);
            }
        }
        return call.constant((transposed ? Tensors.of(matrix, from, to) : Tensors.of(matrix, to, from)).to(type));
    }

    private static String interpolate(Interpolate op, OnnxCall call) {
        // A factor says where points lie, and a runtime would find another one from sizes that were rounded.
        double factor = op.factor();
        boolean rounded = factor != 0 && (op.height() != call.shape(0).dim(2) * factor
                || op.width() != call.shape(0).dim(3) * factor);
        List<String> inputs = rounded
                ? List.of(call.input(0), "", call.constant(Tensors.of((float) factor, (float) factor)))
                : List.of(call.input(0), "", "", call.integers(op.height(), op.width()));
        List<Long> axes = List.of(2L, 3L);
        if (op.mode() == Interpolate.Mode.NEAREST) {
            return nearest(op, call, inputs, axes);
        }
        String coordinates = op.alignCorners() ? "align_corners" : "half_pixel";
        if (op.mode() == Interpolate.Mode.BILINEAR) {
            return call.add("Resize", inputs, "axes", axes, "mode", "linear", "coordinate_transformation_mode",
                    coordinates);
        }
        return call.add("Resize", inputs, "axes", axes, "mode", "cubic", "coordinate_transformation_mode", coordinates,
                "cubic_coeff_a", -0.75f);
    }

    /** Runtimes divide by a scale in float32, which finds other elements where sizes do not divide each other. */
    private static String nearest(Interpolate op, OnnxCall call, List<String> inputs, List<Long> axes) {
        int height = call.shape(0).dim(2);
        int width = call.shape(0).dim(3);
        if (op.height() % height == 0 && op.width() % width == 0) {
            return call.add("Resize", inputs, "axes", axes, "mode", "nearest", "coordinate_transformation_mode",
                    "asymmetric", "nearest_mode", "floor");
        }
        String rows = call.add("Gather", List.of(call.input(0), places(op, height, op.height(), call)), "axis", 2L);
        return call.add("Gather", List.of(rows, places(op, width, op.width(), call)), "axis", 3L);
    }

    private static String places(Interpolate op, int from, int to, OnnxCall call) {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < to; i++) {
            places.add(Math.min(from - 1L, (long) Math.floor(op.factor() == 0 ? (double) i * from / to
                    : i / op.factor())));
        }
        return call.integers(places);
    }

    private static String pixelShuffle(PixelShuffle op, OnnxCall call) {
        long factor = op.factor();
        if (!op.inverse() && call.rank(0) == 4) {
            return call.add("DepthToSpace", call.input(0), "blocksize", factor, "mode", "CRD");
        }
        Shape in = call.shape(0);
        int lead = in.rank() - 3;
        long channels = in.dim(-3);
        long height = in.dim(-2);
        long width = in.dim(-1);
        List<Long> apart = op.inverse()
                ? List.of(channels, height / factor, factor, width / factor, factor)
                : List.of(channels / (factor * factor), factor, factor, height, width);
        List<Integer> order = op.inverse() ? List.of(0, 2, 4, 1, 3) : List.of(0, 3, 1, 4, 2);
        // Leading sizes, of which the batch size may be one, are taken from the input by 0.
        List<Long> shape = new ArrayList<>(OnnxOps.repeated(0, lead));
        shape.addAll(apart);
        List<Long> permutation = new ArrayList<>();
        for (long i = 0; i < lead; i++) {
            permutation.add(i);
        }
        order.forEach(axis -> permutation.add((long) axis + lead));
        String split = call.add("Reshape", List.of(call.input(0), call.integers(shape)));
        String moved = call.add("Transpose", split, "perm", permutation);
        return call.add("Reshape", List.of(moved, call.outputShapeForReshape()));
    }

    private static String pad(Pad op, OnnxCall call) {
        int rank = call.rank(0);
        Long[] sizes = OnnxOps.repeated(0, 2 * rank).toArray(Long[]::new);
        for (int i = 0; i < op.sizes().size() / 2; i++) {
            sizes[rank - 1 - i] = (long) op.sizes().get(2 * i);
            sizes[2 * rank - 1 - i] = (long) op.sizes().get(2 * i + 1);
        }
        String mode = switch (op.mode()) {
            case CONSTANT -> "constant";
            case REFLECT -> "reflect";
            case REPLICATE -> "edge";
            case CIRCULAR -> "wrap";
        };
        List<String> inputs = new ArrayList<>(List.of(call.input(0), call.integers(List.of(sizes))));
        if (op.mode() == Pad.Mode.CONSTANT) {
            inputs.add(call.scalar(op.value(), call.spec(0).dtype()));
        }
        return call.add("Pad", inputs, "mode", mode);
    }
}

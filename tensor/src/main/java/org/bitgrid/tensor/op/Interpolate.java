package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x (N, C, H, W) -> (N, C, height, width): the image at other points. The point i of the output lies at
 * (i + 0.5) · H / height - 0.5 of the input; with aligned corners at i · (H - 1) / (height - 1); nearest takes the
 * element floor(i · H / height). A factor that was given stands for height / H and width / W, from which it differs where
 * sizes were rounded. Rows and columns are independent, so each is one matrix product.
 *
 * @param alignCorners whether the outermost points coincide; not for nearest
 * @param factor       how much larger the image becomes, or 0 to go by the sizes
 */
public record Interpolate(int height, int width, Mode mode, boolean alignCorners, double factor)
        implements ComposedOp {
    /** Convolution kernel of the cubic mode: Keys' with a = -0.75. */
    private static final double CUBIC = -0.75;

    /** How values between points are found. */
    public enum Mode {
        /** The element below. */
        NEAREST,
        /** On the line between two. */
        BILINEAR,
        /** On a cubic through four; may overshoot. */
        BICUBIC;

        /** PyTorch's name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Interpolate {
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new ShapeException("interpolate", "factor must be positive, or 0 to go by the sizes; got " + factor);
        }
    }

    /** To a size. */
    public Interpolate(int height, int width, Mode mode, boolean alignCorners) {
        this(height, width, mode, alignCorners, 0);
    }

    /** To {@code factor} times the size of {@code shape} (N, C, H, W), rounded down. */
    public static Interpolate by(double factor, Shape shape, Mode mode, boolean alignCorners) {
        return new Interpolate((int) Math.floor(shape.dim(2) * factor), (int) Math.floor(shape.dim(3) * factor), mode,
                alignCorners, factor);
    }

    @Override
    public String name() {
        return "interpolate";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        Check.rank(name(), "input", x, 4);
        if (mode != Mode.NEAREST) {
            Check.floating(name(), "input", x);
        }
        if (mode == Mode.NEAREST && alignCorners) {
            throw new ShapeException(name(), "nearest knows no aligned corners; got mode nearest with alignCorners");
        }
        if (height < 1 || width < 1 || x.shape().dim(2) < 1 || x.shape().dim(3) < 1) {
            throw new ShapeException(name(), "sizes must be at least 1; got " + height + " x " + width + " from "
                    + x.shape());
        }
        return List.of(x.withShape(Shape.of(x.shape().dim(0), x.shape().dim(1), height, width)));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        int fromHeight = x.spec().shape().dim(2);
        int fromWidth = x.spec().shape().dim(3);
        if (mode == Mode.NEAREST) {
            Tensor rows = Dispatch.apply(new IndexSelect(2), x, nearest(fromHeight, height).to(x.device()));
            return new Tensor[] {Dispatch.apply(new IndexSelect(3), rows, nearest(fromWidth, width).to(x.device()))};
        }
        Tensor rows = weights(fromHeight, height, x.dtype()).to(x.device()).matmul(x);
        return new Tensor[] {rows.matmul(weights(fromWidth, width, x.dtype()).to(x.device()).transpose(0, 1))};
    }

    private Tensor nearest(int from, int to) {
        long[] index = new long[to];
        for (int i = 0; i < to; i++) {
            index[i] = Math.min(from - 1L, (long) Math.floor(factor == 0 ? (double) i * from / to : i / factor));
        }
        return Tensors.of(index, to);
    }

    /** Matrix (to, from): how much each element of a line counts at each point of the output. */
    private Tensor weights(int from, int to, DType type) {
        double[] weights = new double[to * from];
        for (int i = 0; i < to; i++) {
            double place = place(i, from, to);
            int below = (int) Math.floor(place);
            double part = place - below;
            if (mode == Mode.BILINEAR) {
                add(weights, i, from, below, 1 - part);
                add(weights, i, from, below + 1, part);
            } else {
                add(weights, i, from, below - 1, farther(part + 1));
                add(weights, i, from, below, nearer(part));
                add(weights, i, from, below + 1, nearer(1 - part));
                add(weights, i, from, below + 2, farther(2 - part));
            }
        }
        return Tensors.of(weights, to, from).to(type);
    }

    private double place(int i, int from, int to) {
        if (alignCorners) {
            return to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
        }
        double place = (factor == 0 ? (i + 0.5) * from / to : (i + 0.5) / factor) - 0.5;
        return mode == Mode.BILINEAR ? Math.max(0, place) : place;
    }

    /** Elements beyond the border are those at the border. */
    private static void add(double[] weights, int i, int from, int index, double weight) {
        weights[i * from + Math.max(0, Math.min(from - 1, index))] += weight;
    }

    private static double nearer(double x) {
        return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }

    private static double farther(double x) {
        return ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        Shape from = inputs.get(0).shape();
        long images = (long) from.dim(0) * from.dim(1);
        return mode == Mode.NEAREST ? 0
                : 2 * images * height * from.dim(3) * ((long) from.dim(2) + width);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return (long) inputs.get(0).shape().dim(2) + inputs.get(0).shape().dim(3);
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch.nn.functional.interpolate");
        call = (factor == 0 ? call.keyword("size", List.of(height, width)) : call.keyword("scale_factor", factor))
                .keyword("mode", mode.toString());
        return mode == Mode.NEAREST ? call : call.keyword("align_corners", alignCorners);
    }
}

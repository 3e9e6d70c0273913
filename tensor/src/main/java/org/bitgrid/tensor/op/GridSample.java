package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W), grid (N, Ho, Wo, 2) of places (x, y) -> (N, C, Ho, Wo): the image at those places. -1 and 1 are its
 * edges, or the middles of its outermost elements with aligned corners.
 *
 * @param mode    how values between elements are found
 * @param padding what lies outside
 */
public record GridSample(Mode mode, Padding padding, boolean alignCorners) implements ComposedOp {
    /** Convolution kernel of the cubic mode: Keys' with a = -0.75. */
    private static final double CUBIC = -0.75;

    /** How values between elements are found. */
    public enum Mode {
        BILINEAR, NEAREST, BICUBIC;

        /** PyTorch's name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What lies outside the image. */
    public enum Padding {
        /** Nothing. */
        ZEROS,
        /** The outermost element. */
        BORDER,
        /** The image mirrored, at its edges, or at its outermost elements with aligned corners. */
        REFLECTION;

        /** PyTorch's name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String name() {
        return "grid_sampler";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec x = inputs.get(0);
        TensorSpec grid = inputs.get(1);
        Check.floating(name(), "input", x);
        Check.sameType(name(), "input", x, "grid", grid);
        Check.rank(name(), "input", x, 4);
        Check.rank(name(), "grid", grid, 4);
        Shape shape = x.shape();
        Check.shape(name(), "grid", grid, Shape.of(shape.dim(0), grid.shape().dim(1), grid.shape().dim(2), 2));
        if (shape.dim(2) == 0 || shape.dim(3) == 0) {
            throw new ShapeException(name(), "input has no elements to sample; got " + shape);
        }
        return List.of(x.withShape(Shape.of(shape.dim(0), shape.dim(1), grid.shape().dim(1), grid.shape().dim(2))));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Shape shape = inputs[0].spec().shape();
        Shape grid = inputs[1].spec().shape();
        Tensor flat = inputs[0].flatten(2);
        Tensor column = place(inputs[1].select(3, 0), shape.dim(3)).reshape(grid.dim(0), 1, -1);
        Tensor row = place(inputs[1].select(3, 1), shape.dim(2)).reshape(grid.dim(0), 1, -1);
        Tensor y = switch (mode) {
            case NEAREST -> at(flat, shape, row.detach().round(), column.detach().round());
            case BILINEAR -> bilinear(flat, shape, row, column);
            case BICUBIC -> bicubic(flat, shape, row, column);
        };
        return new Tensor[] {y.reshape(shape.dim(0), shape.dim(1), grid.dim(1), grid.dim(2))};
    }

    /** Coordinates among the elements; all but the cubic mode move those outside at once. */
    private Tensor place(Tensor grid, int size) {
        Tensor place = alignCorners ? grid.add(1.0).mul((size - 1) / 2.0) : grid.add(1.0).mul(size).sub(1.0).div(2.0);
        return mode == Mode.BICUBIC ? place : inside(place, size);
    }

    private Tensor inside(Tensor place, int size) {
        return switch (padding) {
            case ZEROS -> place;
            case BORDER -> place.hardtanh(0, size - 1);
            case REFLECTION -> reflected(place, size).hardtanh(0, size - 1);
        };
    }

    private Tensor reflected(Tensor place, int size) {
        double least = alignCorners ? 0 : -0.5;
        double span = alignCorners ? size - 1 : size;
        if (span == 0) {
            return place.mul(0.0);
        }
        Tensor distance = place.sub(least).abs();
        Tensor rest = distance.fmod(span);
        Tensor even = distance.detach().div(span).floor().remainder(2.0).eq(0.0);
        return Where.apply(even, rest, rest.neg().add(span)).add(least);
    }

    /** Elements at whole coordinates (N, 1, P) of the flat image (N, C, H·W) -> (N, C, P). */
    private Tensor at(Tensor flat, Shape shape, Tensor row, Tensor column) {
        Tensor place = row.clamp(0, shape.dim(2) - 1).to(DType.INT64).mul(shape.dim(3))
                .add(column.clamp(0, shape.dim(3) - 1).to(DType.INT64));
        int points = row.spec().shape().dim(2);
        Tensor values = flat.gather(2, place.expand(shape.dim(0), shape.dim(1), points));
        if (padding != Padding.ZEROS) {
            return values;
        }
        Tensor outside = row.lt(0.0).logicalOr(row.gt(shape.dim(2) - 1.0))
                .logicalOr(column.lt(0.0).logicalOr(column.gt(shape.dim(3) - 1.0)));
        return values.maskedFill(outside, 0);
    }

    private Tensor bilinear(Tensor flat, Shape shape, Tensor row, Tensor column) {
        Tensor top = row.detach().floor();
        Tensor left = column.detach().floor();
        Tensor down = row.sub(top);
        Tensor right = column.sub(left);
        Tensor up = down.neg().add(1.0);
        Tensor back = right.neg().add(1.0);
        return at(flat, shape, top, left).mul(up.mul(back))
                .add(at(flat, shape, top, left.add(1.0)).mul(up.mul(right)))
                .add(at(flat, shape, top.add(1.0), left).mul(down.mul(back)))
                .add(at(flat, shape, top.add(1.0), left.add(1.0)).mul(down.mul(right)));
    }

    private Tensor bicubic(Tensor flat, Shape shape, Tensor row, Tensor column) {
        Tensor top = row.detach().floor();
        Tensor left = column.detach().floor();
        Tensor[] rowWeights = weights(row.sub(top));
        Tensor[] columnWeights = weights(column.sub(left));
        Tensor sum = null;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                Tensor value = at(flat, shape, inside(top.add(i - 1.0), shape.dim(2)),
                        inside(left.add(j - 1.0), shape.dim(3)));
                Tensor part = value.mul(rowWeights[i].mul(columnWeights[j]));
                sum = sum == null ? part : sum.add(part);
            }
        }
        return sum;
    }

    private static Tensor[] weights(Tensor part) {
        Tensor rest = part.neg().add(1.0);
        return new Tensor[] {farther(part.add(1.0)), nearer(part), nearer(rest), farther(rest.add(1.0))};
    }

    private static Tensor nearer(Tensor x) {
        return x.mul(CUBIC + 2).sub(CUBIC + 3).mul(x).mul(x).add(1.0);
    }

    private static Tensor farther(Tensor x) {
        return x.mul(CUBIC).sub(5 * CUBIC).mul(x).add(8 * CUBIC).mul(x).sub(4 * CUBIC);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        int elements = mode == Mode.NEAREST ? 1 : mode == Mode.BILINEAR ? 4 : 16;
        return 2 * elements * infer(inputs).get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return mode == Mode.NEAREST ? 1 : mode == Mode.BILINEAR ? 4 : 16;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.grid_sample").keyword("mode", mode.toString())
                .keyword("padding_mode", padding.toString()).keyword("align_corners", alignCorners);
    }
}

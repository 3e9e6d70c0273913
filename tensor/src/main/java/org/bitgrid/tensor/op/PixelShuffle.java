package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…, C·r², H, W) -> (…, C, H·r, W·r): channels become pixels (Shi et al., 2016); or the other way round.
 *
 * @param factor  r
 * @param inverse whether pixels become channels: (…, C, H·r, W·r) -> (…, C·r², H, W)
 */
public record PixelShuffle(int factor, boolean inverse) implements ComposedOp {
    @Override
    public String name() {
        return inverse ? "pixel_unshuffle" : "pixel_shuffle";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Shape shape = inputs.get(0).shape();
        if (shape.rank() < 3 || factor < 1) {
            throw new ShapeException(name(), "needs (…, C, H, W) and a factor of at least 1; got " + shape + " and "
                    + factor);
        }
        int square = factor * factor;
        boolean fits = inverse ? shape.dim(-2) % factor == 0 && shape.dim(-1) % factor == 0
                : shape.dim(-3) % square == 0;
        if (!fits) {
            throw new ShapeException(name(), (inverse ? "height and width must be multiples of " + factor
                    : "channels must be a multiple of " + square) + "; got " + shape);
        }
        Shape lead = shape.slice(0, shape.rank() - 3);
        return List.of(inputs.get(0).withShape(lead.concat(inverse
                ? Shape.of(shape.dim(-3) * square, shape.dim(-2) / factor, shape.dim(-1) / factor)
                : Shape.of(shape.dim(-3) / square, shape.dim(-2) * factor, shape.dim(-1) * factor))));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Shape shape = inputs[0].spec().shape();
        Shape target = infer(List.of(inputs[0].spec())).get(0).shape();
        int rows = (int) shape.slice(0, shape.rank() - 3).numel();
        Tensor moved;
        if (inverse) {
            moved = inputs[0].reshape(rows, shape.dim(-3), target.dim(-2), factor, target.dim(-1), factor)
                    .permute(0, 1, 3, 5, 2, 4);
        } else {
            moved = inputs[0].reshape(rows, target.dim(-3), factor, factor, shape.dim(-2), shape.dim(-1))
                    .permute(0, 1, 4, 2, 5, 3);
        }
        return new Tensor[] {moved.reshape(target.toArray())};
    }

    @Override
    public boolean movesDataOnly() {
        return true;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch." + name()).with(factor);
    }
}

package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Expand;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.Flip;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.Permute;
import org.bitgrid.tensor.op.PixelShuffle;
import org.bitgrid.tensor.op.Repeat;
import org.bitgrid.tensor.op.Reshape;
import org.bitgrid.tensor.op.Roll;
import org.bitgrid.tensor.op.Slice;
import org.bitgrid.tensor.op.Squeeze;
import org.bitgrid.tensor.op.Transpose;
import org.bitgrid.tensor.op.Unsqueeze;

/** Samples of operators that place or select elements by their position. */
final class ShapeSamples {
    private ShapeSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        views(samples);
        slices(samples);
        joins(samples);
        rearrangements(samples);
        return samples;
    }

    private static void views(List<OpSample> samples) {
        samples.add(OpSample.one("reshape", Reshape.of(false, 3, -1), rng -> Inputs.floats(rng, 2, 3))
                .refuses(() -> Reshape.of(false, 4, -1), ShapeException.class, "reshape: cannot view \\(2, 3\\) = 6 "
                        + "elements as \\(4, -1\\): 6 is not divisible by 4", Tensors.ones(2, 3))
                .refuses(() -> Reshape.of(false, -1, -1), ShapeException.class, "reshape: sizes must be positive, at "
                        + "most one of them -1; got \\[-1, -1\\]", Tensors.ones(2, 3))
                .refuses(() -> Reshape.of(false, 0, -1), ShapeException.class, "reshape: .*-1 is ambiguous beside a "
                        + "size of 0", Tensors.ones(0, 3)));
        samples.add(OpSample.one("reshape to a number", Reshape.of(false), rng -> Inputs.floats(rng, 1, 1)));
        samples.add(OpSample.one("view", Reshape.of(true, 6), rng -> Inputs.floats(rng, 2, 3))
                .refuses(ShapeException.class, "view: .*", Tensors.ones(4)));
        samples.add(OpSample.one("flatten", new Flatten(0, -1), rng -> Inputs.floats(rng, 2, 3, 4))
                .refuses(() -> new Flatten(2, 1), ShapeException.class, "flatten: first dimension must not come after "
                        + "the last; got 2 and 1 for shape \\(1, 2, 3\\)", Tensors.ones(1, 2, 3)));
        samples.add(OpSample.one("flatten the middle", new Flatten(1, 2), rng -> Inputs.floats(rng, 2, 3, 4, 1)));
        samples.add(OpSample.one("flatten a number", new Flatten(0, -1), rng -> Inputs.floats(rng)));
        samples.add(OpSample.one("permute", new Permute(List.of(2, 0, 1)), rng -> Inputs.floats(rng, 2, 3, 4))
                .refuses(ShapeException.class, "permute: got 3 dimensions \\[2, 0, 1\\] for shape \\(2, 3\\); expected "
                        + "2", Tensors.ones(2, 3))
                .refuses(() -> new Permute(List.of(0, -2)), ShapeException.class, "permute: dimension 0 is named twice; "
                        + "got \\[0, -2\\]", Tensors.ones(2, 3)));
        samples.add(OpSample.one("transpose", new Transpose(0, 2), rng -> Inputs.floats(rng, 2, 3, 4))
                .refuses(ShapeException.class, "transpose: dimension out of range; got 2 for shape \\(2, 3\\); "
                        + "expected -2 to 1", Tensors.ones(2, 3)));
        samples.add(OpSample.one("expand", Expand.of(2, 4, -1), rng -> Inputs.floats(rng, 1, 3))
                .refuses(ShapeException.class, "expand: cannot expand \\(2, 3\\) to \\(2, 4, -1\\); expected equal "
                        + "sizes, -1, or a size of 1 in the input", Tensors.ones(2, 3)));
        samples.add(OpSample.one("expand a number", Expand.of(2, 3), rng -> Inputs.floats(rng)));
        samples.add(OpSample.one("squeeze", new Squeeze(1), rng -> Inputs.floats(rng, 2, 1, 3))
                .refuses(ShapeException.class, "squeeze: dimension out of range; got 1 for shape \\(1,\\); .*",
                        Tensors.ones(1)));
        samples.add(OpSample.one("squeeze nothing", new Squeeze(0), rng -> Inputs.floats(rng, 2, 3)));
        samples.add(OpSample.one("unsqueeze", new Unsqueeze(1), rng -> Inputs.floats(rng, 2, 3))
                .refuses(() -> new Unsqueeze(3), ShapeException.class, "unsqueeze: dimension out of range; got 3 for "
                        + "shape \\(2,\\); expected -2 to 1", Tensors.ones(2)));
    }

    private static void slices(List<OpSample> samples) {
        samples.add(OpSample.one("slice", new Slice(1, 1, 4, 1), rng -> Inputs.floats(rng, 2, 5, 3))
                .refuses(ShapeException.class, "slice: a tensor without dimensions cannot be sliced; got \\(\\)",
                        Tensors.scalar(1))
                .refuses(() -> new Slice(0, 0, 2, 0), ShapeException.class, "slice: step must be positive; got 0",
                        Tensors.ones(2)));
        samples.add(OpSample.one("slice with a step", new Slice(0, 0, 5, 2), rng -> Inputs.floats(rng, 5, 2)));
        samples.add(OpSample.one("slice counted from the end", new Slice(-1, -3, Long.MAX_VALUE, 2),
                rng -> Inputs.floats(rng, 2, 7)));
        samples.add(OpSample.one("slice of nothing", new Slice(0, 3, 1, 1), rng -> Inputs.floats(rng, 5, 2)));
        samples.add(OpSample.one("slice gradient", new Slice.Grad(new Slice(1, 1, 4, 2), Shape.of(3, 5)),
                rng -> Inputs.floats(rng, 3, 2))
                .refuses(ShapeException.class, "slice_grad: gradient has the wrong shape; got \\(3, 3\\); expected "
                        + "\\(3, 2\\)", Tensors.ones(3, 3)));
    }

    private static void joins(List<OpSample> samples) {
        samples.add(OpSample.of("cat", new Cat(1), rng -> new Tensor[] {Inputs.floats(rng, 2, 3),
            Inputs.floats(rng, 2, 1), Inputs.floats(rng, 2, 4)})
                .refuses(ShapeException.class, "cat: got no tensors; expected at least one")
                .refuses(ShapeException.class, "cat: all sizes but that of dimension 1 must agree; got \\(2, 3\\) and "
                        + "\\(3, 3\\)", Tensors.ones(2, 3), Tensors.ones(3, 3))
                .refuses(DTypeException.class, "cat: tensor 0 and tensor 1 must have one type; got float32 and int64; "
                        + ".*", Tensors.ones(2, 1), Tensors.arange(2).unsqueeze(1))
                .refuses(() -> new Cat(0), ShapeException.class, "cat: tensors without dimensions cannot be joined; use "
                        + "stack", Tensors.scalar(1), Tensors.scalar(2)));
        samples.add(OpSample.of("cat of integers along the first dimension", new Cat(0), rng -> new Tensor[] {
            Inputs.integers(rng, DType.INT64, 2, 3), Inputs.integers(rng, DType.INT64, 1, 3)}));
        samples.add(OpSample.of("cat of one", new Cat(-1), rng -> new Tensor[] {Inputs.floats(rng, 2, 3)}));
        samples.add(OpSample.one("repeat", new Repeat(List.of(2, 1, 3)), rng -> Inputs.floats(rng, 2, 3))
                .refuses(ShapeException.class, "repeat: needs a count of at least 0 for every dimension; got \\[2, 1, "
                        + "3\\] for \\(1, 1, 1, 1\\)", Tensors.ones(1, 1, 1, 1)));
        samples.add(OpSample.one("repeat 0 times", new Repeat(List.of(0, 2)), rng -> Inputs.floats(rng, 2, 3)));
    }

    private static void rearrangements(List<OpSample> samples) {
        samples.add(OpSample.one("flip", new Flip(List.of(0, -1)), rng -> Inputs.floats(rng, 2, 3, 4))
                .refuses(ShapeException.class, "(flip|sum): dimension 0 is named twice; got \\[0, -1\\]",
                        Tensors.ones(2)));
        samples.add(OpSample.one("roll", new Roll(List.of(1, -2), List.of(0, 1)), rng -> Inputs.floats(rng, 2, 5))
                .refuses(() -> new Roll(List.of(1), List.of(0, 1)), ShapeException.class, "roll: needs one dimension "
                        + "for each shift; .*", Tensors.ones(2, 3)));
        samples.add(OpSample.one("roll by more than the size", new Roll(List.of(7), List.of(0)),
                rng -> Inputs.floats(rng, 3, 2)));
        for (Pad.Mode mode : Pad.Mode.values()) {
            samples.add(OpSample.one("pad " + mode, new Pad(List.of(2, 1, 0, 1), mode, 1.5),
                    rng -> Inputs.floats(rng, 2, 3, 4))
                    .refuses(() -> new Pad(List.of(1), mode, 0), ShapeException.class, "pad: needs two sizes for each "
                            + "padded dimension; got \\[1\\] for \\(2,\\)", Tensors.ones(2)));
        }
        samples.add(OpSample.one("pad that cuts off", new Pad(List.of(-1, 2), Pad.Mode.CONSTANT, 0),
                rng -> Inputs.floats(rng, 2, 3))
                .refuses(() -> new Pad(List.of(2, 0), Pad.Mode.REFLECT, 0), ShapeException.class, "pad: reflect padding "
                        + "of dimension 0 of size 2 is out of range; got 2; expected 0 to 1", Tensors.ones(2))
                .refuses(() -> new Pad(List.of(-1, -2), Pad.Mode.CONSTANT, 0), ShapeException.class, "pad: nothing is "
                        + "left of dimension 0 of size 2; got -1 and -2", Tensors.ones(2)));
        samples.add(OpSample.one("pixel shuffle", new PixelShuffle(2, false), rng -> Inputs.floats(rng, 1, 8, 2, 3))
                .refuses(ShapeException.class, "pixel_shuffle: channels must be a multiple of 4; got \\(1, 3, 2, 2\\)",
                        Tensors.ones(1, 3, 2, 2)));
        samples.add(OpSample.one("pixel unshuffle", new PixelShuffle(2, true), rng -> Inputs.floats(rng, 1, 3, 4, 6))
                .refuses(ShapeException.class, "pixel_unshuffle: height and width must be multiples of 2; got \\(1, 3, "
                        + "2, 3\\)", Tensors.ones(1, 3, 2, 3)));
    }
}

package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AdaptiveMaxPool2d;
import org.bitgrid.tensor.op.Conv3d;
import org.bitgrid.tensor.op.ConvTranspose1d;
import org.bitgrid.tensor.op.ConvTranspose3d;
import org.bitgrid.tensor.op.GridSample;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.Unfold;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.op.Window3d;

/** Samples of operators on volumes, and of windows and grids over images. */
final class WindowSamples {
    private WindowSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        convolutions(samples);
        samples.add(OpSample.one("adaptive max pool", new AdaptiveMaxPool2d(3, 2), rng -> Inputs.floats(rng, 2, 1, 7, 5))
                .refuses(() -> new AdaptiveMaxPool2d(0, 1), ShapeException.class, "adaptive_max_pool2d: output size "
                        + "must be at least 1; got \\(0, 1\\)", Tensors.ones(1, 1, 2, 2))
                .refuses(ShapeException.class, "adaptive_max_pool2d: input must have 4 dimensions; .*",
                        Tensors.ones(2, 3)));
        Window2d uneven = new Window2d(2, 3, 2, 1, 1, 0, 1, 2);
        samples.add(OpSample.one("unfold", new Unfold(uneven), rng -> Inputs.floats(rng, 2, 3, 4, 7))
                .refuses(ShapeException.class, "unfold: window does not fit the input's width; .*",
                        Tensors.ones(1, 1, 4, 4)));
        samples.add(OpSample.one("fold", new Unfold.Fold(4, 7, uneven), rng -> Inputs.floats(rng, 2, 12, 9))
                .refuses(ShapeException.class, "fold: columns must hold windows of 6 elements for each channel; .*",
                        Tensors.ones(1, 5, 9))
                .refuses(ShapeException.class, "fold: columns has the wrong shape; .*", Tensors.ones(1, 6, 8)));
        for (Interpolate.Mode mode : Interpolate.Mode.values()) {
            samples.add(OpSample.one("interpolate by a factor " + mode, new Interpolate(6, 10, mode, false, 1.4),
                    rng -> Inputs.floats(rng, 2, 3, 4, 7))
                    .roundings(64, "weights are rounded, and the product of each dimension"));
        }
        for (GridSample.Mode mode : GridSample.Mode.values()) {
            for (GridSample.Padding padding : GridSample.Padding.values()) {
                grid(samples, new GridSample(mode, padding, padding == GridSample.Padding.BORDER));
            }
        }
        grid(samples, new GridSample(GridSample.Mode.BILINEAR, GridSample.Padding.REFLECTION, true));
        return samples;
    }

    private static void grid(List<OpSample> samples, GridSample op) {
        OpSample sample = OpSample.of("grid sample " + op.mode() + " " + op.padding() + " " + op.alignCorners(), op,
                rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4, 5), Inputs.between(rng, -1.4, 1.4, 2, 2, 3, 2)})
                .roundings(64, "coordinates and weights are rounded before they are multiplied")
                .magnitude(Magnitude.CONDITION)
                .refuses(ShapeException.class, "grid_sampler: grid has the wrong shape; .*", Tensors.ones(1, 1, 2, 2),
                        Tensors.ones(1, 2, 2, 3))
                .refuses(DTypeException.class, "grid_sampler: input and grid must have one type; .*",
                        Tensors.ones(1, 1, 2, 2), Tensors.ones(1, 2, 2, 2).to(DType.FLOAT64));
        samples.add(op.mode() == GridSample.Mode.NEAREST ? sample.constant(1) : sample);
    }

    private static void convolutions(List<OpSample> samples) {
        Window3d window = new Window3d(2, 2, 1, 1, new Window2d(3, 2, 1, 2, 1, 0, 1, 2));
        samples.add(OpSample.of("conv3d", new Conv3d(window, 1), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 4, 5, 6), Inputs.floats(rng, 4, 3, 2, 3, 2), Inputs.floats(rng, 4)})
                .magnitude(Magnitude.ABSOLUTE)
                .refuses(ShapeException.class, "conv3d: weight has the wrong shape; .*", Tensors.ones(1, 1, 4, 4, 4),
                        Tensors.ones(1, 1, 2, 2, 2))
                .refuses(ShapeException.class, "conv2d: input has 2 channels but weight expects 1 .*",
                        Tensors.ones(1, 2, 4, 4, 4), Tensors.ones(1, 1, 2, 3, 2)));
        samples.add(OpSample.of("conv3d, groups, dilated, no bias", new Conv3d(Window3d.cube(2, 1, 0, 2), 2),
                rng -> new Tensor[] {Inputs.floats(rng, 1, 4, 5, 3, 3), Inputs.floats(rng, 6, 2, 2, 2, 2)})
                .magnitude(Magnitude.ABSOLUTE));
        samples.add(OpSample.of("conv transpose 1d", new ConvTranspose1d(3, 1, 2, 2, 2), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 4, 5), Inputs.floats(rng, 4, 3, 2), Inputs.floats(rng, 6)})
                .magnitude(Magnitude.ABSOLUTE)
                .refuses(ShapeException.class, "conv_transpose1d: input must have 3 dimensions; .*",
                        Tensors.ones(1, 4), Tensors.ones(4, 3, 2)));
        samples.add(OpSample.of("conv transpose 3d", new ConvTranspose3d(window, 1, 0, 1, 1), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 4, 3, 2), Inputs.floats(rng, 3, 5, 2, 3, 2), Inputs.floats(rng, 5)})
                .magnitude(Magnitude.ABSOLUTE)
                .refuses(() -> new ConvTranspose3d(window, 2, 0, 0, 1), ShapeException.class, "conv_transpose3d: output "
                        + "padding must be less than the stride; got 2 for stride 2 in depth",
                        Tensors.ones(1, 1, 2, 2, 2), Tensors.ones(1, 1, 2, 3, 2)));
        samples.add(OpSample.of("conv transpose 3d, groups, dilated", new ConvTranspose3d(Window3d.cube(2, 1, 1, 2), 0,
                0, 0, 2), rng -> new Tensor[] {Inputs.floats(rng, 1, 4, 3, 3, 3), Inputs.floats(rng, 4, 3, 2, 2, 2)})
                .magnitude(Magnitude.ABSOLUTE));
    }
}

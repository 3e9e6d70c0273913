package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.GroupNorm;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.RmsNorm;
import org.bitgrid.tensor.op.Softmax;

/** Samples of normalisations. */
final class NormSamples {
    private static final double EPSILON = 1e-5;
    private static final double NORM_ROUNDINGS = 10;
    private static final String NORM = "mean, difference, square, variance, epsilon, root, quotient, scale and shift, "
            + "and one for the mean that the variance is taken around";

    private NormSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        batchNorm(samples);
        layerNorm(samples);
        otherNorms(samples);
        softmax(samples);
        return samples;
    }

    private static void batchNorm(List<OpSample> samples) {
        samples.add(OpSample.of("batch norm in training", new BatchNorm(true, true, true, 0.1, EPSILON),
                rng -> new Tensor[] {Inputs.floats(rng, 3, 2, 2, 4), Inputs.floats(rng, 2), Inputs.floats(rng, 2),
                    Inputs.floats(rng, 2), Inputs.positive(rng, 2)}).roundings(NORM_ROUNDINGS, NORM)
                .refuses(ShapeException.class, "batch_norm: weight has the wrong shape; got \\(2,\\); expected "
                        + "\\(3,\\)", Tensors.ones(4, 3), Tensors.ones(2), Tensors.ones(3), Tensors.ones(3),
                        Tensors.ones(3))
                .refuses(ShapeException.class, "batch_norm: training needs more than one value for each channel; got "
                        + "\\(1, 3\\); use a larger batch or eval\\(\\)", Tensors.ones(1, 3), Tensors.ones(3),
                        Tensors.ones(3), Tensors.ones(3), Tensors.ones(3))
                .refuses(ShapeException.class, "batch_norm: input must have at least 2 dimensions \\(N, C, …\\); got "
                        + "\\(3,\\)", Tensors.ones(3), Tensors.ones(3), Tensors.ones(3), Tensors.ones(3),
                        Tensors.ones(3))
                .refuses(ShapeException.class, "batch_norm: got 1 tensors; expected 5", Tensors.ones(4, 3))
                .refuses(() -> new BatchNorm(false, true, false, 0.1, EPSILON), ShapeException.class, "batch_norm: "
                        + "evaluation needs running statistics; train, or pass them"));
        samples.add(OpSample.of("batch norm in training, plain, vectors", new BatchNorm(true, false, false, 0.1,
                EPSILON), rng -> new Tensor[] {Inputs.floats(rng, 4, 3)}).roundings(NORM_ROUNDINGS, NORM));
        samples.add(OpSample.of("batch norm in evaluation", new BatchNorm(false, true, true, 0.1, EPSILON),
                rng -> new Tensor[] {Inputs.floats(rng, 3, 2, 2, 4), Inputs.floats(rng, 2), Inputs.floats(rng, 2),
                    Inputs.floats(rng, 2), Inputs.positive(rng, 2)}).roundings(NORM_ROUNDINGS, NORM));
        samples.add(OpSample.of("batch norm in evaluation, plain", new BatchNorm(false, false, true, 0.1, EPSILON),
                rng -> new Tensor[] {Inputs.floats(rng, 3, 2, 5), Inputs.floats(rng, 2), Inputs.positive(rng, 2)})
                .roundings(NORM_ROUNDINGS, NORM));
        for (boolean affine : new boolean[] {true, false}) {
            samples.add(OpSample.of("batch norm input gradient" + (affine ? "" : ", plain"),
                    new BatchNorm.InputGrad(affine), rng -> {
                        Tensor[] five = {Inputs.floats(rng, 3, 2, 4), Inputs.floats(rng, 3, 2, 4),
                            Inputs.floats(rng, 2), Inputs.positive(rng, 2), Inputs.floats(rng, 2)};
                        return affine ? five : Arrays.copyOf(five, 4);
                    }).roundings(NORM_ROUNDINGS, NORM)
                    .refuses(ShapeException.class, "batch_norm_input_grad: got 1 tensors; expected " + (affine ? 5 : 4),
                            Tensors.ones(3, 2)));
        }
    }

    private static void layerNorm(List<OpSample> samples) {
        samples.add(OpSample.of("layer norm", new LayerNorm(Shape.of(3, 4), EPSILON), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 4), Inputs.floats(rng, 3, 4), Inputs.floats(rng, 3, 4)})
                .roundings(NORM_ROUNDINGS, NORM)
                .refuses(ShapeException.class, "layer_norm: input must end in the normalized shape; got \\(2, 4\\); "
                        + "expected \\(…\\) followed by \\(3, 4\\)", Tensors.ones(2, 4))
                .refuses(ShapeException.class, "layer_norm: weight has the wrong shape; got \\(4,\\); expected "
                        + "\\(3, 4\\)", Tensors.ones(2, 3, 4), Tensors.ones(4))
                .refuses(DTypeException.class, "layer_norm: input must be floating point; .*", Tensors.arange(12)
                        .reshape(3, 4)));
        samples.add(OpSample.of("layer norm, no bias", new LayerNorm(Shape.of(5), EPSILON), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 5), Inputs.floats(rng, 5)}).roundings(NORM_ROUNDINGS, NORM));
        samples.add(OpSample.one("layer norm, plain", new LayerNorm(Shape.of(5), EPSILON),
                rng -> Inputs.floats(rng, 2, 5)).roundings(NORM_ROUNDINGS, NORM));
        for (boolean affine : new boolean[] {true, false}) {
            samples.add(OpSample.of("layer norm input gradient" + (affine ? "" : ", plain"),
                    new LayerNorm.InputGrad(Shape.of(5), affine), rng -> {
                        Tensor[] five = {Inputs.floats(rng, 3, 5), Inputs.floats(rng, 3, 5), Inputs.floats(rng, 3),
                            Inputs.positive(rng, 3), Inputs.floats(rng, 5)};
                        return affine ? five : Arrays.copyOf(five, 4);
                    }).roundings(NORM_ROUNDINGS, NORM)
                    .refuses(ShapeException.class, "layer_norm_input_grad: got 1 tensors; expected " + (affine ? 5 : 4),
                            Tensors.ones(3, 5))
                    .refuses(() -> new LayerNorm.InputGrad(Shape.of(5), false), ShapeException.class,
                            "layer_norm_input_grad: input must end in the normalized shape; .*", Tensors.ones(3, 4),
                            Tensors.ones(3, 4), Tensors.ones(3), Tensors.ones(3)));
        }
    }

    private static void otherNorms(List<OpSample> samples) {
        samples.add(OpSample.of("group norm", new GroupNorm(2, EPSILON, false), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 4, 3), Inputs.floats(rng, 4), Inputs.floats(rng, 4)}).roundings(NORM_ROUNDINGS, NORM)
                .refuses(ShapeException.class, "group_norm: groups must divide the channels; got 2 groups and 3 "
                        + "channels", Tensors.ones(2, 3))
                .refuses(ShapeException.class, "group_norm: input must be \\(N, C, …\\); got \\(3,\\)",
                        Tensors.ones(3)));
        samples.add(OpSample.of("instance norm", new GroupNorm(0, EPSILON, true), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 5)}).roundings(NORM_ROUNDINGS, NORM));
        samples.add(OpSample.of("rms norm", new RmsNorm(Shape.of(5), EPSILON), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 5), Inputs.floats(rng, 5)}).roundings(NORM_ROUNDINGS, NORM)
                .refuses(ShapeException.class, "rms_norm: input must end in the normalized shape; got \\(2, 4\\).*",
                        Tensors.ones(2, 4)));
    }

    private static void softmax(List<OpSample> samples) {
        String exponential = "difference, exponential of 4 and quotient";
        for (int axis : new int[] {0, 1, 2}) {
            samples.add(OpSample.one("softmax along " + axis, new Softmax(axis), rng -> Inputs.floats(rng, 2, 3, 4))
                    .roundings(6, exponential)
                    .refuses(() -> new Softmax(3), ShapeException.class, "softmax: dimension out of range; got 3 for "
                            + "shape \\(2, 3\\); expected -2 to 1", Tensors.ones(2, 3))
                    .refuses(DTypeException.class, "softmax: input must be floating point; got int64; .*",
                            Tensors.arange(2)));
            // The logarithm's argument may lie near 1, where its result is smaller than what it is subtracted from.
            samples.add(OpSample.one("log softmax along " + axis, new LogSoftmax(axis),
                    rng -> Inputs.floats(rng, 2, 3, 4)).roundings(10, exponential + ", logarithm of 4")
                    .refuses(DTypeException.class, "log_softmax: input must be floating point; got int64; .*",
                            Tensors.arange(2)));
        }
        samples.add(OpSample.one("softmax of a number", new Softmax(0), rng -> Inputs.floats(rng))
                .roundings(6, exponential));
        samples.add(OpSample.one("softmax of large numbers", new Softmax(1), rng -> Inputs.between(rng, 900, 1000, 2, 5))
                .roundings(6, exponential).notDifferentiable("checked on another sample"));
        samples.add(OpSample.of("softmax input gradient", new Softmax.InputGrad(1), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 5, 3), Inputs.positive(rng, 2, 5, 3)}).roundings(2, "difference and product")
                .refuses(ShapeException.class, "softmax_input_grad: output has the wrong shape; .*",
                        Tensors.ones(2, 3), Tensors.ones(3)));
        samples.add(OpSample.of("log softmax input gradient", new LogSoftmax.InputGrad(1), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 5, 3), Inputs.between(rng, -3, -0.1, 2, 5, 3)})
                .roundings(6, "exponential of 4, product and difference")
                .refuses(ShapeException.class, "log_softmax_input_grad: output has the wrong shape; .*",
                        Tensors.ones(2, 3), Tensors.ones(3)));
    }
}

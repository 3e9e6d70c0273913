package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W), weight (C, K/groups, R, S), optional bias (K) -> (N, K, Ho, Wo), Ho = (H - 1)·strideH - 2·padH +
 * dilationH·(R - 1) + outputPaddingH + 1: what a {@link Conv2d} of the same window does to gradients.
 *
 * @param window         of the convolution that leads from the output's size to the input's
 * @param outputPaddingH rows of the output that this convolution would leave unused; less than the stride
 * @param outputPaddingW columns, likewise
 */
public record ConvTranspose2d(Window2d window, int outputPaddingH, int outputPaddingW, int groups)
        implements ComposedOp {
    @Override
    public String name() {
        return "conv_transpose2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        TensorSpec x = inputs.get(0);
        TensorSpec weight = inputs.get(1);
        Check.floating(name(), "input", x);
        Check.rank(name(), "input", x, 4);
        Check.rank(name(), "weight", weight, 4);
        Check.sameType(name(), "input", x, "weight", weight);
        int channels = x.shape().dim(1);
        if (groups < 1 || channels % groups != 0) {
            throw new ShapeException(name(), "groups must divide the input channels; got " + groups + " groups and "
                    + channels + " channels");
        }
        Check.shape(name(), "weight", weight, Shape.of(channels, weight.shape().dim(1), window.kernelH(),
                window.kernelW()));
        if (outputPaddingH < 0 || outputPaddingH >= window.strideH() || outputPaddingW < 0
                || outputPaddingW >= window.strideW()) {
            throw new ShapeException(name(), "output padding must be less than the stride; got (" + outputPaddingH
                    + ", " + outputPaddingW + ") for strides (" + window.strideH() + ", " + window.strideW() + ")");
        }
        int filters = weight.shape().dim(1) * groups;
        if (inputs.size() == 3) {
            Check.shape(name(), "bias", inputs.get(2), Shape.of(filters));
            Check.sameType(name(), "input", x, "bias", inputs.get(2));
        }
        int height = height(x.shape());
        int width = width(x.shape());
        if (height < 1 || width < 1) {
            throw new ShapeException(name(), "output would be empty; got " + height + " x " + width + " from "
                    + x.shape());
        }
        return List.of(x.withShape(Shape.of(x.shape().dim(0), filters, height, width)));
    }

    private int height(Shape x) {
        return (x.dim(2) - 1) * window.strideH() - 2 * window.padH() + window.dilationH() * (window.kernelH() - 1)
                + outputPaddingH + 1;
    }

    private int width(Shape x) {
        return (x.dim(3) - 1) * window.strideW() - 2 * window.padW() + window.dilationW() * (window.kernelW() - 1)
                + outputPaddingW + 1;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Shape x = inputs[0].spec().shape();
        Tensor y = Dispatch.apply(new Conv2d.InputGrad(window, groups, height(x), width(x)), inputs[0], inputs[1]);
        return new Tensor[] {inputs.length == 2 ? y : y.add(inputs[2].reshape(1, -1, 1, 1))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        Shape weight = inputs.get(1).shape();
        return 2 * inputs.get(0).shape().numel() * weight.dim(1) * weight.dim(2) * weight.dim(3);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape weight = inputs.get(1).shape();
        return (long) weight.dim(0) / groups * weight.dim(2) * weight.dim(3) + 1;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.conv_transpose2d")
                .keyword("stride", List.of(window.strideH(), window.strideW()))
                .keyword("padding", List.of(window.padH(), window.padW()))
                .keyword("output_padding", List.of(outputPaddingH, outputPaddingW)).keyword("groups", groups)
                .keyword("dilation", List.of(window.dilationH(), window.dilationW()));
    }
}

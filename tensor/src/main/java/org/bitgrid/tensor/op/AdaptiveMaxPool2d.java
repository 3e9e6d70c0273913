package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W) -> largest element of each of the windows of {@link AdaptiveAvgPool2d} (N, C, outputH, outputW), and
 * its place h · W + w (INT64, same shape). Of equal elements the first wins, NaN wins over everything.
 */
public record AdaptiveMaxPool2d(int outputH, int outputW) implements Op {
    @Override
    public String name() {
        return "adaptive_max_pool2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec y = inputs.get(0).withShape(AdaptiveAvgPool2d.pooled(name(), inputs.get(0), outputH, outputW));
        return List.of(y, y.withDType(DType.INT64));
    }

    @Override
    public boolean returnsFirstOnly() {
        return true;
    }

    @Override
    public Reads reads() {
        return Reads.outputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        return new Tensor[] {Dispatch.apply(new MaxPool2d.InputGrad(shape.dim(2), shape.dim(3)),
                context.gradOutput(), context.output(1))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return infer(inputs).get(0).shape().numel() * new AdaptiveAvgPool2d(outputH, outputW).reductionLength(inputs);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.adaptive_max_pool2d").with(List.of(outputH, outputW))
                .keyword("return_indices", false);
    }
}

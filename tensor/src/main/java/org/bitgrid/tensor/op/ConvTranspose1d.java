package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, L), weight (C, K/groups, R), optional bias (K) -> (N, K, Lo), Lo = (L - 1)·stride - 2·padding +
 * dilation·(R - 1) + outputPadding + 1: a {@link ConvTranspose2d} of height 1.
 */
public record ConvTranspose1d(int stride, int padding, int outputPadding, int dilation, int groups)
        implements ComposedOp {
    @Override
    public String name() {
        return "conv_transpose1d";
    }

    private ConvTranspose2d flat(TensorSpec weight) {
        return new ConvTranspose2d(new Window2d(1, weight.shape().dim(2), 1, stride, 0, padding, 1, dilation), 0,
                outputPadding, groups);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        Check.rank(name(), "input", inputs.get(0), 3);
        Check.rank(name(), "weight", inputs.get(1), 3);
        TensorSpec out = flat(inputs.get(1)).infer(high(inputs)).get(0);
        return List.of(out.withShape(out.shape().without(2)));
    }

    private static List<TensorSpec> high(List<TensorSpec> inputs) {
        List<TensorSpec> high = new ArrayList<>(inputs);
        for (int i = 0; i < 2; i++) {
            Shape shape = inputs.get(i).shape();
            high.set(i, inputs.get(i).withShape(Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2))));
        }
        return high;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor[] high = inputs.clone();
        high[0] = inputs[0].unsqueeze(2);
        high[1] = inputs[1].unsqueeze(2);
        return new Tensor[] {Dispatch.apply(flat(inputs[1].spec()), high).squeeze(2)};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return flat(inputs.get(1)).flops(high(inputs));
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return flat(inputs.get(1)).reductionLength(high(inputs));
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.conv_transpose1d").keyword("stride", stride)
                .keyword("padding", padding).keyword("output_padding", outputPadding).keyword("groups", groups)
                .keyword("dilation", dilation);
    }
}

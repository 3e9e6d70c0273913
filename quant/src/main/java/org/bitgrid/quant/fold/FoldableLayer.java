package org.bitgrid.quant.fold;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Conv1d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ConvTranspose1d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.ConvTranspose3d;
import org.bitgrid.nn.ConvolutionBase;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * A layer y = W x + b that can take a batch norm in.
 *
 * @param outputs       number of output channels
 * @param backward      whether it can take the batch norm behind it
 * @param forward       whether it can take the batch norm before it
 * @param transposed    whether the weight has input channels first
 * @param channelsLast  whether channels are the last dimension of its inputs and outputs rather than dimension 1
 */
record FoldableLayer(Module module, Parameter weight, Parameter bias, Consumer<Parameter> setBias, int outputs,
                     boolean backward, boolean forward, boolean transposed, boolean channelsLast) {
    /** What folding needs to know of a layer; empty when it is of another kind. */
    static Optional<FoldableLayer> of(Module module) {
        if (module instanceof Linear linear) {
            return Optional.of(new FoldableLayer(linear, linear.weight(), linear.bias(), linear::setBias,
                    linear.outFeatures(), true, true, false, true));
        }
        if (module instanceof Conv1d conv) {
            return Optional.of(new FoldableLayer(conv, conv.weight(), conv.bias(), conv::setBias, conv.outChannels(),
                    true, conv.padding() == 0 && conv.groups() == 1, false, false));
        }
        if (module instanceof Conv2d conv) {
            boolean padded = conv.window().padH() != 0 || conv.window().padW() != 0;
            return Optional.of(new FoldableLayer(conv, conv.weight(), conv.bias(), conv::setBias, conv.outChannels(),
                    true, !padded && conv.groups() == 1, false, false));
        }
        if (module instanceof ConvTranspose2d conv) {
            boolean grouped = conv.groups() != 1 && conv.groups() != conv.inChannels();
            return Optional.of(new FoldableLayer(conv, conv.weight(), conv.bias(), conv::setBias, conv.outChannels(),
                    !grouped, false, true, false));
        }
        if (module instanceof ConvolutionBase<?> conv) {
            boolean transposed = conv instanceof ConvTranspose1d || conv instanceof ConvTranspose3d;
            boolean grouped = conv.groups() != 1 && conv.groups() != conv.inChannels();
            boolean padded = Arrays.stream(conv.padding()).anyMatch(size -> size != 0);
            return Optional.of(new FoldableLayer(conv, conv.weight(), conv.bias(), conv::setBias, conv.outChannels(),
                    !transposed || !grouped, !transposed && !padded && conv.groups() == 1, transposed, false));
        }
        return Optional.empty();
    }

    /** Whether it is a transposed convolution of several groups. */
    boolean isGroupedTransposed() {
        return transposed && weight.shape().dim(1) != outputs;
    }

    /** A batch norm as y = scale · x + shift, x counted from its mean: scale = γ / σ. */
    record Normalization(Tensor scale, Tensor mean, Tensor shift) {
        /** That of a batch norm in evaluation; without weight and bias γ is 1 and β is 0. */
        static Normalization of(BatchNormBase<?> norm) {
            return of(norm, norm.weight() == null ? null : norm.weight().held(),
                    norm.bias() == null ? null : norm.bias().held());
        }

        /** That of a batch norm with other weight and bias, which may be null. */
        static Normalization of(BatchNormBase<?> norm, Tensor weight, Tensor bias) {
            Tensor mean = norm.runningMean().tensor();
            Tensor deviation = norm.runningVar().tensor().add(norm.epsilon()).sqrt();
            return new Normalization((weight == null ? Tensors.onesLike(mean) : weight).div(deviation), mean,
                    bias == null ? Tensors.zerosLike(mean) : bias);
        }
    }

    /**
     * Takes in the batch norm behind the layer: W · scale for each output channel and shift - (mean - b) · scale.
     */
    void foldBackward(Normalization norm) {
        Tensor scale = norm.scale();
        int[] shape = new int[weight.held().rank()];
        Arrays.fill(shape, 1);
        if (!transposed) {
            shape[0] = outputs;
        } else {
            // (C, K / groups, …): channels of the output lie along dimension 1, or along both when depthwise.
            shape[1] = weight.shape().dim(1);
            shape[0] = outputs / shape[1];
        }
        Tensor before = bias == null ? Tensors.zerosLike(norm.mean()) : bias.held();
        Tensor after = norm.shift().sub(norm.mean().sub(before).mul(scale));
        weight.set(weight.held().mul(scale.reshape(shape)));
        replaceBias(after);
    }

    /**
     * Takes in the batch norm before the layer: W · scale for each input channel and b + S · shift - S · (mean · scale)
     * with S the weight summed over the kernel.
     */
    void foldForward(Normalization norm) {
        Tensor held = weight.held();
        int[] shape = new int[held.rank()];
        Arrays.fill(shape, 1);
        shape[1] = held.size(1);
        Tensor sums = held.rank() > 2 ? held.flatten(2).sum(2) : held;
        Tensor before = bias == null ? Tensors.zerosLike(sums.sum(1)) : bias.held();
        Tensor after = before.add(sums.mul(norm.shift()).sum(1))
                .sub(sums.mul(norm.mean().mul(norm.scale())).sum(1));
        weight.set(held.mul(norm.scale().reshape(shape)));
        replaceBias(after);
    }

    private void replaceBias(Tensor value) {
        if (bias == null) {
            setBias.accept(new Parameter(value.detach(), weight.requiresGrad()));
        } else {
            bias.set(value);
        }
    }
}

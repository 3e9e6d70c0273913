package org.bitgrid.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** libtorch's layers, with parameters copied from Bitgrid's. */
final class TorchLayers implements Layers<Tensor> {
    private static final double EPSILON = 1e-5;

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private boolean training = true;

    TorchLayers(BitgridLayers source) {
        source.parameters().forEach((name, parameter) -> parameters.put(name,
                copy(parameter.held().toFloatArray(), parameter.shape().toArray()).set_requires_grad(true)));
    }

    /** A tensor of libtorch's own with these elements. */
    static Tensor copy(float[] elements, int[] dims) {
        long[] shape = new long[dims.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dims[i];
        }
        Tensor tensor = torch.empty(shape);
        new FloatPointer(tensor.data_ptr()).put(elements);
        return tensor;
    }

    static float[] elements(Tensor tensor) {
        Tensor contiguous = tensor.contiguous();
        float[] elements = new float[(int) contiguous.numel()];
        new FloatPointer(contiguous.data_ptr()).get(elements);
        return elements;
    }

    TensorVector parameters() {
        return new TensorVector(parameters.values().toArray(Tensor[]::new));
    }

    void training(boolean mode) {
        training = mode;
    }

    private TensorOptional optional(String name) {
        return new TensorOptional(parameters.get(name));
    }

    @Override
    public Tensor convolution(String name, Tensor x, int inputs, int outputs, int kernel, int stride, int groups,
                              boolean bias) {
        long padding = kernel / 2;
        return torch.conv2d(x, parameters.get(name + ".weight"), bias ? optional(name + ".bias") : new TensorOptional(),
                new long[] {stride, stride}, new long[] {padding, padding}, new long[] {1, 1}, groups);
    }

    @Override
    public Tensor batchNorm(String name, Tensor x, int channels) {
        TensorOptional weight = optional(name + ".weight");
        TensorOptional bias = optional(name + ".bias");
        return training
                ? torch.batch_norm(x, weight, bias, new TensorOptional(), new TensorOptional(), true, 0.1, EPSILON, true)
                : torch.batch_norm(x, weight, bias, new TensorOptional(torch.zeros(channels)),
                        new TensorOptional(torch.ones(channels)), false, 0.1, EPSILON, true);
    }

    @Override
    public Tensor relu(Tensor x) {
        return torch.relu(x);
    }

    @Override
    public Tensor relu6(Tensor x) {
        return torch.relu6(x);
    }

    @Override
    public Tensor maxPool(Tensor x, int kernel, int stride, int padding) {
        return torch.max_pool2d(x, new long[] {kernel, kernel}, new long[] {stride, stride}, new long[] {padding, padding},
                new long[] {1, 1}, false);
    }

    @Override
    public Tensor globalMean(Tensor x) {
        return torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, -1);
    }

    @Override
    public Tensor flatten(Tensor x) {
        return x.flatten(1, -1);
    }

    @Override
    public Tensor linear(String name, Tensor x, int inputs, int outputs) {
        return torch.linear(x, parameters.get(name + ".weight"), optional(name + ".bias"));
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return a.add(b);
    }

    @Override
    public Tensor softmax(Tensor x) {
        return torch.softmax(x, -1);
    }
}

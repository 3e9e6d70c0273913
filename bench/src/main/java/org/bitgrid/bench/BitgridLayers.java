package org.bitgrid.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Bitgrid's layers, in functional form. */
final class BitgridLayers implements Layers<Tensor> {
    private static final double EPSILON = 1e-5;

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Rng rng = new Rng(1);
    private boolean training = true;

    /** By name, in the order of first use. */
    Map<String, Parameter> parameters() {
        return parameters;
    }

    List<Parameter> parameterList() {
        return List.copyOf(parameters.values());
    }

    void training(boolean mode) {
        training = mode;
    }

    private Tensor normal(String name, double deviation, int... dims) {
        return parameters.computeIfAbsent(name, key -> new Parameter(Tensors.randn(rng, dims).mul(deviation))).tensor();
    }

    private Tensor constant(String name, double value, int size) {
        return parameters.computeIfAbsent(name, key -> new Parameter(Tensors.ones(size).mul(value))).tensor();
    }

    @Override
    public Tensor convolution(String name, Tensor x, int inputs, int outputs, int kernel, int stride, int groups,
                              boolean bias) {
        int fanIn = inputs / groups * kernel * kernel;
        Tensor weight = normal(name + ".weight", Math.sqrt(2.0 / fanIn), outputs, inputs / groups, kernel, kernel);
        return x.conv2d(weight, bias ? constant(name + ".bias", 0, outputs) : null, stride, kernel / 2, 1, groups);
    }

    @Override
    public Tensor batchNorm(String name, Tensor x, int channels) {
        Tensor weight = constant(name + ".weight", 1, channels);
        Tensor bias = constant(name + ".bias", 0, channels);
        return training ? x.batchNormTraining(null, null, weight, bias, 0.1, EPSILON)[0]
                : x.batchNorm(Tensors.zeros(channels), Tensors.ones(channels), weight, bias, EPSILON);
    }

    @Override
    public Tensor relu(Tensor x) {
        return x.relu();
    }

    @Override
    public Tensor relu6(Tensor x) {
        return x.relu6();
    }

    @Override
    public Tensor maxPool(Tensor x, int kernel, int stride, int padding) {
        return x.maxPool2d(kernel, stride, padding, 1, false);
    }

    @Override
    public Tensor globalMean(Tensor x) {
        return x.mean(List.of(2, 3), false);
    }

    @Override
    public Tensor flatten(Tensor x) {
        return x.reshape(x.size(0), -1);
    }

    @Override
    public Tensor linear(String name, Tensor x, int inputs, int outputs) {
        return x.linear(normal(name + ".weight", Math.sqrt(1.0 / inputs), outputs, inputs),
                constant(name + ".bias", 0, outputs));
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return a.add(b);
    }

    @Override
    public Tensor softmax(Tensor x) {
        return x.softmax(-1);
    }
}

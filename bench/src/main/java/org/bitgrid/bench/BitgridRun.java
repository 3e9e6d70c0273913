package org.bitgrid.bench;

import org.bitgrid.nn.optim.Adam;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;

/** One of the networks on Bitgrid: training steps and inference. */
final class BitgridRun {
    private final Network network;
    private final BitgridLayers layers = new BitgridLayers();
    private final Tensor images;
    private final Tensor labels;
    private final Adam optimizer;

    BitgridRun(Network network) {
        this.network = network;
        this.images = Tensors.rand(new Rng(2), network.images());
        Rng rng = new Rng(3);
        long[] classes = new long[network.images()[0]];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = rng.nextInt(network.classes());
        }
        this.labels = Tensors.of(classes, classes.length);
        outputs(true); // makes the parameters
        this.optimizer = new Adam(layers.parameterList(), 1e-4);
    }

    BitgridLayers layers() {
        return layers;
    }

    Tensor images() {
        return images;
    }

    Tensor labels() {
        return labels;
    }

    float[] outputs(boolean training) {
        layers.training(training);
        try (TensorScope scope = TensorScope.open(); Dispatch.Scope noGrad = Dispatch.gradEnabled(false)) {
            return network.run(layers, images).toFloatArray();
        }
    }

    void step() {
        layers.training(true);
        try (TensorScope scope = TensorScope.open()) {
            network.run(layers, images).crossEntropy(labels).backward();
            optimizer.step();
            optimizer.zeroGrad();
        }
    }

    void infer() {
        layers.training(false);
        try (TensorScope scope = TensorScope.open(); Dispatch.Scope noGrad = Dispatch.gradEnabled(false)) {
            network.run(layers, images);
        }
    }
}

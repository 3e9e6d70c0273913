package org.bitgrid.cli.bench;

import java.util.Map;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.quickstart.QuickstartNetwork;
import org.bitgrid.nn.CrossEntropyLoss;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;

/** The quickstart's network in the forms that are timed, on drawn images; all from one seed. */
final class BenchNetworks {
    static final int BATCH = 128;
    static final int CALIBRATION_BATCHES = 11;
    private static final double LEARNING_RATE = 1e-4;
    private static final long SEED = 42;

    final Tensor images = Tensors.rand(new Rng(SEED), BATCH, 1, 28, 28);
    final Tensor oneImage = images.slice(0, 0, 1, 1).contiguous();
    final Tensor labels = labels();

    private static Tensor labels() {
        Rng rng = new Rng(SEED).fork(1);
        long[] labels = new long[BATCH];
        for (int i = 0; i < BATCH; i++) {
            labels[i] = rng.nextInt(10);
        }
        return Tensors.of(labels, BATCH);
    }

    Module floating() {
        Rng.setCurrent(new Rng(SEED));
        Module model = new QuickstartNetwork();
        model.modules(); // makes its parameters, from this seed
        return model;
    }

    /** With its batch norms folded, as it is when quantization is simulated. */
    GraphModule folded() {
        Module model = floating();
        model.eval();
        GraphModule prepared = ModelPreparer.prepareModel(model, images);
        BatchNormFolding.foldAllBatchNorms(prepared, images);
        return prepared;
    }

    /** 4-bit weights, 8-bit activations. */
    QuantizationSimModel simulated(QuantScheme scheme) {
        QuantizationSimModel sim = new QuantizationSimModel(folded(), images,
                QuantSimOptions.defaults().scheme(scheme).outputBitwidth(8).paramBitwidth(4));
        calibrate(sim, 2);
        return sim;
    }

    void calibrate(QuantizationSimModel sim, int batches) {
        try (Dispatch.Scope noGrad = Autograd.noGrad(); var calibration = sim.computeEncodings()) {
            for (int i = 0; i < batches; i++) {
                try (TensorScope scope = TensorScope.open()) {
                    sim.model().call(images);
                }
            }
        }
    }

    /** One training step of a model on the images, in a scope. */
    Runnable step(Module model) {
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        CrossEntropyLoss lossFunction = new CrossEntropyLoss();
        return () -> {
            try (TensorScope scope = TensorScope.open()) {
                lossFunction.call(model.call(images), labels).backward();
                optimizer.step();
                optimizer.zeroGrad();
            }
        };
    }

    /** One evaluation of a model. */
    static Runnable inference(Module model, Tensor input) {
        model.eval();
        return () -> {
            try (Dispatch.Scope noGrad = Autograd.noGrad(); TensorScope scope = TensorScope.open()) {
                model.call(input);
            }
        };
    }

    /** The same model with all numbers in double precision, which the reference computes. */
    static void toDouble(Module model) {
        model.namedParameters().values().forEach(parameter ->
                parameter.set(parameter.held().detach().to(DType.FLOAT64)));
        model.namedBuffers().forEach((name, buffer) -> {
            if (buffer.tensor().dtype().isFloating()) {
                buffer.set(buffer.tensor().to(DType.FLOAT64));
            }
        });
    }

    /** Copies the values of one model into another. */
    static void copy(Module from, Module to) {
        Map<String, Tensor> state = from.stateDict();
        to.loadStateDict(state);
    }
}

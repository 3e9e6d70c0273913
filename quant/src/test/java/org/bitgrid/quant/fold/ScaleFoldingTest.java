package org.bitgrid.quant.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Folding into scales leaves the codes of weights and, but for rounding, the outputs of the simulation as they are. */
class ScaleFoldingTest {
    private static final Tensor X = Tensors.randn(new Rng(4), 3, 3, 7, 7);

    private static Module randomised(Module network) {
        Rng rng = new Rng(12);
        for (Module module : network.modules()) {
            if (module instanceof BatchNormBase<?> norm) {
                int features = norm.features();
                norm.runningMean().set(Tensors.randn(rng, features));
                norm.runningVar().set(Tensors.rand(rng, features).add(0.1));
                norm.weight().set(Tensors.rand(rng, features).add(0.2));
                norm.bias().set(Tensors.randn(rng, features));
            }
        }
        return network.eval();
    }

    private static QuantizationSimModel sim(Module network, String config) {
        var sim = new QuantizationSimModel(network, X, QuantSimOptions.defaults().config(config)
                .scheme(QuantScheme.RANGE_LEARNING_TF_INIT).paramBitwidth(4));
        sim.computeEncodings(model -> model.call(X));
        return sim;
    }

    private static Sequential network() {
        return new Sequential(new Conv2d(3, 4, 3).bias(false), new BatchNorm2d(4), new ReLU(),
                new ConvTranspose2d(4, 5, 3), new BatchNorm2d(5), new ReLU());
    }

    private static float[] codes(QuantizationSimModel sim, String path) {
        QuantizedModule layer = sim.quantizedModule(path);
        AffineQuantizer quantizer = (AffineQuantizer) layer.paramQuantizer("weight");
        Tensor scale = Tensors.of(quantizer.encoding().scale(), quantizer.shape().toArray());
        return layer.quantizedParameter("weight").detach().div(scale).round().toFloatArray();
    }

    @Test
    void keepsCodesAndOutputs() {
        QuantizationSimModel sim = sim(randomised(network()), "default_per_channel");
        Tensor before = sim.model().call(X).detach();
        float[] first = codes(sim, "0");
        float[] second = codes(sim, "3");
        var outputQuantizer = sim.quantizedModule("1").outputQuantizer(0);
        List<FoldedPair> pairs = BatchNormFolding.foldAllBatchNormsToScale(sim);
        assertThat(pairs).extracting(FoldedPair::toString).containsExactly("0 <- 1", "3 <- 4");
        assertThat(sim.model().get("1")).isInstanceOf(Identity.class);
        assertThat(sim.quantizedModules().keySet()).containsExactly("0", "2", "3", "5");
        assertThat(sim.quantizedModule("0").outputQuantizer(0)).isSameAs(outputQuantizer);
        assertThat(codes(sim, "0")).isEqualTo(first);
        assertThat(codes(sim, "3")).isEqualTo(second);
        // Outputs lie on a grid of 8 bits; rounding may move a few of them by one step.
        AffineQuantizer last = (AffineQuantizer) sim.quantizedModule("5").outputQuantizer(0);
        Tensor difference = sim.model().call(X).detach().sub(before).abs();
        assertThat(difference.max().item()).isLessThan(1.01 * last.encoding().scale()[0]);
        double moved = difference.gt(0.5 * last.encoding().scale()[0]).to(before.dtype()).mean().item();
        assertThat(moved).isLessThan(0.002);
    }

    @Test
    void turnsRangesRoundForNegativeScales() {
        Sequential network = network();
        randomised(network);
        BatchNorm2d norm = (BatchNorm2d) network.get("1");
        norm.weight().set(norm.weight().held().neg());
        QuantizationSimModel sim = sim(network, "default_per_channel");
        AffineQuantizer quantizer = (AffineQuantizer) sim.quantizedModule("0").paramQuantizer("weight");
        float[] low = quantizer.minimum().toFloatArray();
        float[] high = quantizer.maximum().toFloatArray();
        float[] c = norm.weight().held().div(norm.runningVar().tensor().add(1e-5).sqrt()).toFloatArray();
        BatchNormFolding.foldAllBatchNormsToScale(sim);
        for (int i = 0; i < c.length; i++) {
            assertThat(quantizer.minimum().toFloatArray()[i]).isEqualTo(high[i] * c[i]);
            assertThat(quantizer.maximum().toFloatArray()[i]).isEqualTo(low[i] * c[i]);
        }
    }

    private static List<String> warningsOf(Runnable action) {
        List<String> warnings = new ArrayList<>();
        try (var scope = QuantLog.listen((level, area, message) -> {
            if (level == System.Logger.Level.WARNING) {
                warnings.add(message);
            }
        })) {
            action.run();
        }
        return warnings;
    }

    @Test
    void leavesPairsThatItCannotFold() {
        QuantizationSimModel perTensor = sim(randomised(network()), "default");
        assertThat(warningsOf(() -> assertThat(BatchNormFolding.foldAllBatchNormsToScale(perTensor)).isEmpty()))
                .containsExactly("1 stays behind 0: the weight's quantizer has one range for all channels; quantize it "
                        + "per channel", "4 stays behind 3: the weight's quantizer has one range for all channels; "
                        + "quantize it per channel");
        QuantizationSimModel between = sim(randomised(network()), "default_per_channel");
        between.quantizedModule("0").setOutputQuantizer(0, between.quantizedModule("2").outputQuantizer(0));
        assertThat(warningsOf(() -> assertThat(BatchNormFolding.foldAllBatchNormsToScale(between)).hasSize(1)))
                .containsExactly("1 stays behind 0: the layer's output is quantized before the batch norm");
    }

    @Test
    void refusesForwardFoldsBeforeChangingAnything() {
        QuantizationSimModel sim = sim(randomised(new Sequential(new BatchNorm2d(3), new Conv2d(3, 4, 3),
                new BatchNorm2d(4))), "default_per_channel");
        float[] before = sim.model().call(X).toFloatArray();
        assertThatThrownBy(() -> BatchNormFolding.foldAllBatchNormsToScale(sim)).isInstanceOf(StateException.class)
                .hasMessageStartingWith("fold to scale: a batch norm cannot be folded into the scale of the layer "
                        + "behind it; got 0 before 1;");
        assertThat(sim.model().call(X).toFloatArray()).isEqualTo(before);
    }
}

package org.bitgrid.quant.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bitgrid.nn.BatchNorm1d;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.BatchNorm3d;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Conv1d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Conv3d;
import org.bitgrid.nn.ConvTranspose1d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.ConvTranspose3d;
import org.bitgrid.nn.Flatten;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Folding leaves outputs as they are, whatever the layers, and folds where it should and only there. */
class BatchNormFoldingTest {
    /** A network with what folding must find in it: {@code layer <- norm} or {@code norm -> layer}. */
    private record Sample(String name, int[] input, Supplier<Module> network, List<String> pairs,
                          List<String> converted) {
    }

    private static Sample sample(String name, int[] input, String pairs, String converted,
                                 Supplier<Module[]> layers) {
        return new Sample(name, input, () -> new Sequential(layers.get()),
                pairs.isEmpty() ? List.of() : List.of(pairs.split(", ")),
                converted.isEmpty() ? List.of() : List.of(converted.split(", ")));
    }

    private static int[] shape(int... dims) {
        return dims;
    }

    private static Module[] layers(Module... layers) {
        return layers;
    }

    private static final List<Sample> SAMPLES = List.of(
            sample("conv2d", shape(2, 3, 6, 6), "0 <- 1", "", () -> layers(
                    new Conv2d(3, 4, 3).padding(1), new BatchNorm2d(4))),
            sample("conv2d without bias, strided and dilated", shape(2, 3, 9, 9), "0 <- 1", "", () -> layers(
                    new Conv2d(3, 4, 3).stride(2).dilation(2).bias(false), new BatchNorm2d(4))),
            sample("grouped conv2d", shape(2, 4, 6, 6), "0 <- 1", "", () -> layers(
                    new Conv2d(4, 6, 3).groups(2), new BatchNorm2d(6))),
            sample("depthwise conv2d", shape(2, 4, 6, 6), "0 <- 1", "", () -> layers(
                    new Conv2d(4, 8, 3).groups(4).bias(false), new BatchNorm2d(8))),
            sample("conv1d", shape(2, 3, 9), "0 <- 1", "", () -> layers(
                    new Conv1d(3, 5, 3).padding(1).bias(false), new BatchNorm1d(5))),
            sample("transposed conv2d", shape(2, 3, 4, 4), "0 <- 1", "", () -> layers(
                    new ConvTranspose2d(3, 5, 3).stride(2), new BatchNorm2d(5))),
            sample("depthwise transposed conv2d", shape(2, 3, 4, 4), "0 <- 1", "", () -> layers(
                    new ConvTranspose2d(3, 6, 3).groups(3).bias(false), new BatchNorm2d(6))),
            sample("grouped transposed conv2d", shape(2, 4, 4, 4), "", "1", () -> layers(
                    new ConvTranspose2d(4, 6, 3).groups(2), new BatchNorm2d(6))),
            sample("conv3d", shape(2, 2, 4, 4, 4), "0 <- 1", "", () -> layers(
                    new Conv3d(2, 3, 2).bias(false), new BatchNorm3d(3))),
            sample("grouped conv3d", shape(2, 2, 4, 4, 4), "0 <- 1", "", () -> layers(
                    new Conv3d(2, 4, 2).groups(2).padding(1), new BatchNorm3d(4))),
            sample("before conv3d", shape(2, 2, 4, 4, 4), "0 -> 1", "", () -> layers(
                    new BatchNorm3d(2), new Conv3d(2, 3, 2))),
            sample("transposed conv1d", shape(2, 3, 5), "0 <- 1", "", () -> layers(
                    new ConvTranspose1d(3, 4, 3).stride(2), new BatchNorm1d(4))),
            sample("depthwise transposed conv1d", shape(2, 3, 5), "0 <- 1", "", () -> layers(
                    new ConvTranspose1d(3, 6, 3).groups(3).bias(false), new BatchNorm1d(6))),
            sample("transposed conv3d", shape(2, 2, 3, 3, 3), "0 <- 1", "", () -> layers(
                    new ConvTranspose3d(2, 3, 2), new BatchNorm3d(3))),
            sample("linear", shape(3, 7), "0 <- 1", "", () -> layers(
                    new Linear(7, 5).bias(false), new BatchNorm1d(5))),
            sample("linear over sequences", shape(3, 5, 7), "", "1", () -> layers(
                    new Linear(7, 5), new BatchNorm1d(5))),
            sample("linear without weights in the norm", shape(3, 7), "0 <- 1", "", () -> layers(
                    new Linear(7, 5), new BatchNorm1d(5).affine(false))),
            sample("before conv2d", shape(2, 3, 6, 6), "0 -> 1", "", () -> layers(
                    new BatchNorm2d(3), new Conv2d(3, 4, 3).bias(false))),
            sample("before conv1d", shape(2, 3, 6), "0 -> 1", "", () -> layers(
                    new BatchNorm1d(3), new Conv1d(3, 4, 3))),
            sample("before linear", shape(4, 6), "0 -> 1", "", () -> layers(
                    new BatchNorm1d(6), new Linear(6, 3))),
            sample("before padded conv2d", shape(2, 3, 6, 6), "", "0", () -> layers(
                    new BatchNorm2d(3), new Conv2d(3, 4, 3).padding(1))),
            sample("before grouped conv2d", shape(2, 4, 6, 6), "", "0", () -> layers(
                    new BatchNorm2d(4), new Conv2d(4, 4, 3).groups(2))),
            sample("before transposed conv2d", shape(2, 3, 4, 4), "", "0", () -> layers(
                    new BatchNorm2d(3), new ConvTranspose2d(3, 4, 3))),
            sample("between two layers goes back", shape(2, 3, 6, 6), "0 <- 1", "", () -> layers(
                    new Conv2d(3, 4, 3), new BatchNorm2d(4), new Conv2d(4, 2, 1))),
            sample("both sides", shape(2, 3, 6, 6), "1 <- 2, 0 -> 1", "", () -> layers(
                    new BatchNorm2d(3), new Conv2d(3, 4, 3), new BatchNorm2d(4))),
            sample("after relu stands alone", shape(2, 3, 6, 6), "", "2", () -> layers(
                    new Conv2d(3, 4, 3), new ReLU(), new BatchNorm2d(4))),
            sample("alone, without weights", shape(2, 3, 6, 6), "", "1", () -> layers(
                    new ReLU(), new BatchNorm2d(3).affine(false))),
            sample("through identity", shape(2, 3, 6, 6), "0 <- 2", "", () -> layers(
                    new Conv2d(3, 4, 3), new Identity(), new BatchNorm2d(4))),
            sample("two norms", shape(2, 3, 6, 6), "0 <- 1", "2", () -> layers(
                    new Conv2d(3, 4, 3), new BatchNorm2d(4), new BatchNorm2d(4))),
            sample("flatten between", shape(2, 3, 4, 4), "", "2", () -> layers(
                    new Conv2d(3, 2, 3), new Flatten(), new BatchNorm1d(8))));

    /** Gives every batch norm statistics and weights that are neither 0 nor 1. */
    private static Module randomised(Module network) {
        Rng rng = new Rng(11);
        for (Module module : network.modules()) {
            if (module instanceof BatchNormBase<?> norm) {
                int features = norm.features();
                norm.runningMean().set(Tensors.randn(rng, features));
                norm.runningVar().set(Tensors.rand(rng, features).add(0.1));
                if (norm.affine()) {
                    norm.weight().set(Tensors.randn(rng, features));
                    norm.bias().set(Tensors.randn(rng, features));
                }
            }
        }
        network.eval();
        return network;
    }

    private static GraphModule prepare(Module network, Tensor x) {
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            return ModelPreparer.prepareModel(network, x);
        }
    }

    @TestFactory
    Stream<DynamicTest> foldsWithoutChangingOutputs() {
        return SAMPLES.stream().map(sample -> dynamicTest(sample.name(), () -> {
            Tensor x = Tensors.randn(new Rng(5), sample.input());
            GraphModule model = prepare(randomised(sample.network().get()), x);
            Tensor before = model.call(x);
            FoldReport report = BatchNormFolding.foldAllBatchNorms(model, x);
            assertThat(report.pairs()).extracting(FoldedPair::toString)
                    .isEqualTo(sample.pairs());
            assertThat(report.converted()).isEqualTo(sample.converted());
            for (FoldedPair pair : report.pairs()) {
                assertThat(model.get(pair.normPath())).isInstanceOf(Identity.class);
                assertThat(model.get(pair.layerPath())).isSameAs(pair.layer());
            }
            Tensor after = model.call(x);
            // At most 36 terms are summed, so rounding stays below 40 units in the last place of the largest output.
            double bound = 40 * Math.scalb(1.0, -24) * Math.max(1, before.abs().max().item()) * 4;
            assertThat(after.sub(before).abs().max().item()).isLessThan(bound);
            assertThat(report.maxDifference()).isEqualTo(after.sub(before).abs().max().item());
            assertThat(report.maxOutput()).isEqualTo(before.abs().max().item());
        }));
    }

    @Test
    void rewritesLonelyNormsAsScaleAndShift() {
        Tensor x = Tensors.randn(new Rng(5), 2, 3, 4, 4);
        GraphModule model = prepare(randomised(new Sequential(new ReLU(), new BatchNorm2d(3))), x);
        BatchNorm2d norm = (BatchNorm2d) model.get("1");
        Tensor scale = norm.weight().held().div(norm.runningVar().tensor().add(norm.epsilon()).sqrt());
        Tensor shift = norm.bias().held().sub(norm.runningMean().tensor().mul(scale));
        BatchNormFolding.foldAllBatchNorms(model, x);
        assertThat(norm.toString())
                .isEqualTo("BatchNorm2d(3, eps=0, momentum=0.1, affine=True, track_running_stats=False)");
        assertThat(norm.weight().held().sub(scale).abs().max().item()).isLessThan(1e-6);
        assertThat(norm.bias().held().sub(shift).abs().max().item()).isLessThan(1e-6);
        assertThat(norm.runningMean().tensor().toFloatArray()).containsOnly(0);
        assertThat(norm.runningVar().tensor().toFloatArray()).containsOnly(1);
        assertThat(norm.numBatchesTracked().tensor().itemLong()).isZero();
        model.train();
        model.call(x);
        assertThat(norm.runningMean().tensor().toFloatArray()).containsOnly(0);
    }

    /** The output of a layer goes to a norm and elsewhere. */
    static final class Branching extends Module {
        final Conv2d conv = add("conv", new Conv2d(3, 3, 1));
        final BatchNorm2d norm = add("norm", new BatchNorm2d(3));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = conv.call(x);
            return norm.call(y).add(y);
        }
    }

    @Test
    void leavesLayersAloneWhoseOutputIsUsedElsewhere() {
        Tensor x = Tensors.randn(new Rng(5), 2, 3, 4, 4);
        GraphModule model = prepare(randomised(new Branching()), x);
        FoldReport report = BatchNormFolding.foldAllBatchNorms(model, x);
        assertThat(report.pairs()).isEmpty();
        assertThat(report.converted()).containsExactly("norm");
    }

    /** Two layers have one bias. */
    static final class Tied extends Module {
        final Linear first = add("first", new Linear(4, 4));
        final BatchNorm1d norm = add("norm", new BatchNorm1d(4));
        final Linear second = add("second", new Linear(4, 4));

        Tied() {
            second.setBias(first.bias());
        }

        @Override
        protected Tensor forward(Tensor x) {
            return second.call(norm.call(first.call(x)).relu());
        }
    }

    @Test
    void leavesLayersAloneThatShareParameters() {
        Tensor x = Tensors.randn(new Rng(5), 2, 4);
        GraphModule model = prepare(randomised(new Tied()), x);
        FoldReport report = BatchNormFolding.foldAllBatchNorms(model, x);
        assertThat(report.pairs()).isEmpty();
        assertThat(report.maxDifference()).isLessThan(1e-5);
    }

    @Test
    void foldsGivenPairsAndRefusesImpossibleOnesBeforeChangingAnything() {
        Tensor x = Tensors.randn(new Rng(5), 2, 3, 6, 6);
        GraphModule model = prepare(randomised(new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4),
                new Conv2d(4, 4, 3).padding(1), new BatchNorm2d(4))), x);
        Tensor before = model.call(x);
        FoldCandidate good = new FoldCandidate("0", "1", false);
        FoldCandidate padded = new FoldCandidate("2", "1", true);
        assertThat(BatchNormFolding.findAllBatchNormsToFold(model))
                .containsExactly(good, new FoldCandidate("2", "3", false));
        assertThatThrownBy(() -> BatchNormFolding.foldGivenBatchNorms(model, List.of(good, padded)))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("fold: 2 cannot take in 1 before it; got Conv2d(4, 4,");
        assertThat(model.call(x).toFloatArray()).isEqualTo(before.toFloatArray());
        assertThat(BatchNormFolding.foldGivenBatchNorms(model, List.of(good))).hasSize(1);
        assertThat(model.get("1")).isInstanceOf(Identity.class);
        assertThat(model.get("3")).isInstanceOf(BatchNorm2d.class);
    }

    @Test
    void foldsInTrainingModeWithRunningStatisticsAndKeepsTheMode() {
        Tensor x = Tensors.randn(new Rng(5), 4, 3, 6, 6);
        Module network = randomised(new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4)));
        Tensor expected = network.call(x);
        network.train();
        GraphModule model = prepare(network, x);
        assertThat(model.isTraining()).isTrue();
        BatchNormFolding.foldAllBatchNorms(model, x);
        assertThat(model.isTraining()).isTrue();
        assertThat(model.get("1").isTraining()).isTrue();
        assertThat(model.call(x).sub(expected).abs().max().item()).isLessThan(1e-5);
    }

    @Test
    void warnsOfNormsThatUseTheBatch() {
        List<String> warnings = new ArrayList<>();
        Tensor x = Tensors.randn(new Rng(5), 4, 3, 6, 6);
        GraphModule model = prepare(new Sequential(new Conv2d(3, 4, 3),
                new BatchNorm2d(4).trackRunningStats(false)).eval(), x);
        try (var scope = QuantLog.listen((level, area, message) -> {
            if (level == System.Logger.Level.WARNING) {
                warnings.add(area + ": " + message);
            }
        })) {
            assertThat(BatchNormFolding.foldAllBatchNorms(model, x).pairs()).isEmpty();
        }
        assertThat(warnings).containsExactly("BatchNormFolding: 1 stays: it normalises by statistics of the batch");
    }
}

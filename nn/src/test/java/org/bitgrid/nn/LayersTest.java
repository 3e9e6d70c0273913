package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Reduction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What layers do beyond calling their operator. */
class LayersTest {
    private static final Tensor TWO_BATCHES = Tensors.of(new float[] {1, 10, 3, 30}, 2, 2);

    @Test
    void batchNormAveragesRunningStatistics() {
        BatchNorm1d layer = new BatchNorm1d(2);
        try (TensorScope scope = TensorScope.open()) {
            Tensor y = layer.call(TWO_BATCHES);
            assertThat(y.toFloatArray()).containsExactly(new float[] {-1, -1, 1, 1}, offset(1e-4f));
        }
        // Mean 2 and 20; unbiased variance 2 and 200.
        assertThat(layer.runningMean().tensor().toFloatArray()).containsExactly(new float[] {0.2f, 2}, offset(1e-6f));
        assertThat(layer.runningVar().tensor().toFloatArray()).containsExactly(new float[] {1.1f, 20.9f},
                offset(1e-5f));
        assertThat(layer.numBatchesTracked().tensor().itemLong()).isEqualTo(1);
    }

    @Test
    void batchNormEvaluatesWithRunningStatistics() {
        BatchNorm1d layer = new BatchNorm1d(2);
        layer.eval();
        Tensor y = layer.call(TWO_BATCHES);
        assertThat(y.toFloatArray()).containsExactly(new float[] {1, 10, 3, 30}, offset(1e-3f));
        assertThat(layer.numBatchesTracked().tensor().itemLong()).isZero();
        assertThat(layer.runningMean().tensor().toFloatArray()).containsExactly(0, 0);
    }

    @Test
    void batchNormWithoutMomentumAveragesAllBatchesAlike() {
        BatchNorm1d layer = new BatchNorm1d(2).momentum(null);
        layer.call(TWO_BATCHES);
        layer.call(TWO_BATCHES.add(4.0));
        layer.call(TWO_BATCHES.add(-1.0));
        assertThat(layer.runningMean().tensor().toFloatArray()).containsExactly(new float[] {3, 21}, offset(1e-5f));
        assertThat(layer.runningVar().tensor().toFloatArray()).containsExactly(new float[] {2, 200}, offset(1e-3f));
        assertThat(layer.numBatchesTracked().tensor().itemLong()).isEqualTo(3);
        layer.resetRunningStats();
        assertThat(layer.runningVar().tensor().toFloatArray()).containsExactly(1, 1);
        assertThat(layer.numBatchesTracked().tensor().itemLong()).isZero();
    }

    @Test
    void batchNormWithoutRunningStatisticsUsesTheBatchInBothModes() {
        BatchNorm1d layer = new BatchNorm1d(2).trackRunningStats(false).affine(false);
        layer.eval();
        assertThat(layer.call(TWO_BATCHES).toFloatArray()).containsExactly(new float[] {-1, -1, 1, 1}, offset(1e-4f));
        assertThat(layer.stateDict()).isEmpty();
    }

    @Test
    void batchNormLeavesItsBuffersAloneOnMetaTensors() {
        BatchNorm2d layer = new BatchNorm2d(3);
        Tensor y = layer.call(Tensor.meta(Shape.of(5, 3, 4, 4), DType.FLOAT32));
        assertThat(y.device().isMeta()).isTrue();
        assertThat(layer.numBatchesTracked().tensor().itemLong()).isZero();
    }

    @Test
    void batchNormChecksTheNumberOfDimensions() {
        assertThatThrownBy(() -> new BatchNorm2d(2).call(TWO_BATCHES)).isInstanceOf(ShapeException.class)
                .hasMessage("BatchNorm2d: input must have 4 dimensions (N, C, H, W); got (2, 2)");
        assertThatThrownBy(() -> new BatchNorm1d(2).call(Tensors.ones(2))).isInstanceOf(ShapeException.class)
                .hasMessage("BatchNorm1d: input must have 2 or 3 dimensions (N, C) or (N, C, L); got (2,)");
    }

    @Test
    void batchNormGradientsReachItsParameters() {
        BatchNorm1d layer = new BatchNorm1d(2);
        layer.call(TWO_BATCHES).mul(Tensors.of(new float[] {1, 2, 3, 4}, 2, 2)).sum().backward();
        assertThat(layer.bias().grad().toFloatArray()).containsExactly(new float[] {4, 6}, offset(1e-5f));
        assertThat(layer.weight().grad().toFloatArray()).containsExactly(new float[] {2, 2}, offset(1e-4f));
    }

    @Test
    void dropoutDropsInTrainingOnly() {
        Rng.setCurrent(new Rng(1));
        Dropout layer = new Dropout(0.25);
        Tensor x = Tensors.ones(10000);
        float[] dropped = layer.call(x).toFloatArray();
        int zeros = 0;
        for (float value : dropped) {
            assertThat(value == 0 || Math.abs(value - 1 / 0.75f) < 1e-6).isTrue();
            zeros += value == 0 ? 1 : 0;
        }
        assertThat(zeros).isBetween(2300, 2700);
        assertThat(layer.call(x).toFloatArray()).isNotEqualTo(dropped);
        Rng.setCurrent(new Rng(1));
        assertThat(layer.call(x).toFloatArray()).containsExactly(dropped);
        layer.eval();
        assertThat(layer.call(x)).isSameAs(x);
    }

    @Test
    void sameSeedGivesTheSameNetwork() {
        Rng.setCurrent(new Rng(9));
        Sequential first = new Sequential(new Conv2d(2, 3, 3), new Linear(4, 5));
        Rng.setCurrent(new Rng(9));
        Sequential second = new Sequential(new Conv2d(2, 3, 3), new Linear(4, 5));
        first.stateDict().forEach((name, tensor) ->
                assertThat(second.stateDict().get(name).toFloatArray()).containsExactly(tensor.toFloatArray()));
    }

    @TestFactory
    Stream<DynamicTest> weightsAndBiasesStartWithinOneOverTheRootOfFanIn() {
        return Stream.of(new Conv2d(6, 64, 3, 5).groups(2), new Linear(45, 64)).map(layer ->
                DynamicTest.dynamicTest(layer.toString(), () -> {
                    Rng.setCurrent(new Rng(3));
                    for (Parameter parameter : layer.parameters()) {
                        float largest = 0;
                        for (float value : parameter.held().detach().toFloatArray()) {
                            largest = Math.max(largest, Math.abs(value));
                        }
                        // 3 · 3 · 5 = 45 inputs to each output.
                        assertThat(largest).isLessThanOrEqualTo((float) (1 / Math.sqrt(45)))
                                .isGreaterThan((float) (0.9 / Math.sqrt(45)));
                    }
                }));
    }

    @Test
    void aBiasCanBeAddedLater() {
        Conv2d layer = new Conv2d(1, 1, 1).bias(false);
        assertThat(layer.bias()).isNull();
        Tensor x = Tensors.ones(1, 1, 1, 1);
        double before = layer.call(x).item();
        layer.setBias(new Parameter(Tensors.of(2f)));
        assertThat(layer.call(x).item()).isCloseTo(before + 2, offset(1e-6));
        assertThat(layer).hasToString("Conv2d(1, 1, kernel_size=(1, 1), stride=(1, 1))");
    }

    @Test
    void crossEntropyTakesClassesOrProbabilities() {
        Tensor logits = Tensors.of(new float[] {1, 2, 0.5f, -1, 0, 3}, 2, 3);
        Tensor classes = Tensors.of(new long[] {1, 2}, 2);
        Tensor oneHot = Tensors.of(new float[] {0, 1, 0, 0, 0, 1}, 2, 3);
        for (double smoothing : new double[] {0, 0.3}) {
            for (Reduction reduction : Reduction.values()) {
                CrossEntropyLoss loss = new CrossEntropyLoss().reduction(reduction).labelSmoothing(smoothing);
                assertThat(loss.call(logits, oneHot).toFloatArray())
                        .containsExactly(loss.call(logits, classes).toFloatArray(), offset(1e-5f));
            }
        }
        // -log softmax by hand: log(1 + e^-1 + e^-1.5) and log(1 + e^-3 + e^-4).
        double expected = (Math.log(1 + Math.exp(-1) + Math.exp(-1.5)) + Math.log(1 + Math.exp(-3) + Math.exp(-4))) / 2;
        assertThat(new CrossEntropyLoss().call(logits, classes).item()).isCloseTo(expected, offset(1e-6));
        Tensor ignored = new CrossEntropyLoss().ignoreIndex(2).call(logits, classes);
        assertThat(ignored.item()).isCloseTo(Math.log(1 + Math.exp(-1) + Math.exp(-1.5)), offset(1e-6));
    }

    @Test
    void wrongChannelsAreNamed() {
        assertThatThrownBy(() -> new Conv2d(3, 4, 3).call(Tensors.ones(1, 2, 8, 8)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("conv2d: input has 2 channels but weight "
                        + "expects 3 (input (1, 2, 8, 8), weight (4, 3, 3, 3), groups 1)");
    }

    @Test
    void embeddingsPickRowsAndTheirPaddingDoesNotLearn() {
        Embedding layer = new Embedding(4, 2).paddingIndex(1);
        Tensor rows = layer.call(Tensors.of(new long[] {2, 1, 2}, 3));
        float[] weight = layer.weight().held().detach().toFloatArray();
        assertThat(rows.detach().toFloatArray()).containsExactly(weight[4], weight[5], 0, 0, weight[4], weight[5]);
        rows.sum().backward();
        assertThat(layer.weight().grad().toFloatArray()).containsExactly(0, 0, 0, 0, 2, 2, 0, 0);
    }

    @Test
    void oneDimensionalLayersPoolAndConvolve() {
        Tensor x = Tensors.of(new float[] {1, 5, 2, 4, 3, 6}, 1, 1, 6);
        assertThat(new MaxPool1d(2).call(x).toFloatArray()).containsExactly(5, 4, 6);
        assertThat(new MaxPool1d(3).stride(2).padding(1).call(x).toFloatArray()).containsExactly(5, 5, 6);
        assertThat(new AvgPool1d(2).call(x).toFloatArray()).containsExactly(3, 3, 4.5f);
        assertThat(new AdaptiveAvgPool1d(2).call(x).toFloatArray()).containsExactly(new float[] {8 / 3f, 13 / 3f},
                offset(1e-6f));
        Conv1d conv = new Conv1d(1, 1, 3).padding(1).bias(false);
        conv.weight().set(Tensors.of(new float[] {1, 0, -1}, 1, 1, 3));
        assertThat(conv.call(x).toFloatArray()).containsExactly(-5, -1, 1, -1, -2, 3);
    }

    @Test
    void transposedConvolutionSpreadsPixels() {
        ConvTranspose2d layer = new ConvTranspose2d(1, 1, 2).stride(2).bias(false);
        layer.weight().set(Tensors.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2));
        Tensor y = layer.call(Tensors.of(new float[] {1, 10}, 1, 1, 1, 2));
        assertThat(y.toFloatArray()).containsExactly(1, 2, 10, 20, 3, 4, 30, 40);
    }

    @Test
    void normsOfGroupsInstancesAndRootMeanSquares() {
        Tensor x = Tensors.of(new float[] {1, 3, 10, 30}, 1, 2, 2);
        assertThat(new InstanceNorm1d(2).call(x).toFloatArray()).containsExactly(new float[] {-1, 1, -1, 1},
                offset(1e-4f));
        assertThat(new GroupNorm(2, 2).call(x).toFloatArray()).containsExactly(new float[] {-1, 1, -1, 1},
                offset(1e-4f));
        assertThat(new RMSNorm(2).call(Tensors.of(3f, 4f)).toFloatArray())
                .containsExactly(new float[] {(float) (3 / Math.sqrt(12.5)), (float) (4 / Math.sqrt(12.5))},
                        offset(1e-5f));
    }

    @Test
    void paddingAndResizing() {
        Tensor x = Tensors.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
        assertThat(new ZeroPad2d(1, 0, 0, 1).call(x).toFloatArray()).containsExactly(0, 1, 2, 0, 3, 4, 0, 0, 0);
        assertThat(new ReplicationPad2d(0, 1, 0, 0).call(x).toFloatArray()).containsExactly(1, 2, 2, 3, 4, 4);
        assertThat(new ReflectionPad2d(1, 0, 0, 0).call(x).toFloatArray()).containsExactly(2, 1, 2, 4, 3, 4);
        assertThat(new CircularPad2d(0, 1, 0, 0).call(x).toFloatArray()).containsExactly(1, 2, 1, 3, 4, 3);
        assertThat(Upsample.by(2).call(x).toFloatArray())
                .containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
        Tensor shuffled = new PixelShuffle(2).call(x.reshape(1, 4, 1, 1));
        assertThat(shuffled.toFloatArray()).containsExactly(1, 2, 3, 4);
        assertThat(new PixelUnshuffle(2).call(shuffled).shape()).isEqualTo(Shape.of(1, 4, 1, 1));
    }

    @Test
    void channelDropoutDropsWholeChannels() {
        Rng.setCurrent(new Rng(6));
        float[] values = new Dropout2d(0.5).call(Tensors.ones(4, 8, 3, 3)).toFloatArray();
        int dropped = 0;
        for (int channel = 0; channel < 32; channel++) {
            for (int i = 1; i < 9; i++) {
                assertThat(values[channel * 9 + i]).isEqualTo(values[channel * 9]);
            }
            dropped += values[channel * 9] == 0 ? 1 : 0;
        }
        assertThat(dropped).isBetween(8, 24);
    }
}

package org.bitgrid.quant.ptq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Sequential;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class BatchNormReestimationTest {
    private static List<Tensor> batches(int count) {
        List<Tensor> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(Tensors.randn(new Rng(20 + i), 4, 3, 5, 5).mul(1.0 + i));
        }
        return batches;
    }

    /** Mean over batches of a batch's mean and unbiased variance, by channel. */
    private static double[][] expected(Module layer, List<Tensor> batches) {
        double[][] sums = new double[2][2];
        for (Tensor batch : batches) {
            double[] values = layer.call(batch).permute(1, 0, 2, 3).reshape(2, -1).toDoubleArray();
            int count = values.length / 2;
            for (int channel = 0; channel < 2; channel++) {
                double mean = 0;
                for (int i = 0; i < count; i++) {
                    mean += values[channel * count + i] / count;
                }
                double squares = 0;
                for (int i = 0; i < count; i++) {
                    squares += Math.pow(values[channel * count + i] - mean, 2);
                }
                sums[0][channel] += mean / batches.size();
                sums[1][channel] += squares / (count - 1) / batches.size();
            }
        }
        return sums;
    }

    @Test
    void findsTheMeanOfTheBatchesAndBringsOldStatisticsBack() {
        BatchNorm2d norm = new BatchNorm2d(2);
        Conv2d conv = new Conv2d(3, 2, 3);
        Module network = new Sequential(conv, new Dropout(0.5), norm).train();
        network.call(Tensors.randn(new Rng(1), 4, 3, 5, 5));
        float[] mean = norm.runningMean().tensor().toFloatArray();
        float[] variance = norm.runningVar().tensor().toFloatArray();
        var handle = BatchNormReestimation.reestimate(network, batches(5), 3,
                (model, batch) -> model.call(batch));
        double[][] expected = expected(conv, batches(3));
        for (int channel = 0; channel < 2; channel++) {
            assertThat(norm.runningMean().tensor().toDoubleArray()[channel])
                    .isCloseTo(expected[0][channel], within(1e-5));
            assertThat(norm.runningVar().tensor().toDoubleArray()[channel])
                    .isCloseTo(expected[1][channel], within(1e-5 * expected[1][channel]));
        }
        assertThat(norm.momentum()).isEqualTo(0.1);
        assertThat(network.isTraining()).isTrue();
        assertThat(norm.isTraining()).isTrue();
        handle.restore();
        assertThat(norm.runningMean().tensor().toFloatArray()).isEqualTo(mean);
        assertThat(norm.runningVar().tensor().toFloatArray()).isEqualTo(variance);
        assertThat(norm.numBatchesTracked().tensor().itemLong()).isEqualTo(1);
    }

    @Test
    void worksOnSimulations() {
        Module network = new Sequential(new Conv2d(3, 2, 3), new BatchNorm2d(2)).eval();
        var sim = new QuantizationSimModel(network, batches(1).get(0),
                QuantSimOptions.defaults().config("default_per_channel").paramBitwidth(4));
        sim.computeEncodings(model -> batches(3).forEach(model::call));
        BatchNorm2d norm = (BatchNorm2d) sim.quantizedModule("1").layer();
        Module quantizedConv = sim.quantizedModule("0");
        BatchNormReestimation.reestimate(sim.model(), batches(3));
        double[][] expected = expected(quantizedConv, batches(3));
        for (int channel = 0; channel < 2; channel++) {
            assertThat(norm.runningMean().tensor().toDoubleArray()[channel])
                    .isCloseTo(expected[0][channel], within(1e-5));
        }
        assertThat(sim.model().isTraining()).isFalse();
        assertThat(sim.quantizedModule("1").isTraining()).isFalse();
    }

    @Test
    void changesNothingWhenItFails() {
        BatchNorm2d norm = new BatchNorm2d(2);
        Module network = new Sequential(new Conv2d(3, 2, 3), norm).eval();
        network.get("1").train();
        assertThatThrownBy(() -> BatchNormReestimation.reestimate(network, List.<Tensor>of()))
                .isInstanceOf(StateException.class).hasMessageContaining("an empty data set");
        assertThatThrownBy(() -> BatchNormReestimation.reestimate(network, batches(2), 2, (model, batch) -> {
            model.call(batch);
            throw new IllegalStateException("data ended");
        })).hasMessage("data ended");
        assertThat(norm.runningMean().tensor().toFloatArray()).containsOnly(0);
        assertThat(norm.numBatchesTracked().tensor().itemLong()).isZero();
        assertThat(norm.momentum()).isEqualTo(0.1);
        assertThat(norm.isTraining()).isTrue();
        assertThat(network.isTraining()).isFalse();
    }
}

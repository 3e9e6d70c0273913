package org.bitgrid.quant.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.RandomNetwork;
import org.junit.jupiter.api.Test;

/** Random networks: tracing and preparing keep every bit at any batch size, folding keeps outputs but for rounding. */
class PrepareFuzzTest {
    private static final int NETWORKS = Integer.getInteger("bitgrid.fuzz", 100);

    @Test
    void randomNetworksStayWhatTheyAre() {
        long first = Long.getLong("bitgrid.seed", 20240507);
        int folded = 0;
        int converted = 0;
        for (long seed = first; seed < first + NETWORKS; seed++) {
            int length = (int) (1 + seed % 12);
            RandomNetwork network = new RandomNetwork(seed, length);
            String name = "seed " + seed + ", steps " + network.description();
            Tensor sample = RandomNetwork.input(seed, 2);
            GraphModule traced = new Tracer().trace(network, sample);
            GraphModule prepared;
            try (var quiet = QuantLog.listen((level, area, message) -> { })) {
                prepared = ModelPreparer.prepareModel(network, sample);
            }
            assertThat(new ModelValidator().problems(prepared, sample)).as(name).isEmpty();
            Tensor[] expected = new Tensor[4];
            for (int batch = 1; batch <= 3; batch++) {
                Tensor x = RandomNetwork.input(seed + batch, batch);
                expected[batch] = network.call(x);
                assertThat(traced.call(x).toFloatArray()).as(name).isEqualTo(expected[batch].toFloatArray());
                assertThat(prepared.call(x).toFloatArray()).as(name).isEqualTo(expected[batch].toFloatArray());
            }
            GraphModule copy = (GraphModule) prepared.copy();
            var report = BatchNormFolding.foldAllBatchNorms(copy, sample);
            folded += report.pairs().size();
            converted += report.converted().size();
            for (int batch = 1; batch <= 3; batch++) {
                Tensor x = RandomNetwork.input(seed + batch, batch);
                // Products of values and steep norms pass each layer's rounding (36 terms) on enlarged.
                double largest = expected[batch].abs().max().item();
                assertThat(copy.call(x).sub(expected[batch]).abs().max().item()).as(name)
                        .isLessThan(1e-4 * Math.max(1, largest));
                assertThat(prepared.call(x).toFloatArray()).as(name).isEqualTo(expected[batch].toFloatArray());
            }
        }
        System.out.println("random networks: " + NETWORKS + ", " + folded + " batch norms folded, " + converted
                + " converted");
        assertThat(folded).isGreaterThan(NETWORKS / 2);
        assertThat(converted).isGreaterThan(NETWORKS / 4);
    }
}

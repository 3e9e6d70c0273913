package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimCheckpointTest {
    @TempDir
    private Path folder;

    private static void train(QuantizationSimModel sim) {
        sim.model().namedParameters().forEach((path, parameter) -> {
            if (path.endsWith("weight")) {
                parameter.set(parameter.held().detach().mul(1.25));
            }
        });
    }

    @Test
    void everythingComesBack() {
        for (String config : List.of("default", "htp_v81")) {
            QuantizationSimModel sim = SmallSim.calibrated(options -> options.config(config).scheme("min_max"));
            train(sim);
            sim.layers("conv").paramBitwidth(8).freeze(SlotId.Kind.PARAM);
            sim.set(new SlotId("second", SlotId.Kind.PARAM, "weight"), null);
            Path file = folder.resolve(config + ".safetensors");
            sim.saveCheckpoint(file);
            QuantizationSimModel other = SmallSim.made(options -> options.config(config).scheme("min_max"));
            other.loadCheckpoint(file);
            assertThat(SmallSim.state(other)).isEqualTo(SmallSim.state(sim));
            Tensor x = Tensors.randn(new Rng(7), 3, 2, 6, 6);
            assertThat(other.model().call(x).toFloatArray()).isEqualTo(sim.model().call(x).toFloatArray());
        }
    }

    @Test
    void whatIsNotCalibratedStaysSo() {
        QuantizationSimModel sim = SmallSim.made(UnaryOperator.identity());
        Path file = folder.resolve("sim.safetensors");
        sim.saveCheckpoint(file);
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        other.loadCheckpoint(file);
        assertThat(other.slotQuantizers()).noneMatch(each -> each.quantizer().isInitialized());
    }

    @Test
    void aSimulationWithOtherQuantizersIsRefused() {
        Path file = folder.resolve("sim.safetensors");
        SmallSim.calibrated().saveCheckpoint(file);
        QuantizationSimModel other = SmallSim.calibrated();
        other.set(new SlotId("fc", SlotId.Kind.PARAM, "weight"), null);
        Map<String, String> before = SmallSim.state(other);
        assertThatThrownBy(() -> other.loadCheckpoint(file)).isInstanceOf(StateException.class)
                .hasMessageContaining("fc.param_quantizers.weight has no quantizer");
        assertThat(SmallSim.state(other)).isEqualTo(before);
    }

    @Test
    void aModelOfOtherShapesIsRefused() {
        Path file = folder.resolve("sim.safetensors");
        SmallSim.calibrated(options -> options.config("default_per_channel")).saveCheckpoint(file);
        QuantizationSimModel other = SmallSim.calibrated();
        Map<String, String> before = SmallSim.state(other);
        assertThatThrownBy(() -> other.loadCheckpoint(file)).isInstanceOf(BitgridException.class);
        assertThat(SmallSim.state(other)).isEqualTo(before);
    }

    @Test
    void damagedFilesLeaveTheSimulationAsItWas() throws IOException {
        Path file = folder.resolve("sim.safetensors");
        SmallSim.calibrated().saveCheckpoint(file);
        byte[] good = Files.readAllBytes(file);
        QuantizationSimModel other = SmallSim.calibrated();
        SmallSim.calibrate(other, 50);
        Map<String, String> before = SmallSim.state(other);
        Rng rng = new Rng(31);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            byte[] damaged = good.clone();
            damaged[rng.nextInt(Math.min(damaged.length, 6000))] = (byte) rng.nextInt(256);
            Files.write(file, damaged);
            try {
                other.loadCheckpoint(file);
                before = SmallSim.state(other);
            } catch (BitgridException expected) {
                refused++;
                assertThat(SmallSim.state(other)).isEqualTo(before);
            }
        }
        System.out.println("checkpoints: 1000 damaged files, " + refused + " refused");
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void weightsAloneAreNoCheckpoint() {
        Path file = folder.resolve("weights.safetensors");
        SafeTensors.write(file, Map.of("x", Tensors.ones(2)));
        assertThatThrownBy(() -> SmallSim.calibrated().loadCheckpoint(file)).isInstanceOf(FormatException.class)
                .hasMessageStartingWith("loadCheckpoint: not a checkpoint of a simulation; got ");
    }
}

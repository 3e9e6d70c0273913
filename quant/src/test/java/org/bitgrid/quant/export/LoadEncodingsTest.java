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
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.quant.sim.SlotQuantizer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadEncodingsTest {
    @TempDir
    private Path folder;

    private Path exported(QuantizationSimModel sim, String version) {
        return sim.export(folder, "model", ExportOptions.of(version), SmallSim.SAMPLE).files().get(3);
    }

    private static void assertSame(QuantizationSimModel actual, QuantizationSimModel expected) {
        List<SlotQuantizer> mine = actual.slotQuantizers();
        List<SlotQuantizer> theirs = expected.slotQuantizers();
        assertThat(mine).extracting(SlotQuantizer::slot).isEqualTo(theirs.stream().map(SlotQuantizer::slot).toList());
        for (int i = 0; i < mine.size(); i++) {
            assertThat(mine.get(i).quantizer().encoding()).as(mine.get(i).slot().toString())
                    .isEqualTo(theirs.get(i).quantizer().encoding());
        }
        Tensor x = Tensors.randn(new Rng(77), 5, 2, 6, 6);
        actual.model().eval();
        expected.model().eval();
        assertThat(actual.model().call(x).toFloatArray()).isEqualTo(expected.model().call(x).toFloatArray());
    }

    /** Bit-equal ranges, and so bit-equal outputs, whatever the version and the scheme. */
    @ParameterizedTest
    @ValueSource(strings = {"0.6.1", "0.6.2", "1.0.0", "2.0.0", "2.1.0"})
    void whatIsExportedComesBackBitForBit(String version) {
        for (String config : List.of("default", "default_per_channel", "htp_v73")) {
            UnaryOperator<QuantSimOptions> options = all -> all.config(config).scheme(
                    config.equals("default") ? "tf_enhanced" : "min_max");
            QuantizationSimModel sim = SmallSim.calibrated(options);
            QuantizationSimModel other = SmallSim.made(options);
            other.loadEncodings(exported(sim, version));
            assertSame(other, sim);
        }
    }

    @Test
    void wideGridsComeBackToo() {
        UnaryOperator<QuantSimOptions> options = all -> all.outputBitwidth(16).paramBitwidth(16);
        QuantizationSimModel sim = SmallSim.calibrated(options);
        QuantizationSimModel other = SmallSim.made(options);
        other.loadEncodings(exported(sim, "1.0.0"));
        assertSame(other, sim);
    }

    @Test
    void widthAndSymmetryComeFromTheFile() {
        QuantizationSimModel sim = SmallSim.calibrated(options -> options.outputBitwidth(16).paramBitwidth(8));
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        other.loadEncodings(exported(sim, "0.6.1"));
        assertSame(other, sim);
    }

    @Test
    void unknownEntriesAreNamedAllAtOnce() throws IOException {
        QuantizationSimModel sim = SmallSim.calibrated();
        Path file = exported(sim, "0.6.1");
        String text = Files.readString(file).replace("\"conv.weight\"", "\"cnov.weight\"")
                .replace("\"pool\"", "\"pol\"")
                .replace("\"fc\"", "\"fcc\"");
        Files.writeString(file, text);
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        Map<String, String> before = SmallSim.state(other);
        assertThatThrownBy(() -> other.loadEncodings(file)).isInstanceOf(StateException.class)
                .hasMessageStartingWith("loadEncodings: ")
                .hasMessageContaining("cnov.weight: the simulation has no such param")
                .hasMessageContaining("fcc.output[0]: the simulation has no such output")
                .hasMessageEndingWith("; nothing was changed");
        assertThat(SmallSim.state(other)).isEqualTo(before);
        other.loadEncodings(file, LoadOptions.defaults().strict(false));
        assertThat(other.quantizer(weight("second", "weight")).isInitialized()).isTrue();
        assertThat(other.quantizer(weight("conv", "weight")).isInitialized()).isFalse();
    }

    private static SlotId weight(String module, String name) {
        return new SlotId(module, SlotId.Kind.PARAM, name);
    }

    @Test
    void anEntryOfASlotWithoutQuantizerIsAFault() {
        QuantizationSimModel sim = SmallSim.calibrated();
        Path file = exported(sim, "0.6.1");
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        other.set(weight("conv", "weight"), null);
        assertThatThrownBy(() -> other.loadEncodings(file)).hasMessageContaining("conv.weight: is not quantized");
        other.loadEncodings(file, LoadOptions.defaults().strict(false));
        assertThat(other.quantizer(weight("conv", "weight"))).isNull();
    }

    @Test
    void quantizersWithoutEntryStayOrGo() {
        QuantizationSimModel sim = SmallSim.calibrated();
        sim.excludeLayersFromQuantization("second");
        Path file = exported(sim, "0.6.1");
        QuantizationSimModel partial = SmallSim.made(UnaryOperator.identity());
        partial.loadEncodings(file);
        assertThat(partial.quantizer(weight("second", "weight"))).isNotNull();
        assertThat(partial.quantizer(weight("second", "weight")).isInitialized()).isFalse();
        QuantizationSimModel whole = SmallSim.made(UnaryOperator.identity());
        whole.loadEncodings(file, LoadOptions.defaults().partial(false));
        assertThat(whole.quantizer(weight("second", "weight"))).isNull();
        assertThat(whole.quantizer(weight("conv", "weight")).isInitialized()).isTrue();
    }

    @Test
    void frozenRangesSurviveCalibrationAndLoading() {
        QuantizationSimModel sim = SmallSim.calibrated();
        Path file = exported(sim, "0.6.1");
        QuantizationSimModel other = SmallSim.made(options -> options.scheme("training_range_learning_with_tf_init"));
        other.loadAndFreezeEncodings(file);
        assertThat(other.slotQuantizers()).allMatch(each -> !each.quantizer().isOverwriteAllowed());
        assertThat(other.quantizerParameters().values()).noneMatch(parameter -> parameter.requiresGrad());
        SmallSim.calibrate(other, 99);
        assertSame(other, sim);
        QuantizationSimModel elsewhere = SmallSim.made(UnaryOperator.identity());
        SmallSim.calibrate(elsewhere, 4);
        other.loadEncodings(exported(elsewhere, "0.6.1"));
        assertSame(other, sim);
    }

    @Test
    void parametersAloneCanBeFrozen() {
        QuantizationSimModel sim = SmallSim.calibrated();
        Path file = exported(sim, "0.6.1");
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        List<SlotId> loaded = other.setAndFreezeParamEncodings(file);
        assertThat(loaded).isNotEmpty().allMatch(slot -> slot.kind() == SlotId.Kind.PARAM);
        assertThat(other.slotQuantizers()).allMatch(each -> each.quantizer().isInitialized()
                == (each.slot().kind() == SlotId.Kind.PARAM) || each.quantizer().isOverwriteAllowed());
        assertThat(other.quantizer(weight("fc", "weight")).isOverwriteAllowed()).isFalse();
    }

    @Test
    void learningCanBeAskedFor() {
        Path file = exported(SmallSim.calibrated(), "0.6.1");
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        other.loadEncodings(file, LoadOptions.defaults().requiresGrad(true));
        assertThat(other.quantizerParameters().values()).anyMatch(parameter -> parameter.requiresGrad());
    }

    @Test
    void scalesMustFitTheQuantizer() {
        Path file = exported(SmallSim.calibrated(options -> options.config("default_per_channel")), "0.6.1");
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        Map<String, String> before = SmallSim.state(other);
        assertThatThrownBy(() -> other.loadEncodings(file)).isInstanceOf(StateException.class)
                .hasMessageContaining("conv.weight: expected 1 scales; got 4");
        assertThat(SmallSim.state(other)).isEqualTo(before);
    }

    @Test
    void anEmptyFileIsAnError() throws IOException {
        Path file = folder.resolve("empty.encodings");
        Files.writeString(file, "{\"activation_encodings\": {}, \"param_encodings\": {}}");
        assertThatThrownBy(() -> SmallSim.made(UnaryOperator.identity()).loadEncodings(file))
                .isInstanceOf(StateException.class).hasMessageStartingWith("loadEncodings: the file has no encodings");
    }

    /** Cut off, edited, random: an error of the library's and an unchanged simulation, or a file that fits. */
    @Test
    void damagedFilesLeaveTheSimulationAsItWas() throws IOException {
        QuantizationSimModel sim = SmallSim.calibrated();
        String good = Files.readString(exported(sim, "0.6.1"));
        QuantizationSimModel other = SmallSim.made(UnaryOperator.identity());
        SmallSim.calibrate(other, 8);
        Map<String, String> before = SmallSim.state(other);
        Path file = folder.resolve("damaged.encodings");
        Rng rng = new Rng(21);
        int refused = 0;
        int rounds = 3000;
        for (int round = 0; round < rounds; round++) {
            Files.writeString(file, EncodingsErrorsTest.damage(good, rng));
            try {
                other.loadEncodings(file);
                before = SmallSim.state(other);
            } catch (FormatException | StateException expected) {
                refused++;
                assertThat(expected.getMessage()).isNotEmpty();
                if (round % 20 == 0) {
                    assertThat(SmallSim.state(other)).isEqualTo(before);
                }
            }
        }
        assertThat(SmallSim.state(other)).isEqualTo(before);
        System.out.println("encodings loaded into a simulation: " + rounds + " damaged files, " + refused + " refused");
        assertThat(refused).isGreaterThan(rounds / 2);
    }
}

package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.export.onnx.OnnxModel;
import org.bitgrid.quant.export.onnx.OnnxRuntime;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ExportBundleTest {
    @TempDir
    private Path folder;

    private TensorEncodings encodings(QuantizationSimModel sim, ExportOptions options) {
        sim.export(folder, "model", options, SmallSim.SAMPLE);
        assertThat(ExportVerifier.verify(folder, "model").faults()).isEmpty();
        return TensorEncodings.read(folder.resolve("model.encodings"));
    }

    private static Map<String, FileEncoding> byName(TensorEncodings encodings) {
        Map<String, FileEncoding> byName = new LinkedHashMap<>();
        encodings.all().forEach(each -> byName.put(each.name(), each.encoding()));
        return byName;
    }

    @TestFactory
    Stream<DynamicTest> everyVersionAndConfiguration() {
        return Stream.of(EncodingsVersion.values()).flatMap(version -> Stream.of("default", "default_per_channel",
                "htp_v73", "htp_v81").map(config -> DynamicTest.dynamicTest(version + " " + config, () -> {
                    QuantizationSimModel sim = SmallSim.calibrated(options -> options.config(config));
                    ExportReport report = sim.export(folder, "model", ExportOptions.of(version), SmallSim.SAMPLE);
                    assertThat(report.entries()).isEqualTo((int) sim.slotQuantizers().stream().filter(each ->
                            each.quantizer().isInitialized()).count());
                    VerificationReport verified = ExportVerifier.verify(folder, "model");
                    assertThat(verified.faults()).isEmpty();
                    assertThat(verified.further()).hasSameSizeAs(report.further());
                })));
    }

    /** Which further entries a version has, and what they say. */
    @Test
    void furtherEncodingsOfVersion2() {
        QuantizationSimModel sim = SmallSim.calibrated();
        ExportReport report = sim.export(folder, "model", ExportOptions.of("2.0.0"), SmallSim.SAMPLE);
        Map<String, FurtherEncoding.Kind> kinds = new LinkedHashMap<>();
        report.further().forEach(each -> kinds.put(each.name(), each.kind()));
        assertThat(kinds).containsEntry("/Reshape_output_0", FurtherEncoding.Kind.INHERITED)
                .containsEntry("conv.bias", FurtherEncoding.Kind.INT32_BIAS)
                .containsEntry("second.bias", FurtherEncoding.Kind.INT32_BIAS)
                .containsEntry("fc.bias", FurtherEncoding.Kind.INT32_BIAS);
        assertThat(report.toString()).contains("/Reshape_output_0: inherited from ",
                "fc.bias: int32 bias from fc.weight");
        Map<String, FileEncoding> listed = byName(TensorEncodings.read(folder.resolve("model.encodings")));
        FileEncoding bias = listed.get("conv.bias");
        assertThat(bias.bitwidth()).isEqualTo(32);
        assertThat(bias.scale()).containsExactly(listed.get("input").scale().get(0)
                * listed.get("conv.weight").scale().get(0));
        assertThat(listed.get("/Reshape_output_0").sameNumbers(
                listed.get(report.further().stream().filter(each -> each.name().equals("/Reshape_output_0")).findFirst()
                        .orElseThrow().from()))).isTrue();
    }

    @Test
    void furtherEncodingsCanBeChosen() {
        QuantizationSimModel sim = SmallSim.calibrated();
        ExportOptions none = ExportOptions.of("2.0.0").dataMovement(false).rescaling(false).int32Bias(false);
        assertThat(sim.export(folder, "model", none, SmallSim.SAMPLE).further()).isEmpty();
        ExportOptions all = ExportOptions.of("0.6.1").dataMovement(true).rescaling(true).int32Bias(true);
        assertThat(encodings(sim, all).parameters()).extracting(NamedEncoding::name).contains("fc.bias");
    }

    @Test
    void activationsCanBeMadeUnsigned() {
        UnaryOperator<QuantizationSimModel> symmetric = sim -> {
            sim.layers().symmetricActivations(true);
            SmallSim.calibrate(sim, 3);
            return sim;
        };
        QuantizationSimModel sim = symmetric.apply(SmallSim.made(UnaryOperator.identity()));
        FileEncoding unsigned = byName(encodings(sim, ExportOptions.of("2.0.0"))).get("input");
        assertThat(unsigned.signed()).contains(false);
        assertThat(unsigned.lowest()).containsExactly(-128L);
        FileEncoding asItIs = byName(encodings(sim, ExportOptions.of("2.0.0").activations(
                ExportOptions.Activations.AS_THEY_ARE))).get("input");
        assertThat(asItIs.signed()).contains(true);
        assertThat(asItIs.sameNumbers(unsigned)).isTrue();
        QuantizationSimModel other = symmetric.apply(SmallSim.made(UnaryOperator.identity()));
        other.loadEncodings(folder.resolve("model_torch.encodings"));
        assertThat(other.slotQuantizers().get(1).quantizer().encoding())
                .isEqualTo(sim.slotQuantizers().get(1).quantizer().encoding());
    }

    @Test
    void blocksAndGroupsAndFormatsOfFloatingPoint() {
        for (EncodingsVersion version : EncodingsVersion.values()) {
            QuantizationSimModel sim = SmallSim.made(UnaryOperator.identity());
            sim.layersOf(Linear.class).blockwiseWeights(4, true, 12);
            sim.layersOf(Conv2d.class).groupedBlockwiseWeights(4, 8, 2);
            sim.layers("second").floatActivations(FloatFormat.FLOAT16);
            SmallSim.calibrate(sim, 3);
            Map<String, FileEncoding> listed = byName(encodings(sim, ExportOptions.of(version)));
            assertThat(listed.get("fc.weight").scale()).hasSize(9);
            assertThat(listed.get("second.weight").bitwidth()).isEqualTo(4);
            assertThat(listed.values()).anyMatch(FileEncoding::isFloat);
            if (version.compareTo(EncodingsVersion.V1_0_0) >= 0) {
                assertThat(listed.get("fc.weight").blockSize()).isEqualTo(12);
                assertThat(listed.get("second.weight").grouping().decompressedBitwidth()).isEqualTo(8);
            }
        }
    }

    /** A layer that vanishes when it is evaluated, and two layers that read one tensor each with its own quantizer. */
    @Test
    void everyQuantizerGetsATensor() {
        QuantizationSimModel sim = SmallSim.made(UnaryOperator.identity());
        sim.set(new SlotId("drop", SlotId.Kind.INPUT, "0"), new QuantizeDequantize(Shape.of(1), 7, false));
        sim.set(new SlotId("drop", SlotId.Kind.OUTPUT, "0"), new QuantizeDequantize(Shape.of(1), 4, false));
        sim.set(new SlotId("second", SlotId.Kind.INPUT, "0"), new QuantizeDequantize(Shape.of(1), 6, false));
        sim.set(new SlotId("module_add", SlotId.Kind.INPUT, "0"), new QuantizeDequantize(Shape.of(1), 5, false));
        SmallSim.calibrate(sim, 3);
        sim.export(folder, "model", SmallSim.SAMPLE);
        OnnxModel model = OnnxModel.read(folder.resolve("model.onnx"));
        Map<String, FileEncoding> listed = byName(TensorEncodings.read(folder.resolve("model.encodings")));
        assertThat(model.graph().tensorNames()).contains("/drop/Identity_output_0",
                "/module_add/Identity_output_0");
        assertThat(listed.get("/drop/Identity_output_0").bitwidth()).isEqualTo(4);
        assertThat(listed.get("/module_add/Identity_output_0").bitwidth()).isEqualTo(5);
        Tensor x = Tensors.randn(new Rng(2), 7, 2, 6, 6);
        try (OnnxRuntime runtime = OnnxRuntime.of(Files.readAllBytes(folder.resolve("model.onnx")))) {
            float[] actual = runtime.run(x).get(0).toFloatArray();
            float[] expected = sim.getOriginalModel(true).call(x).toFloatArray();
            for (int i = 0; i < actual.length; i++) {
                assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(1e-4f);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void weightsAreTheTrainedOnes() {
        QuantizationSimModel sim = SmallSim.calibrated();
        sim.export(folder, "model", SmallSim.SAMPLE);
        Map<String, Tensor> weights = SafeTensors.read(folder.resolve("model.safetensors"));
        assertThat(weights).containsKeys("conv.weight", "conv.bias", "fc.weight");
        assertThat(weights.keySet()).noneMatch(name -> name.contains("quantizers"));
        assertThat(weights.get("fc.weight").toFloatArray()).isEqualTo(
                sim.model().stateDict().get("fc.weight").toFloatArray());
        assertThat(OnnxModel.read(folder.resolve("model.onnx")).graph().initializersByName().get("fc.weight").tensor()
                .toFloatArray()).isNotEqualTo(weights.get("fc.weight").toFloatArray());
    }

    @Test
    void whatIsNotCalibratedIsNamed() {
        QuantizationSimModel sim = SmallSim.made(UnaryOperator.identity());
        assertThatThrownBy(() -> sim.export(folder, "model", SmallSim.SAMPLE)).isInstanceOf(StateException.class)
                .hasMessageStartingWith("export: ")
                .hasMessageContaining("quantizers know no range; got [conv.input[0], ")
                .hasMessageContaining("calibrate with computeEncodings");
        assertThat(folder).isEmptyDirectory();
    }

    /** Nothing half-written: an export that fails leaves the files of the one before. */
    @Test
    void aFailedExportLeavesNothingBehind() throws IOException {
        QuantizationSimModel sim = SmallSim.calibrated();
        sim.export(folder, "model", SmallSim.SAMPLE);
        byte[] before = Files.readAllBytes(folder.resolve("model.encodings"));
        sim.layers("fc").paramBitwidth(6);
        SmallSim.calibrate(sim, 3);
        assertThatThrownBy(() -> sim.export(folder, "model", ExportOptions.of("2.0.0"), SmallSim.SAMPLE))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("integers of this many bits; got 6 for fc.weight");
        assertThat(Files.readAllBytes(folder.resolve("model.encodings"))).isEqualTo(before);
        assertThatThrownBy(() -> sim.export(folder, "a/b", SmallSim.SAMPLE)).isInstanceOf(StateException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void theSameSimulationGivesTheSameBytes() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        for (Path path : List.of(first, second)) {
            SmallSim.calibrated().export(path, "model", SmallSim.SAMPLE);
        }
        for (String name : List.of("model.onnx", "model.safetensors", "model.encodings", "model_torch.encodings")) {
            assertThat(Arrays.equals(Files.readAllBytes(first.resolve(name)), Files.readAllBytes(second.resolve(name))))
                    .as(name).isTrue();
        }
    }

    /** Export in the middle of training: the file is of the evaluated model, and training goes on. */
    @Test
    void aModelInTrainingIsExportedAsEvaluated() throws IOException {
        QuantizationSimModel sim = SmallSim.calibrated();
        sim.model().eval();
        sim.export(folder.resolve("a"), "model", SmallSim.SAMPLE);
        sim.model().train();
        Tensor x = Tensors.randn(new Rng(4), 2, 2, 6, 6);
        sim.model().call(x);
        sim.export(folder.resolve("b"), "model", SmallSim.SAMPLE);
        assertThat(Files.readAllBytes(folder.resolve("b/model.onnx")))
                .isEqualTo(Files.readAllBytes(folder.resolve("a/model.onnx")));
        assertThat(sim.model().get("drop").isTraining()).isTrue();
        assertThat(sim.model().call(x).toFloatArray()).isNotEqualTo(sim.model().call(x).toFloatArray()); // dropout
    }

    /** Products of tiny scales cannot express it in 32 bits; the weight's scale is not touched for that. */
    @Test
    void aBiasThatDoesNotFitHasItsOwnScale() {
        QuantizationSimModel sim = SmallSim.calibrated();
        ((AffineQuantizer) sim.quantizer(new SlotId("fc", SlotId.Kind.PARAM, "weight"))).setRange(-1e-6, 1e-6);
        Parameter bias = sim.model().get("fc").ownParameters().get("bias");
        bias.set(Tensors.of(3000f, -5000f, 1f));
        Map<String, FileEncoding> listed = byName(encodings(sim, ExportOptions.of("2.0.0")));
        assertThat(listed.get("fc.bias").scale()).containsExactly(5000f / Integer.MAX_VALUE);
        FileEncoding weight = FileEncoding.of(
                sim.quantizer(new SlotId("fc", SlotId.Kind.PARAM, "weight")).encoding());
        assertThat(listed.get("fc.weight").scale()).isEqualTo(weight.scale());
    }
}

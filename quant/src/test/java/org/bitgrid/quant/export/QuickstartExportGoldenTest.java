package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.Golden;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The trained quickstart network with the ranges that AIMET found, exported in each version that AIMET wrote: all that
 * does not come from calibration (names, inherited encodings, biases) must be AIMET's.
 */
class QuickstartExportGoldenTest {
    private static final Tensor SAMPLE = Tensors.rand(new Rng(1), 2, 1, 28, 28);

    @TempDir
    private Path folder;

    private static final class Network extends Module {
        final Conv2d conv1 = add("conv1", new Conv2d(1, 128, 3).stride(2).padding(1));
        final BatchNorm2d bn1 = add("bn_1", new BatchNorm2d(128));
        final Conv2d conv2 = add("conv2", new Conv2d(128, 256, 3).stride(2).padding(1));
        final BatchNorm2d bn2 = add("bn_2", new BatchNorm2d(256));
        final Linear linear = add("linear", new Linear(256 * 7 * 7, 10));

        @Override
        protected Tensor forward(Tensor x) {
            x = F.relu(bn1.call(conv1.call(x)));
            x = F.relu(bn2.call(conv2.call(x)));
            x = linear.call(x.view(x.size(0), -1));
            return F.softmax(x, -1);
        }
    }

    private static QuantizationSimModel sim(Path golden) {
        Network network = new Network();
        Map<String, Tensor> state = new LinkedHashMap<>(network.stateDict());
        state.keySet().removeIf(key -> !key.endsWith("num_batches_tracked"));
        state.putAll(SafeTensors.read(Golden.path("quickstart/trained.safetensors")));
        network.loadStateDict(state);
        network.eval();
        JsonValue arguments = Json.read(golden.resolve("0.6.1-quickstart.encodings")).get("quantizer_args");
        boolean perChannel = arguments.get("per_channel_quantization").asBoolean();
        QuantSimOptions options = QuantSimOptions.defaults().scheme(arguments.get("quant_scheme").asString())
                .config(perChannel ? "default_per_channel" : "default")
                .outputBitwidth(arguments.get("activation_bitwidth").asInt())
                .paramBitwidth(arguments.get("param_bitwidth").asInt());
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            GraphModule prepared = ModelPreparer.prepareModel(network, SAMPLE);
            BatchNormFolding.foldAllBatchNorms(prepared, SAMPLE);
            QuantizationSimModel sim = new QuantizationSimModel(prepared, SAMPLE, options);
            sim.loadEncodings(golden.resolve("0.6.1-quickstart_torch.encodings"));
            return sim;
        }
    }

    @TestFactory
    Stream<DynamicTest> filesByTensor() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Golden.path("quickstart/export"))) {
            for (Path golden : folders.sorted().toList()) {
                QuantizationSimModel sim = sim(golden);
                try (Stream<Path> files = Files.list(golden)) {
                    files.filter(file -> file.toString().endsWith("quickstart.encodings")).sorted().forEach(file ->
                            tests.add(dynamicTest(golden.getFileName() + "/" + file.getFileName(), () ->
                                    check(sim, file))));
                }
            }
        }
        System.out.println("quickstart exports: " + tests.size() + " cases");
        return tests.stream();
    }

    private void check(QuantizationSimModel sim, Path file) {
        TensorEncodings expected = TensorEncodings.read(file);
        // Files called onnx-… come from the exporter that lists steps that only move data.
        boolean dataMovement = file.getFileName().toString().startsWith("onnx-");
        ExportOptions options = ExportOptions.of(expected.header().version()).dataMovement(dataMovement);
        sim.export(folder, "model", options, SAMPLE);
        TensorEncodings actual = TensorEncodings.read(folder.resolve("model.encodings"));
        assertThat(actual.header().arguments()).isEqualTo(expected.header().arguments());
        Map<String, FileEncoding> mine = byName(actual);
        Map<String, FileEncoding> theirs = byName(expected);
        assertThat(new TreeSet<>(mine.keySet())).isEqualTo(new TreeSet<>(theirs.keySet()));
        mine.forEach((name, encoding) -> {
            FileEncoding other = theirs.get(name);
            assertThat(encoding.bitwidth()).as(name).isEqualTo(other.bitwidth());
            assertThat(encoding.symmetric()).as(name).isEqualTo(other.symmetric());
            assertThat(encoding.signed()).as(name).isEqualTo(other.signed());
            assertThat(encoding.lowest()).as(name).isEqualTo(other.lowest());
            assertThat(encoding.axis()).as(name).isEqualTo(other.axis());
            assertThat(encoding.scale()).as(name).hasSameSizeAs(other.scale());
            for (int i = 0; i < encoding.scale().size(); i++) {
                double right = other.scale().get(i);
                assertThat(Math.abs(encoding.scale().get(i) - right)).as(name).isLessThanOrEqualTo(1e-6 * right);
            }
        });
    }

    private static Map<String, FileEncoding> byName(TensorEncodings encodings) {
        Map<String, FileEncoding> byName = new LinkedHashMap<>();
        encodings.all().forEach(each -> byName.put(standard(each.name()), each.encoding()));
        return byName;
    }

    private static String standard(String name) {
        return name.equals("t.1") ? "input" : name.matches("\\d+") ? "output" : name;
    }
}

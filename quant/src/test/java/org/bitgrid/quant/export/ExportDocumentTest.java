package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page on export. */
class ExportDocumentTest {
    private static String page() throws IOException {
        Path page = Files.exists(Path.of("docs/export.md")) ? Path.of("docs/export.md") : Path.of("../docs/export.md");
        return Files.readString(page);
    }

    /** Each file is what Bitgrid itself would write of it. */
    @TestFactory
    Stream<DynamicTest> filesAreWrittenAsTheyAreShown() throws IOException {
        List<String> examples = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(page()).results()
                .map(match -> match.group(1)).toList();
        assertThat(examples).hasSize(5);
        return examples.stream().map(text -> DynamicTest.dynamicTest(firstName(text), () -> {
            JsonValue json = Json.parse(text);
            boolean byModule = text.contains("\"input\": {");
            String written = byModule ? ModuleEncodings.of(json).toText() : TensorEncodings.of(json).toText();
            if (text.contains("[[")) { // shown on fewer lines
                assertThat(Json.format(Json.parse(written), JsonStyle.LINE).replace(" ", ""))
                        .isEqualTo(Json.format(json, JsonStyle.LINE).replace(" ", ""));
            } else {
                assertThat(written).isEqualTo(text.stripTrailing());
            }
        }));
    }

    private static String firstName(String text) {
        Matcher version = Pattern.compile("\"version\": \"(\\d.\\d.\\d)\"\n}").matcher(text);
        return version.find() ? version.group(1) : "unknown";
    }

    @Test
    void theCallsOfThePage(@TempDir Path folder) {
        QuantizationSimModel sim = SmallSim.calibrated();
        Tensor sampleInput = SmallSim.SAMPLE;
        ExportReport report = sim.export(folder, "model", sampleInput);
        assertThat(report.files()).allMatch(Files::exists);
        ExportOptions options = ExportOptions.of("2.0.0").int32Bias(false);
        assertThat(sim.export(folder, "model", options, sampleInput).further())
                .noneMatch(each -> each.kind() == FurtherEncoding.Kind.INT32_BIAS);
        Path file = folder.resolve("model_torch.encodings");
        sim.loadEncodings(file);
        sim.loadEncodings(file, LoadOptions.defaults().strict(false).partial(false));
        sim.loadAndFreezeEncodings(file);
        sim.setAndFreezeParamEncodings(file);
        assertThat(ExportVerifier.verify(folder)).allMatch(VerificationReport::isSound);
    }
}

package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were changed after the export: each change is found and named. */
class ExportVerifierTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void export() {
        SmallSim.calibrated().export(folder, "model", ExportOptions.of("1.0.0").dataMovement(true).int32Bias(true),
                SmallSim.SAMPLE);
    }

    private List<String> faults() {
        return ExportVerifier.verify(folder, "model").faults();
    }

    private void edit(String file, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(folder.resolve(file), text.replace(from, to));
    }

    @Test
    void whatWasExportedIsSound() {
        List<VerificationReport> reports = ExportVerifier.verify(folder);
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).isSound()).isTrue();
        assertThat(reports.get(0).toString()).startsWith("model: ").contains(" further ones, nothing differs",
                "fc.bias: int32 bias from fc.weight",
                "/module_mul/Mul_output_0: rescaled from /module_add/Add_output_0",
                "/module_mul/Constant_output_0: constant");
    }

    @Test
    void anEntryOfNoTensor() throws IOException {
        edit("model.encodings", "\"/fc/Gemm_output_0\"", "\"/fc/Gem_output_0\"");
        assertThat(faults()).contains("/fc/Gem_output_0 has an encoding but is no tensor of the graph",
                "fc.output[0] has a quantizer but /fc/Gemm_output_0 has no encoding by tensor",
                "/fc/Gem_output_0 has an encoding that no quantizer gave and the model does not note");
    }

    @Test
    void numbersThatDiffer() throws IOException {
        FileEncoding first = TensorEncodings.read(folder.resolve("model.encodings")).parameters().get(0).encoding();
        String scale = first.scale().get(0).toString();
        edit("model.encodings", scale, "0.125");
        assertThat(faults()).containsExactly("conv.weight by module and conv.weight by tensor have different numbers");
    }

    @Test
    void aMissingEntry() throws IOException {
        ModuleEncodings all = ModuleEncodings.read(folder.resolve("model_torch.encodings"));
        Files.writeString(folder.resolve("model_torch.encodings"), new ModuleEncodings(all.header(),
                all.activations().subList(1, all.activations().size()), all.parameters()).toText());
        assertThat(faults()).contains(all.activations().get(0).place() + " has a quantizer but no encoding by module");
    }

    @Test
    void anEntryThatNobodyGave() throws IOException {
        TensorEncodings all = TensorEncodings.read(folder.resolve("model.encodings"));
        List<NamedEncoding> more = new ArrayList<>(all.activations());
        more.add(new NamedEncoding("/conv/Conv_output_0", FileEncoding.perTensor(8, false, false, 0.5f, 0)));
        Files.writeString(folder.resolve("model.encodings"), new TensorEncodings(all.header(), more, all.parameters())
                .toText());
        assertThat(faults()).containsExactly(
                "/conv/Conv_output_0 has an encoding that no quantizer gave and the model does not note");
    }

    @Test
    void otherWeights() {
        Map<String, Tensor> weights = new LinkedHashMap<>(SafeTensors.read(folder.resolve("model.safetensors")));
        weights.put("fc.weight", weights.get("fc.weight").mul(1.5));
        weights.put("fc.bias", weights.get("fc.bias").add(1.0));
        weights.remove("second.bias");
        SafeTensors.write(folder.resolve("model.safetensors"), weights);
        assertThat(faults()).containsExactlyInAnyOrder(
                "fc.weight of the model is not the trained weight quantized by its encoding; values differ",
                "fc.bias is not quantized, but differs from the trained weights",
                "second.bias of the model is not among the trained weights");
    }

    @Test
    void otherHeaders() throws IOException {
        edit("model_torch.encodings", "\"param_bitwidth\": 4", "\"param_bitwidth\": 5");
        assertThat(faults()).hasSize(1).first().asString().startsWith("the two encodings files differ in version");
    }

    @Test
    void anInheritedEncodingThatWasNot() throws IOException {
        TensorEncodings all = TensorEncodings.read(folder.resolve("model.encodings"));
        List<NamedEncoding> changed = all.activations().stream().map(each -> each.name().equals("/Reshape_output_0")
                ? new NamedEncoding(each.name(), FileEncoding.perTensor(8, false, false, 0.5f, 0)) : each).toList();
        Files.writeString(folder.resolve("model.encodings"), new TensorEncodings(all.header(), changed,
                all.parameters()).toText());
        assertThat(faults()).containsExactly("/Reshape_output_0 has not the encoding of /module_mul/Mul_output_0, "
                + "whose numbers it holds");
    }

    @Test
    void missingAndDamagedFiles() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("model.encodings"), "{");
        assertThat(faults()).hasSize(2).anyMatch(fault -> fault.contains("model.encodings"))
                .anyMatch(fault -> fault.contains("no such file or folder"));
    }

    /** Every byte that is changed is either found, or does not matter to any number. */
    @Test
    void randomDamageNeverEscapesAsAnotherError() throws IOException {
        Rng rng = new Rng(17);
        List<String> names = List.of("model.onnx", "model.safetensors", "model.encodings", "model_torch.encodings");
        Map<String, byte[]> good = new LinkedHashMap<>();
        for (String name : names) {
            good.put(name, Files.readAllBytes(folder.resolve(name)));
        }
        int found = 0;
        int rounds = 600;
        for (int round = 0; round < rounds; round++) {
            String name = names.get(round % names.size());
            byte[] damaged = good.get(name).clone();
            damaged[rng.nextInt(damaged.length)] ^= (byte) (1 << rng.nextInt(8));
            Files.write(folder.resolve(name), damaged);
            found += faults().isEmpty() ? 0 : 1;
            Files.write(folder.resolve(name), good.get(name));
        }
        System.out.println("exports: " + rounds + " flipped bits, " + found + " found");
        assertThat(found).isGreaterThan(rounds / 2);
        assertThat(faults()).isEmpty();
    }

    @Test
    void aFolderWithoutExportIsAnError() {
        assertThatThrownBy(() -> ExportVerifier.verify(folder.resolve("nowhere"))).isInstanceOf(FileException.class)
                .hasMessageContaining("no such file or folder");
        Path empty = folder.resolve("empty");
        empty.toFile().mkdir();
        assertThatThrownBy(() -> ExportVerifier.verify(empty)).isInstanceOf(StateException.class)
                .hasMessageContaining("no exported model");
    }
}

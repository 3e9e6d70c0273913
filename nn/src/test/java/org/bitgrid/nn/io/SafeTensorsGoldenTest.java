package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The safetensors files of the golden data: good ones exactly, malformed ones refused. */
class SafeTensorsGoldenTest {
    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> files() throws IOException {
        Path folder = GoldenFiles.folder("files");
        if (folder == null) {
            return Stream.empty();
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files) {
            boolean refuse = file.toString().contains("_refuse");
            tests.add(DynamicTest.dynamicTest(file.getFileName().toString(),
                    refuse ? () -> refused(file) : () -> good(file, folder)));
        }
        System.out.println("golden safetensors files: " + tests.size() + " cases");
        return tests.stream();
    }

    private static void refused(Path file) {
        assertThatThrownBy(() -> SafeTensors.read(file)).isInstanceOf(FormatException.class)
                .hasMessageContaining(file.getFileName().toString());
    }

    private void good(Path file, Path folder) throws IOException {
        Map<String, Tensor> read = SafeTensors.read(file);
        assertThat(read).isNotEmpty();
        JsonValue expected = Json.read(folder.resolve("files.json")).get("tensors");
        read.forEach((name, tensor) -> {
            JsonValue values = expected.get(name);
            assertThat(tensor.spec().shape().toArray()).as(name).isEqualTo(values.get("shape").asInts());
            assertThat(tensor.toDoubleArray()).as(name).isEqualTo(values.get("values").asDoubles());
            String type = values.get("dtype").asString();
            DType dtype = type.equals("float16") || type.equals("bfloat16") ? DType.FLOAT32 : tensor.dtype();
            assertThat(tensor.dtype()).isEqualTo(dtype);
            assertThat(type).isIn(dtype.toString(), "float16", "bfloat16");
        });
        writesTheSameBytes(file, read);
    }

    private void writesTheSameBytes(Path file, Map<String, Tensor> tensors) throws IOException {
        Map<String, ElementType> types = new LinkedHashMap<>();
        Map<String, String> metadata;
        try (SafeTensorsFile open = SafeTensorsFile.open(file)) {
            open.entries().forEach((name, entry) -> types.put(name, entry.type()));
            metadata = new LinkedHashMap<>(open.metadata());
        }
        Path copy = temporary.resolve(file.getFileName());
        SafeTensors.write(copy, tensors, metadata, types);
        assertThat(Files.readAllBytes(copy)).isEqualTo(Files.readAllBytes(file));
    }
}

package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @TempDir
    Path folder;

    @Test
    void everyTypeSurvivesWritingAndReading() {
        Rng rng = new Rng(7);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("float", Tensors.randn(rng, 3, 40_000));
        tensors.put("double", Tensors.randn(rng, 5).to(DType.FLOAT64));
        tensors.put("long", Tensors.of(new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}, 3));
        tensors.put("int", Tensors.of(new int[] {Integer.MIN_VALUE, 7}, 2, 1));
        tensors.put("bytes", Tensors.ofBytes(new byte[] {0, 127, -128, -1}, 2, 2));
        tensors.put("signed", Tensors.ofBytes(DType.INT8, new byte[] {-128, 127}, 2));
        tensors.put("flags", Tensors.of(true, false, true));
        tensors.put("scalar", Tensors.scalar(2.5));
        tensors.put("empty", Tensors.zeros(0, 3));
        tensors.put("view", Tensors.arange(6).reshape(2, 3).transpose(0, 1));
        Path file = folder.resolve("all.safetensors");
        SafeTensors.write(file, tensors, Map.of("note", "é"));
        Map<String, Tensor> read = SafeTensors.read(file);
        assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            assertThat(read.get(name).spec()).as(name).isEqualTo(tensor.spec());
            assertThat(read.get(name).toDoubleArray()).as(name).isEqualTo(tensor.toDoubleArray());
        });
        assertThat(read.get("long").toLongArray()).isEqualTo(tensors.get("long").toLongArray());
        try (SafeTensorsFile open = SafeTensorsFile.open(file)) {
            assertThat(open.metadata()).containsExactly(Map.entry("note", "é"));
            assertThat(open.entries().get("int").shape()).isEqualTo(Shape.of(2, 1));
            assertThatThrownBy(() -> open.tensor("absent")).hasMessageContaining("no tensor of this name");
        }
    }

    @Test
    void narrowTypesAreWrittenOnRequest() {
        Tensor values = Tensors.of(1f, -0.5f, 3.14159f, 1e-3f);
        Path file = folder.resolve("narrow.safetensors");
        SafeTensors.write(file, Map.of("half", values, "brain", values, "small", Tensors.arange(3)), Map.of(),
                Map.of("half", ElementType.F16, "brain", ElementType.BF16, "small", ElementType.U16));
        Map<String, Tensor> read = SafeTensors.read(file);
        assertThat(read.get("half").toFloatArray()).containsExactly(1f, -0.5f, 3.140625f, 0.0010004044f);
        assertThat(read.get("brain").toFloatArray()).containsExactly(1f, -0.5f, 3.140625f, 0.0009994507f);
        assertThat(read.get("small").dtype()).isEqualTo(DType.INT32);
        assertThat(read.get("small").toLongArray()).containsExactly(0, 1, 2);
    }

    @Test
    void refusesToWriteWhatWouldBeLost() {
        Path file = folder.resolve("no.safetensors");
        assertThatThrownBy(() -> SafeTensors.write(file, Map.of("a", Tensors.scalar(1)), Map.of(),
                Map.of("a", ElementType.I32))).hasMessageContaining("a cannot be written as I32");
        assertThatThrownBy(() -> SafeTensors.write(file, Map.of("a", Tensors.of(new long[] {300}, 1)), Map.of(),
                Map.of("a", ElementType.U8))).hasMessageContaining("got 300; expected 0 to 255");
        assertThatThrownBy(() -> SafeTensors.write(file, Map.of("a", Tensors.of(new long[] {-129}, 1)), Map.of(),
                Map.of("a", ElementType.I8))).hasMessageContaining("got -129; expected -128 to 127");
        assertThatThrownBy(() -> SafeTensors.write(file, Map.of("__metadata__", Tensors.scalar(1))))
                .hasMessageContaining("reserved");
        assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), Map.of(), Map.of("b", ElementType.F16)))
                .hasMessageContaining("not there; got b");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileIsTheSameWhateverTheOrderOfTheMap() throws IOException {
        Map<String, Tensor> one = new LinkedHashMap<>();
        one.put("b", Tensors.arange(3));
        one.put("a", Tensors.of(1f, 2f));
        one.put("c", Tensors.of(3f));
        Map<String, Tensor> other = new LinkedHashMap<>();
        other.put("c", one.get("c"));
        other.put("a", one.get("a"));
        other.put("b", one.get("b"));
        SafeTensors.write(folder.resolve("one"), one);
        SafeTensors.write(folder.resolve("other"), other);
        assertThat(Files.readAllBytes(folder.resolve("one"))).isEqualTo(Files.readAllBytes(folder.resolve("other")));
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> SafeTensors.read(folder.resolve("absent"))).isInstanceOf(FileException.class)
                .hasMessageContaining("no such file").hasMessageContaining("absent");
        assertThatThrownBy(() -> SafeTensors.read(folder)).isInstanceOf(FileException.class);
    }
}

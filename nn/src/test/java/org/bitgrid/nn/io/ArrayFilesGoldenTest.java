package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The files of the golden data that NumPy and PyTorch wrote: good ones exactly, malformed and harmful ones refused. */
class ArrayFilesGoldenTest {
    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> files() throws IOException {
        Path folder = GoldenFiles.folder("files");
        if (folder == null) {
            return Stream.empty();
        }
        JsonValue expected = Json.read(folder.resolve("files.json")).get("tensors");
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.sorted().toList()) {
                String name = file.getFileName().toString();
                String kind = name.substring(name.lastIndexOf('.') + 1);
                if (List.of("npy", "npz", "pt").contains(kind)) {
                    tests.add(DynamicTest.dynamicTest(name, name.contains("_refuse") ? () -> refused(file, kind)
                            : () -> good(file, kind, expected)));
                }
            }
        }
        System.out.println("golden npy, npz and pt files: " + tests.size() + " cases");
        return tests.stream();
    }

    private static Object read(Path file, String kind) {
        return switch (kind) {
            case "npy" -> Npy.read(file);
            case "npz" -> Npy.readAll(file);
            default -> TorchFile.read(file);
        };
    }

    private static void refused(Path file, String kind) {
        assertThatThrownBy(() -> read(file, kind)).isInstanceOf(FormatException.class)
                .hasMessageContaining(file.getFileName().toString()).message().doesNotContain("\n");
    }

    private void good(Path file, String kind, JsonValue expected) throws IOException {
        String name = file.getFileName().toString();
        if (kind.equals("npy")) {
            Tensor tensor = Npy.read(file);
            same(name, tensor, expected.get(name));
            Path copy = temporary.resolve(name);
            Npy.write(copy, tensor);
            assertThat(Npy.read(copy).toDoubleArray()).isEqualTo(tensor.toDoubleArray());
            if (name.equals("c_order.npy") || name.equals("scalar.npy")) {
                assertThat(Files.readAllBytes(copy)).isEqualTo(Files.readAllBytes(file));
            }
        } else if (kind.equals("npz")) {
            Map<String, Tensor> tensors = Npy.readAll(file);
            assertThat(tensors).isNotEmpty();
            tensors.forEach((key, tensor) -> same(name, tensor, expected.get(name + ":" + key)));
            Path copy = temporary.resolve(name);
            Npy.writeAll(copy, tensors);
            assertThat(Npy.readAll(copy).keySet()).containsExactlyElementsOf(tensors.keySet());
        } else if (expected.has(name)) {
            nested(TorchFile.read(file), expected.get(name), TorchFile.readTensors(file));
        } else {
            Map<String, Tensor> tensors = TorchFile.readTensors(file);
            Map<String, Tensor> others = SafeTensors.read(file.resolveSibling("state.safetensors"));
            assertThat(tensors.keySet()).containsExactlyInAnyOrderElementsOf(others.keySet());
            tensors.forEach((key, tensor) -> same(key, tensor, expected.get(key)));
            assertThat(tensors.get("shared_a").storage()).isSameAs(tensors.get("shared_b").storage());
        }
    }

    private static void same(String name, Tensor tensor, JsonValue values) {
        assertThat(tensor.spec().shape().toArray()).as(name).isEqualTo(values.get("shape").asInts());
        assertThat(tensor.toDoubleArray()).as(name).isEqualTo(values.get("values").asDoubles());
        String type = values.get("dtype").asString();
        assertThat(tensor.dtype().toString()).as(name).isEqualTo(switch (type) {
            case "float16", "bfloat16" -> "float32";
            case "int16" -> "int32";
            default -> type;
        });
    }

    private static void nested(Object root, JsonValue expected, Map<String, Tensor> tensors) {
        Map<?, ?> map = (Map<?, ?>) root;
        assertThat(map.get("epoch")).isEqualTo(expected.get("epoch").asLong());
        Tensor weights = (Tensor) ((Map<?, ?>) map.get("model")).get("w");
        assertThat(weights.toDoubleArray()).isEqualTo(expected.get("model.w").asDoubles());
        List<?> list = (List<?>) map.get("list");
        assertThat(list.subList(0, 5)).isEqualTo(Arrays.asList(1L, 2.5, "x", null, true));
        Tensor inner = (Tensor) ((List<?>) list.get(5)).get(0);
        assertThat(inner.toDoubleArray()).isEqualTo(expected.get("list").get(5).get(0).asDoubles());
        assertThat(tensors.keySet()).containsExactly("model.w", "list.5.0");
    }

    @Test
    void nothingButKnownNamesIsBuilt() throws IOException {
        String[][] refused = {{"S'x'\n.", "0x53"}, {"cposix\nsystem\n(X\1\0\0\0xtR.", "posix.system"},
            {"cbuiltins\neval\n.", "builtins.eval"}, {"(ibuiltins\nlist\n.", "making of an object"},
            {"ctorch\nload\n.", "torch.load"}, {"]q\0h\0a.", "contains itself"}, {"\u0082\1.", "extension"}};
        for (String[] example : refused) {
            byte[] pickle = example[0].getBytes(StandardCharsets.ISO_8859_1);
            Path file = temporary.resolve("refused.pt");
            try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry("archive/data.pkl"));
                zip.write(pickle);
            }
            assertThatThrownBy(() -> TorchFile.read(file)).isInstanceOf(FormatException.class)
                    .hasMessageContaining(example[1]);
        }
    }

    @Test
    void tensorsThatLieOutsideTheirStorageAreRefused() {
        Map<String, Object> cases = new LinkedHashMap<>();
        TorchObjects objects = new TorchObjects("pt: test", key -> Tensors.zeros(4));
        Object storage = objects.persistent(tuple("storage", ElementType.F32, "0", "cpu", 4L));
        cases.put("offset", List.of(storage, 3L, tuple(2L), tuple(1L)));
        cases.put("stride", List.of(storage, 0L, tuple(2L), tuple(4L)));
        cases.put("size", List.of(storage, 0L, tuple(5L), tuple(1L)));
        cases.put("negative offset", List.of(storage, -1L, tuple(1L), tuple(1L)));
        cases.put("negative stride", List.of(storage, 3L, tuple(2L), tuple(-1L)));
        cases.put("huge", List.of(storage, 0L, tuple(1L << 20, 1L << 20), tuple(0L, 0L)));
        Object rebuild = objects.global("torch._utils", "_rebuild_tensor_v2");
        cases.forEach((what, arguments) -> assertThatThrownBy(() -> objects.call(rebuild, objectList(arguments)))
                .as(what).isInstanceOf(FormatException.class));
        Tensor view = (Tensor) objects.call(rebuild, List.of(storage, 1L, tuple(2L, 2L), tuple(0L, 1L)));
        assertThat(view.spec().shape().toArray()).containsExactly(2, 2);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> objectList(Object list) {
        return (List<Object>) list;
    }

    private static Unpickler.Tuple tuple(Object... items) {
        return new Unpickler.Tuple(List.of(items));
    }
}

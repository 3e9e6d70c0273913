package org.bitgrid.quant.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
    private static OnnxModel model() {
        OnnxTensor weight = OnnxTensor.of("weight", Tensors.randn(new Rng(1), 3, 40));
        OnnxNode constant = new OnnxNode("/Constant", "Constant", List.of(), List.of("number"),
                Map.of("value", OnnxTensor.of("", Tensors.full(Shape.SCALAR, 0.5, DType.FLOAT32))));
        OnnxNode gemm = new OnnxNode("/Gemm", "Gemm", List.of("input", "weight", ""), List.of("product"),
                Map.of("alpha", -1.5f));
        OnnxNode other = new OnnxNode("/Other", "Other", List.of("product", "number"), List.of("output", "extra"),
                Map.of("integers", List.of(1L, -2L, Long.MAX_VALUE), "floats", List.of(0.5f, Float.NaN), "text", "é",
                        "texts", List.of("a", "")));
        OnnxGraph graph = new OnnxGraph("main", List.of(constant, gemm, other), List.of(weight),
                List.of(new OnnxValue("input", OnnxType.FLOAT, List.of("batch", 40L))),
                List.of(new OnnxValue("output", OnnxType.INT64, List.of())));
        return new OnnxModel(10, 21, "bitgrid", "1.0", graph, Map.of("key", "value"));
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) {
        Path file = folder.resolve("model.onnx");
        model().write(file);
        assertThat(OnnxModel.read(file)).isEqualTo(model());
    }

    @Test
    void tensorsOfEveryTypeComeBack() {
        for (DType type : DType.values()) {
            Tensor values = Tensors.of(new float[] {0, 1, 100, 1, 3, 127}, 2, 3).to(type);
            Tensor back = OnnxTensor.of("x", values).tensor();
            assertThat(back.dtype()).isEqualTo(type);
            assertThat(back.shape()).isEqualTo(values.shape());
            assertThat(back.toDoubleArray()).isEqualTo(values.toDoubleArray());
        }
        assertThat(OnnxTensor.of("x", Tensors.of(-128f, 127f).to(DType.INT8)).tensor().toLongArray())
                .containsExactly(-128, 127);
    }

    @Test
    void cutOffAnywhereItIsAnErrorOrAShorterModel() {
        byte[] bytes = OnnxRuntime.bytes(model());
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            try {
                assertThat(OnnxModel.parse(part, "part")).isNotEqualTo(model());
            } catch (FormatException expected) {
                assertThat(expected).hasMessageStartingWith("part: ").hasMessageContaining("; at byte ");
            }
        }
    }

    /** Random damage: never anything but a model or an error of the format, and quickly. */
    @Test
    void damagedBytesAreAnErrorOrAnotherModel() {
        byte[] bytes = OnnxRuntime.bytes(model());
        Rng rng = new Rng(7);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = bytes.clone();
            for (int i = rng.nextInt(4); i >= 0; i--) {
                damaged[rng.nextInt(damaged.length)] = (byte) rng.nextInt(256);
            }
            try {
                OnnxModel.parse(damaged, "damaged").graph().tensorNames();
            } catch (FormatException expected) {
                refused++;
            }
        }
        System.out.println("onnx: 5000 damaged files, " + refused + " refused");
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void aTensorOfTheWrongSizeIsRefused() {
        assertThatThrownBy(() -> new OnnxTensor("w", OnnxType.FLOAT, List.of(3L), new byte[8]))
                .isInstanceOf(FormatException.class)
                .hasMessage("onnx: tensor \"w\" has the wrong number of bytes; got 8; expected 12 for float [3]");
        assertThatThrownBy(() -> new OnnxTensor("w", OnnxType.FLOAT, List.of(1L << 31, 4L), new byte[8]))
                .isInstanceOf(FormatException.class).hasMessageStartingWith("onnx: tensor \"w\" is too large");
        assertThatThrownBy(() -> new OnnxTensor("w", OnnxType.FLOAT, List.of(-1L), new byte[0]))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void aGraphOutOfOrderIsRefused() {
        OnnxNode first = new OnnxNode("a", "Relu", List.of("x"), List.of("y"), Map.of());
        OnnxNode second = new OnnxNode("b", "Relu", List.of("z"), List.of("y"), Map.of());
        OnnxValue x = new OnnxValue("x", OnnxType.FLOAT, List.of());
        assertThatThrownBy(() -> new OnnxGraph("g", List.of(second), List.of(), List.of(x), List.of()).check())
                .hasMessage("onnx: step b uses tensor \"z\", which nothing before it gives");
        assertThatThrownBy(() -> new OnnxGraph("g", List.of(first, first), List.of(), List.of(x), List.of()).check())
                .hasMessage("onnx: two tensors are called \"y\"");
        assertThatThrownBy(() -> new OnnxGraph("g", List.of(), List.of(), List.of(x), List.of(new OnnxValue("q",
                OnnxType.FLOAT, List.of()))).check()).hasMessage("onnx: no step gives the output \"q\"");
    }
}

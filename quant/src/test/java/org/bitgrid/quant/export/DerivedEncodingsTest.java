package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.export.onnx.OnnxGraph;
import org.bitgrid.quant.export.onnx.OnnxWriter;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class DerivedEncodingsTest {
    private static final FileEncoding INPUT = FileEncoding.perTensor(8, false, false, 0.5f, -10);
    private static final ExportOptions ALL = ExportOptions.of("1.0.0").dataMovement(true);

    private static List<FurtherEncoding> derived(UnaryOperator<Tensor> expression,
                                                 ExportOptions options) {
        Module module = new Module() {
            @Override
            protected Tensor forward(Tensor x) {
                return expression.apply(x);
            }
        };
        OnnxGraph graph = new OnnxWriter().write(module, Tensors.randn(new Rng(1), 2, 3, 4)).model().graph();
        return DerivedEncodings.of(graph, Map.of("input", INPUT), options);
    }

    @Test
    void whatOnlyMovesDataInherits() {
        List<FurtherEncoding> found = derived(x -> x.transpose(1, 2).reshape(x.size(0), -1).slice(1, 0, 5).relu(), ALL);
        assertThat(found).extracting(FurtherEncoding::name).containsExactly("/Transpose_output_0", "/Reshape_output_0",
                "/Slice_output_0");
        assertThat(found).allMatch(each -> each.kind() == FurtherEncoding.Kind.INHERITED
                && each.encoding().equals(INPUT));
        assertThat(derived(x -> x.transpose(1, 2).relu(), ExportOptions.of("1.0.0"))).isEmpty();
    }

    @Test
    void aFactorRescales() {
        List<FurtherEncoding> found = derived(x -> x.div(4.0).relu(), ALL);
        assertThat(found).extracting(FurtherEncoding::name).containsExactly("/Div_output_0", "/Constant_output_0");
        assertThat(found.get(0).encoding()).isEqualTo(FileEncoding.perTensor(8, false, false, 0.125f, -10));
        assertThat(found.get(1).encoding()).isEqualTo(FileEncoding.perTensor(8, false, false, 4f, 0));
    }

    /** Codes 0 to 255 stand for -5 to 122.5; times -2 these are -245 to 10. */
    @Test
    void aNegativeFactorTurnsTheGrid() {
        FileEncoding after = derived(x -> x.mul(-2.0).relu(), ALL).get(0).encoding();
        assertThat(after.scale()).containsExactly(1f);
        assertThat(after.lowest()).containsExactly(-245L);
        assertThat(derived(x -> x.mul(-2.0).relu(), ALL).get(1).encoding().lowest()).containsExactly(-1L);
    }

    @Test
    void whatComputesSomethingElseDoesNot() {
        assertThat(derived(x -> x.mul(0.0).relu(), ALL)).isEmpty();
        assertThat(derived(x -> x.add(1.0), ALL)).isEmpty();
        assertThat(derived(x -> x.mul(x), ALL)).isEmpty();
        assertThat(derived(x -> Tensors.scalar(1).div(x), ALL)).isEmpty();
    }
}

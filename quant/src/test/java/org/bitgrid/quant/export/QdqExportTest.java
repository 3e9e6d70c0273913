package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.export.onnx.OnnxModel;
import org.bitgrid.quant.export.onnx.OnnxNode;
import org.bitgrid.quant.export.onnx.OnnxRuntime;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotQuantizer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with their quantization in them: onnxruntime must compute what the simulation computes. */
class QdqExportTest {
    @TempDir
    private Path folder;

    private void agrees(QuantizationSimModel sim) throws IOException {
        Path file = folder.resolve("qdq.onnx");
        ExportBundle.writeQdq(sim, file, SmallSim.SAMPLE);
        List<SlotQuantizer> slots = sim.slotQuantizers();
        float step = ((AffineEncoding) slots.get(slots.size() - 1).quantizer().encoding()).scale()[0];
        sim.model().eval();
        int different = 0;
        int all = 0;
        // As the file says, step by step: fused, onnxruntime 1.22 gives zeros for a quantized softmax of this scale.
        try (OnnxRuntime runtime = OnnxRuntime.unfused(Files.readAllBytes(file))) {
            for (int batch : new int[] {1, 7, 128}) {
                Tensor x = Tensors.randn(new Rng(batch), batch, 2, 6, 6);
                float[] actual = runtime.run(x).get(0).toFloatArray();
                float[] expected = sim.model().call(x).toFloatArray();
                for (int i = 0; i < actual.length; i++) {
                    // Sums in another order land on the other side of half a step now and then, and layers add that up.
                    assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(2.01f * step);
                    different += Math.abs(actual[i] - expected[i]) > 0.5f * step ? 1 : 0;
                    all++;
                }
            }
        }
        assertThat(different).isLessThanOrEqualTo(all / 20);
    }

    @Test
    void perTensorAndPerChannel() throws IOException {
        agrees(SmallSim.calibrated());
        agrees(SmallSim.calibrated(options -> options.config("default_per_channel").paramBitwidth(8)));
        agrees(SmallSim.calibrated(options -> options.config("htp_v73").paramBitwidth(8)));
    }

    @Test
    void perBlock() throws IOException {
        QuantizationSimModel sim = SmallSim.made(options -> options.paramBitwidth(8));
        sim.layersOf(Linear.class).blockwiseWeights(8, true, 12);
        SmallSim.calibrate(sim, 3);
        agrees(sim);
    }

    @Test
    void namesAreThoseOfTheReference() {
        Path file = folder.resolve("qdq.onnx");
        ExportBundle.writeQdq(SmallSim.calibrated(), file, SmallSim.SAMPLE);
        OnnxModel model = OnnxModel.read(file);
        assertThat(model.graph().tensorNames()).contains("input_q", "input_qdq", "input_scale", "input_zero_point",
                "conv.weight_q", "conv.weight_qdq", "output__", "output_q", "output");
        assertThat(model.graph().nodes()).extracting(OnnxNode::name).contains("input_q", "input_dq");
        assertThat(model.graph().outputs().get(0).name()).isEqualTo("output");
    }

    @Test
    void otherWidthsAreRefused() {
        QuantizationSimModel sim = SmallSim.calibrated(options -> options.paramBitwidth(6));
        assertThatThrownBy(() -> ExportBundle.writeQdq(sim, folder.resolve("qdq.onnx"), SmallSim.SAMPLE))
                .isInstanceOf(FormatException.class)
                .hasMessage("QDQ export: cannot be written with QuantizeLinear; got conv.weight with 6 bits; expected "
                        + "integers of 4, 8 or 16 bits");
        assertThat(folder).isEmptyDirectory();
    }
}

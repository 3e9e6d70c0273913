package org.bitgrid.quant.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.quantizer.CalibrationMode;
import org.bitgrid.quant.quantizer.CalibrationScope;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Calibration takes memory for its bins, not for its samples: 100,000 samples of 1,568 numbers in a heap of 256 MB. */
class CalibrationMemoryTest {
    private static final int SAMPLES = 100_000;
    private static final int BATCH = 500;
    private static final int FEATURES = 1568; // 627 MB of floats altogether

    /** What the other process runs. */
    public static void main(String[] arguments) {
        for (QuantScheme scheme : List.of(QuantScheme.MIN_MAX, QuantScheme.TF_ENHANCED, QuantScheme.PERCENTILE)) {
            QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false,
                    EncodingAnalyzer.of(scheme, Shape.of(1)), List.of());
            long seen = 0;
            try (CalibrationScope scope = quantizer.computeEncodings(CalibrationMode.PASS_THROUGH)) {
                float[] values = new float[BATCH * FEATURES];
                Rng rng = new Rng(1);
                for (int batch = 0; batch < SAMPLES / BATCH; batch++) {
                    try (TensorScope memory = TensorScope.open()) {
                        rng.fillUniform(values, -1, 1);
                        quantizer.call(Tensors.of(values, BATCH, FEATURES));
                        seen += BATCH;
                    }
                }
            }
            if (quantizer.analyzer() instanceof HistogramAnalyzer histogram) {
                long counted = 0;
                for (long count : histogram.histograms().counts(0)) {
                    counted += count;
                }
                if (counted != (long) SAMPLES * FEATURES) {
                    throw new IllegalStateException("counted " + counted);
                }
            }
            System.out.println(scheme + " " + seen + " " + quantizer.encoding().max()[0]);
        }
    }

    /** Where the classes of each module lie, however this test was started. */
    private static String classPath() {
        return Stream.of(CalibrationMemoryTest.class, QuantScheme.class, Module.class, Autograd.class, Tensor.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void should_calibrate_100_000_samples_in_256_megabytes() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "--add-modules", "jdk.incubator.vector", "-Xmx256m", "-cp",
                classPath(), CalibrationMemoryTest.class.getName()).redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        for (String scheme : List.of("post_training_tf", "post_training_tf_enhanced", "post_training_percentile")) {
            assertThat(said).contains(scheme + " " + SAMPLES + " 0.99");
        }
    }
}

package org.bitgrid.cli.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.bitgrid.cli.data.ImageData;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;

/** The numbers of one run, as they come in, and their form for people and for programs. */
final class QuickstartReport {
    private final LongSupplier nanoTime;
    private final Map<String, Accuracy> accuracies = new LinkedHashMap<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final List<Double> epochLosses = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Path> encodings = new ArrayList<>();
    private ImageData data;
    private long lastStage;

    QuickstartReport(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastStage = nanoTime.getAsLong();
    }

    void data(ImageData images) {
        this.data = images;
    }

    /** Ends a stage: what passed since the last one is its time; stages of one name are added up. */
    void stage(String name) {
        long now = nanoTime.getAsLong();
        seconds.merge(name, (now - lastStage) / 1e9, Double::sum);
        lastStage = now;
    }

    /** @param name {@code float}, {@code prepared}, {@code folded}, {@code quantized} or {@code qat} */
    void accuracy(String name, Accuracy accuracy) {
        accuracies.put(name, accuracy);
    }

    void epochLoss(double loss) {
        epochLosses.add(loss);
    }

    void file(Path path) {
        files.add(path);
        if (path.toString().endsWith(".encodings")) {
            encodings.add(path);
        }
    }

    private double totalSeconds() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** What a person wants to know at the end. */
    List<String> summary() {
        List<String> lines = new ArrayList<>();
        boolean synthetic = data.origin() == ImageData.Origin.SYNTHETIC;
        lines.add(String.format(Locale.ROOT, "Data      %s, %,d training images, %,d test images",
                synthetic ? "SYNTHETIC drawings, not Fashion-MNIST (there was no network)" : "Fashion-MNIST",
                data.train().size(), data.test().size()));
        accuracies.forEach((name, accuracy) -> lines.add(String.format(Locale.ROOT,
                "%-9s %6.2f %% of the training images, %6.2f %% of the test images", name, accuracy.train(),
                accuracy.test())));
        StringBuilder stages = new StringBuilder();
        seconds.forEach((name, time) -> stages.append(stages.isEmpty() ? "" : ", ").append(name)
                .append(String.format(Locale.ROOT, " %.1f", time)));
        lines.add(String.format(Locale.ROOT, "Seconds   %.1f: %s", totalSeconds(), stages));
        files.forEach(path -> lines.add("Wrote     " + path));
        return lines;
    }

    /** The contents of {@code --json FILE}. */
    Map<String, Object> values(QuickstartSettings settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("data", data.origin().label());
        values.put("train_images", data.train().size());
        values.put("test_images", data.test().size());
        values.put("seed", settings.seed());
        accuracies.forEach((name, accuracy) -> values.put(name + "_accuracy", (double) accuracy.train()));
        accuracies.forEach((name, accuracy) -> values.put(name + "_accuracy_test", (double) accuracy.test()));
        values.put("epoch_loss", epochLosses);
        Map<String, Object> times = new LinkedHashMap<>(seconds);
        times.put("total", totalSeconds());
        values.put("seconds", times);
        values.put("encodings", encodings.stream().map(Path::toString).toList());
        values.put("files", files.stream().map(Path::toString).toList());
        values.put("java", System.getProperty("java.version"));
        values.put("simd", PeakProbe.simd());
        values.put("threads", Parallel.threads());
        values.put("backend", settings.backend().name());
        return values;
    }
}

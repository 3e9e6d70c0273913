package org.bitgrid.cli.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.CopyProbe;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;

/**
 * Measures the quickstart's work and this machine's limits in one run; only ratios within a run mean anything, because
 * machines differ and are shared.
 */
final class Bench {
    private static final int RUNS = 10;
    private static final int WARM_UPS = 6;
    private static final double WARM_MILLIS = 800;
    /** For what comes first, which most kernels are compiled with. */
    private static final double FIRST_WARM_MILLIS = 3000;
    private static final double LEAST_MILLIS = 900;
    private static final int MATRIX = 1024;
    private static final int PEAK_RETRIES = 6;
    private static final double PEAK_AGREEMENT = 0.05;
    private static final int CALIBRATION_RUNS = 10;
    /** Simulated quantization turns a rounding error into a step of the grid now and then. */
    private static final double ONE_STEP_OF_THE_OUTPUT = 1.0 / 255;
    private static final double FLOAT_BOUND = 2e-5;

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final BenchNetworks networks = new BenchNetworks();
    private double peak;
    private double copyBandwidth;

    /** All figures, in the order of the result file. */
    Map<String, Object> run() {
        Rng before = Rng.current();
        try (Dispatch.Scope quiet = QuantLog.listen((level, area, message) -> { })) {
            values.put("java", System.getProperty("java.version"));
            values.put("simd", PeakProbe.simd());
            values.put("threads", Parallel.threads());
            peak = PeakProbe.allThreads();
            double firstPeak = peak;
            double peakOfOne = PeakProbe.oneThread();
            copyBandwidth = CopyProbe.gigabytesPerSecond() * 1e9;
            WorkCount step = training();
            WorkCount inference = inference();
            double matmul = matmul();
            agreeOnPeak(firstPeak);
            values.put("peak_gflops", peak);
            values.put("peak_one_thread_gflops", peakOfOne);
            values.put("copy_gbs", copyBandwidth / 1e9);
            values.put("matmul1024_gflops", matmul);
            ratios(step, inference, matmul);
            return values;
        } finally {
            Rng.setCurrent(before);
        }
    }

    private Timing time(String name, Runnable work) {
        return time(name, WARM_MILLIS, work);
    }

    private Timing time(String name, double warmMillis, Runnable work) {
        Timing timing = Timing.of(work, WARM_UPS, warmMillis, RUNS, LEAST_MILLIS);
        values.put(name, timing.values());
        peak = Math.max(peak, PeakProbe.allThreads());
        return timing;
    }

    private double least(String name) {
        return (double) ((Map<?, ?>) values.get(name)).get("min");
    }

    private WorkCount training() {
        Module model = networks.floating();
        ReferenceChecks.gradients(model, networks.floating(), networks);
        model.train();
        Runnable step = networks.step(model);
        WorkCount count = WorkCount.of(step).withAdam(model);
        time("float_step_ms", FIRST_WARM_MILLIS, step);
        values.put("garbage_bytes_per_step", garbage(step));
        GraphModule folded = networks.folded();
        ReferenceChecks.outputs("the folded model", folded, networks.images, FLOAT_BOUND);
        time("folded_step_ms", networks.step(folded));
        QuantizationSimModel fixed = networks.simulated(QuantScheme.TF_ENHANCED);
        ReferenceChecks.outputs("the simulated model", fixed.model(), networks.images, ONE_STEP_OF_THE_OUTPUT);
        time("qat_step_ms", networks.step(fixed.model()));
        QuantizationSimModel learned = networks.simulated(QuantScheme.RANGE_LEARNING_TF_INIT);
        time("range_learning_step_ms", networks.step(learned.model()));
        return count;
    }

    private WorkCount inference() {
        Module model = networks.floating();
        ReferenceChecks.outputs("the model", model, networks.images, FLOAT_BOUND);
        Runnable inference = BenchNetworks.inference(model, networks.images);
        WorkCount count = WorkCount.of(inference);
        time("infer128_ms", inference);
        QuantizationSimModel sim = networks.simulated(QuantScheme.TF_ENHANCED);
        time("folded_infer128_ms", BenchNetworks.inference(networks.folded(), networks.images));
        time("sim_infer128_ms", BenchNetworks.inference(sim.model(), networks.images));
        ReferenceChecks.outputs("the model on one image", model, networks.oneImage, FLOAT_BOUND);
        Timing one = Timing.of(BenchNetworks.inference(model, networks.oneImage), 3000, 0, 200,
                LEAST_MILLIS);
        values.put("infer1_ms", one.values());
        Timing calibration = Timing.of(() -> networks.calibrate(sim, BenchNetworks.CALIBRATION_BATCHES), 2, 0,
                CALIBRATION_RUNS, 0);
        values.put("calibration11_ms", calibration.values());
        return count;
    }

    /** Bytes that all threads together allocate in a step once pools are filled. */
    private static long garbage(Runnable step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            long before = allocated(threads);
            step.run();
            least = Math.min(least, allocated(threads) - before);
        }
        return least;
    }

    private static long allocated(ThreadMXBean threads) {
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).filter(bytes -> bytes > 0).sum();
    }

    private double matmul() {
        Tensor a = Tensors.randn(new Rng(1), MATRIX, MATRIX);
        Tensor b = Tensors.randn(new Rng(2), MATRIX, MATRIX);
        checkRow(a, b);
        Timing timing = time("matmul1024_ms", () -> {
            try (Dispatch.Scope noGrad = Autograd.noGrad(); TensorScope scope = TensorScope.open()) {
                a.matmul(b);
            }
        });
        return 2.0 * MATRIX * MATRIX * MATRIX / (timing.min() * 1e6);
    }

    /** Every 97th row of the product against sums in double precision. */
    private static void checkRow(Tensor a, Tensor b) {
        float[] left = a.toFloatArray();
        float[] right = b.toFloatArray();
        float[] product = a.matmul(b).toFloatArray();
        for (int row = 0; row < MATRIX; row += 97) {
            double[] sums = new double[MATRIX];
            for (int k = 0; k < MATRIX; k++) {
                for (int column = 0; column < MATRIX; column++) {
                    sums[column] += (double) left[row * MATRIX + k] * right[k * MATRIX + column];
                }
            }
            float[] expected = new float[MATRIX];
            for (int column = 0; column < MATRIX; column++) {
                expected[column] = (float) sums[column];
            }
            ReferenceChecks.compare("row " + row + " of a product",
                    Arrays.copyOfRange(product, row * MATRIX, (row + 1) * MATRIX), expected, FLOAT_BOUND);
        }
    }

    /** The limit must be the same at the end as at the beginning, or the ratios mean nothing. */
    private void agreeOnPeak(double firstPeak) {
        double first = firstPeak;
        double last = 0;
        for (int i = 0; i < PEAK_RETRIES; i++) {
            last = Math.max(last, PeakProbe.allThreads());
            if (Math.abs(last - peak) <= PEAK_AGREEMENT * peak || Math.abs(last - first) <= PEAK_AGREEMENT * last) {
                peak = Math.max(peak, last);
                return;
            }
        }
        throw new CheckFailedException("bench: the peak rate changed while measuring; got " + peak + " and then " + last
                + " GFLOP/s; expected a difference of at most 5 %; do run it again while the machine is quiet");
    }

    private void ratios(WorkCount step, WorkCount inference, double matmul) {
        double stepFloor = step.flops() / (peak * 1e6);
        double inferenceFloor = inference.flops() / (peak * 1e6);
        values.put("step_gflop", step.flops() / 1e9);
        values.put("step_floor_ms", stepFloor);
        values.put("step_floor_with_memory_ms", stepFloor + step.bytes() / copyBandwidth * 1e3);
        values.put("infer128_floor_ms", inferenceFloor);
        values.put("float_step_over_floor", least("float_step_ms") / stepFloor);
        values.put("infer128_over_floor", least("infer128_ms") / inferenceFloor);
        values.put("qat_step_over_folded_step", least("qat_step_ms") / least("folded_step_ms"));
        values.put("range_learning_step_over_folded_step", least("range_learning_step_ms") / least("folded_step_ms"));
        values.put("sim_infer_over_infer", least("sim_infer128_ms") / least("infer128_ms"));
        values.put("calibration_over_inferences", least("calibration11_ms")
                / (BenchNetworks.CALIBRATION_BATCHES * least("infer128_ms")));
        values.put("matmul_over_peak", matmul / peak);
        if (matmul > peak || least("float_step_ms") < stepFloor || least("infer128_ms") < inferenceFloor) {
            throw new CheckFailedException("bench: a kernel beat the peak rate, so one of them was measured wrong; got "
                    + "peak " + peak + ", matrix product " + matmul + " GFLOP/s; do run it again");
        }
    }
}

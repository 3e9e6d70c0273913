package org.bitgrid.tensor.cpu;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;

/** How fast matrix products and convolutions are, as a part of the peak measured in the same run. Run by hand. */
public final class KernelSpeed {
    private final Rng rng = new Rng(1);
    private final Map<String, Runnable> cases = new LinkedHashMap<>();
    private final Map<String, Long> flops = new LinkedHashMap<>();
    private final Map<String, Long> best = new LinkedHashMap<>();

    public static void main(String[] arguments) {
        KernelSpeed speed = new KernelSpeed();
        speed.define();
        speed.run(arguments.length > 0 ? arguments[0] : "",
                Double.parseDouble(arguments.length > 1 ? arguments[1] : "8"));
    }

    private void define() {
        add("matmul 1024", new MatMul(), randn(1024, 1024), randn(1024, 1024));
        add("matmul 1024 transposed", new MatMul(), randn(1024, 1024), randn(1024, 1024).transpose(0, 1));
        add("matmul 2048 x 512 x 256", new MatMul(), randn(2048, 512), randn(512, 256));
        add("matmul 64 batches of 128", new MatMul(), randn(64, 128, 128), randn(64, 128, 128));
        convolution("conv1", 128, 1, 128, 28, 3, 2, 1, 1);
        convolution("conv2", 128, 128, 256, 14, 3, 2, 1, 1);
        linear("linear", 128, 12_544, 10);
        convolution("resnet 64 56x56 3x3", 8, 64, 64, 56, 3, 1, 1, 1);
        convolution("resnet 512 7x7 3x3", 8, 512, 512, 7, 3, 1, 1, 1);
        convolution("resnet first 7x7", 8, 3, 64, 224, 7, 2, 3, 1);
        convolution("resnet 64-128 1x1 stride 2", 8, 64, 128, 56, 1, 2, 0, 1);
        convolution("mobile 96-24 1x1", 8, 96, 24, 56, 1, 1, 0, 1);
        convolution("mobile depthwise 96 stride 2", 8, 96, 96, 112, 3, 2, 1, 96);
        convolution("mobile depthwise 384", 8, 384, 384, 14, 3, 1, 1, 384);
    }

    private Tensor randn(int... shape) {
        return Tensors.randn(rng, shape);
    }

    private void linear(String name, int rows, int features, int outputs) {
        Tensor x = randn(rows, features);
        Tensor weight = randn(outputs, features);
        Tensor grad = randn(rows, outputs);
        add(name + " forward", new Linear(), x, weight);
        add(name + " input grad", new Linear.InputGrad(), grad, weight);
        add(name + " weight grad", new Linear.WeightGrad(), x, grad);
    }

    private void convolution(String name, int batch, int channels, int filters, int size, int kernel, int stride,
                             int pad, int groups) {
        Window2d window = new Window2d(kernel, kernel, stride, stride, pad, pad, 1, 1);
        int output = window.outputHeight("speed", size);
        Tensor x = randn(batch, channels, size, size);
        Tensor weight = randn(filters, channels / groups, kernel, kernel);
        Tensor grad = randn(batch, filters, output, output);
        add(name + " forward", new Conv2d(window, groups), x, weight, randn(filters));
        add(name + " input grad", new Conv2d.InputGrad(window, groups, size, size), grad, weight);
        add(name + " weight grad", new Conv2d.WeightGrad(window, groups), x, grad);
    }

    private void add(String name, Op op, Tensor... inputs) {
        cases.put(name, () -> {
            try (TensorScope scope = TensorScope.open()) {
                Dispatch.apply(op, inputs);
            }
        });
        flops.put(name, op.flops(Arrays.stream(inputs).map(Tensor::spec).toList()));
    }

    /** On one thread its processor time, which others on the machine disturb less. */
    private static long clock() {
        return Parallel.threads() == 1 ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
                : System.nanoTime();
    }

    private void run(String pattern, double seconds) {
        cases.keySet().removeIf(name -> !name.contains(pattern));
        double peak = PeakProbe.allThreads();
        long budget = (long) (seconds * 1e9 / Math.max(1, cases.size()));
        cases.forEach((name, action) -> {
            long end = System.nanoTime() + budget;
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 20 || System.nanoTime() < end; i++) {
                long start = clock();
                action.run();
                least = Math.min(least, clock() - start);
            }
            best.put(name, least);
        });
        double after = PeakProbe.allThreads();
        System.out.printf("%s, %d threads, peak %.1f before and %.1f GFLOP/s after%n", PeakProbe.simd(),
                Parallel.threads(), peak, after);
        double limit = Math.max(peak, after);
        best.forEach((name, nanos) -> System.out.printf("%-40s %9.3f ms %8.1f GFLOP/s %6.3f of the peak%n", name,
                nanos / 1e6, (double) flops.get(name) / nanos, flops.get(name) / (nanos * limit)));
    }
}

package org.bitgrid.nn;

import java.lang.management.ManagementFactory;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;

/**
 * How long the quickstart's training step and inference take, beside their floor: floating-point operations divided by
 * the peak rate measured in the same run. Run by hand.
 */
public final class StepSpeed {
    private static final int BATCH = 128;
    private static final double CONV1 = 2.0 * BATCH * 128 * 9 * 196;
    private static final double CONV2 = 2.0 * BATCH * 256 * 1152 * 49;
    private static final double LINEAR = 2.0 * BATCH * 12_544 * 10;

    private final QuickstartNetwork model = new QuickstartNetwork();
    private final CrossEntropyLoss lossFunction = new CrossEntropyLoss();
    private final Adam optimizer = new Adam(model.parameters(), 1e-4);
    private final Tensor images = Tensors.rand(new Rng(1), BATCH, 1, 28, 28);
    private final Tensor labels = Tensors.of(new long[BATCH], BATCH);

    private StepSpeed() {
    }

    private void step() {
        try (TensorScope scope = TensorScope.open()) {
            lossFunction.call(model.call(images), labels).backward();
            optimizer.step();
            optimizer.zeroGrad();
        }
    }

    private void infer(Tensor input) {
        try (TensorScope scope = TensorScope.open(); Dispatch.Scope noGrad = Dispatch.gradEnabled(false)) {
            model.call(input);
        }
    }

    /** On one thread its processor time, which others on the machine disturb less. */
    private static long clock() {
        return Parallel.threads() == 1 ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
                : System.nanoTime();
    }

    private static double least(int times, Runnable action) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < times; i++) {
            long start = clock();
            action.run();
            least = Math.min(least, clock() - start);
        }
        return least / 1e6;
    }

    public static void main(String[] arguments) {
        int times = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        StepSpeed speed = new StepSpeed();
        double peak = PeakProbe.allThreads();
        double step = least(times, speed::step);
        speed.model.eval();
        Tensor one = Tensors.rand(new Rng(1), 1, 1, 28, 28);
        double many = least(times, () -> speed.infer(speed.images));
        double single = least(20 * times, () -> speed.infer(one));
        peak = Math.max(peak, PeakProbe.allThreads());
        double stepFloor = (2 * CONV1 + 3 * CONV2 + 3 * LINEAR) / peak / 1e6;
        double inferFloor = (CONV1 + CONV2 + LINEAR) / peak / 1e6;
        System.out.printf("%s, %d threads, peak %.1f GFLOP/s%n", PeakProbe.simd(), Parallel.threads(), peak);
        System.out.printf("training step %.2f ms, %.3f of its floor; inference of 128 %.2f ms, %.3f of its floor; "
                + "of 1 %.3f ms%n", step, step / stepFloor, many, many / inferFloor, single);
    }
}

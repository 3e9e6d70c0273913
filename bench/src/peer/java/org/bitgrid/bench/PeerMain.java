package org.bitgrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The same networks, weights and images on Bitgrid and on libtorch, in one process; outputs are compared before anything
 * is timed. Arguments: names of networks.
 */
public final class PeerMain {
    private static final double BOUND = 1e-3;

    private PeerMain() {
    }

    public static void main(String[] arguments) throws IOException {
        torch.set_num_threads(Parallel.threads());
        System.out.printf(Locale.ROOT, "java %s, %s, %d threads, peak %.1f GFLOP/s, milliseconds, shortest run%n",
                System.getProperty("java.version"), PeakProbe.simd(), Parallel.threads(), PeakProbe.allThreads());
        System.out.printf("%-14s%16s%12s%12s%8s%n", "network", "", "Bitgrid", "libtorch", "ratio");
        for (Network network : NetworkMain.networks(arguments)) {
            compare(network);
        }
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        System.out.printf(Locale.ROOT, "heap in use %d MiB of %d MiB taken%s%n", heap >> 20,
                Runtime.getRuntime().totalMemory() >> 20, residentSize());
    }

    private static void compare(Network network) {
        BitgridRun ours = new BitgridRun(network);
        TorchLayers layers = new TorchLayers(ours.layers());
        Tensor images = TorchLayers.copy(ours.images().toFloatArray(), network.images());
        long[] classes = ours.labels().toLongArray();
        Tensor labels = torch.empty(new long[] {classes.length},
                new TensorOptions().dtype(new org.bytedeco.pytorch.ScalarTypeOptional(torch.ScalarType.Long)), null);
        new LongPointer(labels.data_ptr()).put(classes);
        check(network, ours.outputs(true), TorchLayers.elements(network.run(layers, images)));
        Adam optimizer = new Adam(layers.parameters(), new AdamOptions(1e-4));
        // Alternating, so that both see the machine in the same moods.
        double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
        for (int round = 0; round < 3; round++) {
            best[0] = Math.min(best[0], NetworkMain.millis(ours::step));
            best[1] = Math.min(best[1], NetworkMain.millis(() -> {
                try (PointerScope scope = new PointerScope()) {
                    layers.training(true);
                    torch.cross_entropy_loss(network.run(layers, images), labels).backward();
                    optimizer.step();
                    optimizer.zero_grad();
                }
            }));
            best[2] = Math.min(best[2], NetworkMain.millis(ours::infer));
            best[3] = Math.min(best[3], NetworkMain.millis(() -> {
                try (PointerScope scope = new PointerScope(); NoGradGuard guard = new NoGradGuard()) {
                    layers.training(false);
                    network.run(layers, images);
                }
            }));
        }
        System.out.printf(Locale.ROOT, "%-14s%16s%12.2f%12.2f%8.2f%n", network, "training step", best[0], best[1],
                best[0] / best[1]);
        System.out.printf(Locale.ROOT, "%-14s%16s%12.2f%12.2f%8.2f%n", network, "inference", best[2], best[3],
                best[2] / best[3]);
    }

    private static void check(Network network, float[] ours, float[] theirs) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < theirs.length; i++) {
            largest = Math.max(largest, Math.abs(theirs[i]));
            worst = Math.max(worst, Math.abs((double) ours[i] - theirs[i]));
        }
        if (!(worst <= BOUND * largest)) {
            throw new IllegalStateException(network + ": Bitgrid and libtorch differ by " + worst + "; expected at most "
                    + BOUND * largest);
        }
    }

    /** What the whole process takes, libtorch's memory included; empty where the system does not tell. */
    private static String residentSize() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return "";
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).findFirst()
                .map(line -> ", process at most " + line.replaceAll("\\D+", "").transform(Long::parseLong) / 1024
                        + " MiB").orElse("");
    }
}

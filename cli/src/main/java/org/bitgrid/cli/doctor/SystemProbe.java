package org.bitgrid.cli.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitgrid.cli.Version;
import org.bitgrid.opencl.OpenCl;
import org.bitgrid.tensor.spi.Parallel;
import org.bitgrid.tensor.spi.PeakProbe;

/** Looks at the machine and the Java virtual machine. */
final class SystemProbe {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private SystemProbe() {
    }

    static SystemReport look() {
        String java = System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("java.vendor");
        String os = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
        long memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        String collector = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
        return new SystemReport(Version.number(), java, os, processor(),
                Runtime.getRuntime().availableProcessors(), ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
                PeakProbe.simd(), Parallel.threads(), PeakProbe.oneThread(), PeakProbe.allThreads(), heap(), memory, collector,
                OpenCl.whyNone() == null ? "" : OpenCl.whyNone(), OpenCl.describe());
    }

    /** The heap asked for; {@link Runtime#maxMemory} leaves out the part that a collector keeps free. */
    private static long heap() {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return hotSpot == null ? Runtime.getRuntime().maxMemory()
                : Long.parseLong(hotSpot.getVMOption("MaxHeapSize").getValue());
    }

    private static Optional<String> processor() {
        if (!Files.isReadable(CPU_INFO)) {
            return Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"));
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return processor(lines.toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The processor's name in the lines of {@code /proc/cpuinfo}. */
    static Optional<String> processor(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .filter(name -> !name.isEmpty())
                .findFirst();
    }
}

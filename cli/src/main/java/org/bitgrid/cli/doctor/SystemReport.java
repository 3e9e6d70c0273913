package org.bitgrid.cli.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bitgrid.opencl.OpenClDevice;

/**
 * What decides how fast Bitgrid runs on this machine.
 *
 * @param bitgrid version of Bitgrid
 * @param java version and vendor of the Java virtual machine
 * @param os operating system, with version and architecture
 * @param processor name of the processor, when it can be told
 * @param cores processors that Java may use
 * @param vectorModule whether the module {@code jdk.incubator.vector} is there
 * @param simd vectors in use
 * @param threads threads that kernels run on
 * @param peakOneThread measured multiply-add rate of one thread, GFLOP/s
 * @param peakAllThreads the same of all threads together
 * @param heapBytes largest heap that Java may take
 * @param memoryBytes memory of the machine
 * @param collector name of the garbage collector
 * @param noOpenCl why there is no OpenCL device, empty when there is one
 * @param openClDevices usable OpenCL devices
 */
record SystemReport(String bitgrid, String java, String os, Optional<String> processor, int cores, boolean vectorModule,
        String simd, int threads, double peakOneThread, double peakAllThreads, long heapBytes, long memoryBytes,
        String collector, String noOpenCl, List<OpenClDevice> openClDevices) {

    /** Label and text, in the order in which they are shown. */
    Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("Bitgrid", bitgrid);
        lines.put("Java", java);
        lines.put("System", os);
        lines.put("Processor", processor.map(name -> name + ", ").orElse("") + cores + (cores == 1 ? " core" : " cores"));
        lines.put("SIMD", simd);
        lines.put("Peak rate", String.format(Locale.ROOT, "%.1f GFLOP/s on one thread, %.1f on %d", peakOneThread,
                peakAllThreads, threads));
        lines.put("Heap", "at most " + mebibytes(heapBytes) + " of " + mebibytes(memoryBytes));
        lines.put("Collector", collector);
        if (openClDevices.isEmpty()) {
            lines.put("OpenCL", "none: " + noOpenCl);
        }
        for (OpenClDevice device : openClDevices) {
            lines.put("OpenCL " + device.index(), device.name() + ", " + device.platform() + ", driver " + device.driver()
                    + "; " + device.version() + "; " + device.computeUnits() + " units, "
                    + mebibytes(device.globalMemory()) + ", arrays up to " + mebibytes(device.largestBuffer())
                    + ", groups up to " + device.largestGroup() + "; features " + device.features());
        }
        return lines;
    }

    /** The same as values for a JSON file. */
    Map<String, Object> values(List<String> advice) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bitgrid", bitgrid);
        values.put("java", java);
        values.put("os", os);
        values.put("processor", processor.orElse("unknown"));
        values.put("cores", cores);
        values.put("simd", simd);
        values.put("threads", threads);
        values.put("peak_one_thread_gflops", peakOneThread);
        values.put("peak_gflops", peakAllThreads);
        values.put("heap_bytes", heapBytes);
        values.put("memory_bytes", memoryBytes);
        values.put("collector", collector);
        values.put("opencl", openClDevices.isEmpty() ? "none: " + noOpenCl : openClDevices.stream()
                .map(OpenClDevice::name).collect(Collectors.joining(", ")));
        values.put("opencl_devices", openClDevices.stream().map(SystemReport::values).toList());
        values.put("advice", advice);
        return values;
    }

    private static Map<String, Object> values(OpenClDevice device) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("index", device.index());
        values.put("platform", device.platform());
        values.put("name", device.name());
        values.put("version", device.version());
        values.put("driver", device.driver());
        values.put("gpu", device.gpu());
        values.put("compute_units", device.computeUnits());
        values.put("global_memory_bytes", device.globalMemory());
        values.put("largest_buffer_bytes", device.largestBuffer());
        values.put("local_memory_bytes", device.localMemory());
        values.put("largest_group", device.largestGroup());
        values.put("features", device.features());
        return values;
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}

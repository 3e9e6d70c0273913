package org.bitgrid.cli.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
 * @param openCl state of the OpenCL backend
 */
record SystemReport(String bitgrid, String java, String os, Optional<String> processor, int cores, boolean vectorModule,
        String simd, int threads, double peakOneThread, double peakAllThreads, long heapBytes, long memoryBytes,
        String collector, String openCl) {

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
        lines.put("OpenCL", openCl);
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
        values.put("opencl", openCl);
        values.put("advice", advice);
        return values;
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}

package org.bitgrid.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** What to change to go faster. */
final class Advice {
    private static final long ENOUGH_HEAP = 2L << 30;

    private Advice() {
    }

    /** One sentence per change, the most worthwhile first; empty when there is nothing to gain. */
    static List<String> of(SystemReport report) {
        List<String> advice = new ArrayList<>();
        if (!report.vectorModule()) {
            advice.add("The vector module is missing, so SIMD is off: start through ./bitgrid, or add "
                    + "--add-modules jdk.incubator.vector.");
        }
        if (report.cores() == 1) {
            advice.add("Only one core is usable: give the process more, training uses all of them.");
        }
        if (report.heapBytes() < ENOUGH_HEAP) {
            advice.add("The heap is small: set BITGRID_JAVA_OPTS=-Xmx2g.");
        }
        if (!report.collector().startsWith("PS ")) {
            advice.add("Another collector is in use than the one meant for throughput: "
                    + "set BITGRID_JAVA_OPTS=-XX:+UseParallelGC.");
        }
        return advice;
    }
}

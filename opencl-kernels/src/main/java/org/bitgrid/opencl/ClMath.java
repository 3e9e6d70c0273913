package org.bitgrid.opencl;

import org.bitgrid.tensor.DeviceException;

/** The arithmetic of products, {@code -Dbitgrid.opencl.math}: float32 is the only one there is. */
final class ClMath {
    private static final String PROPERTY = "bitgrid.opencl.math";

    private ClMath() {
    }

    /** Refuses what is not there, so that nobody believes to measure it. */
    static void check() {
        String asked = System.getProperty(PROPERTY, "fp32");
        if (asked.equals("fp32")) {
            return;
        }
        boolean known = asked.equals("tf32") || asked.equals("fp16");
        throw new DeviceException("opencl: " + (known ? "this arithmetic is not shipped, because it was not tested on a GPU"
                : "unknown arithmetic") + "; got -D" + PROPERTY + "=" + asked + "; expected fp32; leave the flag out");
    }
}

package org.bitgrid.opencl;

import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device and what its kernels must know of it. Sizes in bytes.
 *
 * @param index its number in {@code Device.opencl(index)}
 */
record ClDevice(int index, cl_platform_id platform, cl_device_id id, String platformName, String name, String vendor,
                String version, String driver, boolean gpu, int computeUnits, long globalMemory, long largestBuffer,
                long localMemory, long largestGroup, boolean float64, boolean correctlyRoundedDivide) {
    ClDevice withIndex(int number) {
        return new ClDevice(number, platform, id, platformName, name, vendor, version, driver, gpu, computeUnits,
                globalMemory, largestBuffer, localMemory, largestGroup, float64, correctlyRoundedDivide);
    }

    @Override
    public String toString() {
        return "opencl:" + index + " (" + name + ", " + platformName + ", driver " + driver + ")";
    }
}

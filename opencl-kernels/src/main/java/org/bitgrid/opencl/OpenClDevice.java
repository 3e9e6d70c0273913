package org.bitgrid.opencl;

import java.util.List;

/**
 * A device as it describes itself, for reports.
 *
 * @param index         its number in {@code Device.opencl(index)}
 * @param platform      name of the platform it belongs to
 * @param name          name of the device
 * @param version       version of OpenCL
 * @param driver        version of the driver
 * @param gpu           whether it is a GPU
 * @param computeUnits  processors or multiprocessors
 * @param globalMemory  bytes of memory
 * @param largestBuffer bytes of the largest array
 * @param localMemory   bytes that a work-group shares
 * @param largestGroup  work-items in a group, at most
 * @param features      what programs can use, found out by compiling one each
 */
public record OpenClDevice(int index, String platform, String name, String version, String driver, boolean gpu,
                           int computeUnits, long globalMemory, long largestBuffer, long localMemory, long largestGroup,
                           List<String> features) {
    static OpenClDevice of(ClDevice device) {
        return new OpenClDevice(device.index(), device.platformName(), device.name(), device.version(),
                device.driver(), device.gpu(), device.computeUnits(), device.globalMemory(), device.largestBuffer(),
                device.localMemory(), device.largestGroup(), ClProbe.features(ClRuntime.of(device.index())));
    }
}

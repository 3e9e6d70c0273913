package org.bitgrid.opencl;

import org.jocl.CL;

/** What OpenCL's status codes are called. */
final class ClStatus {
    private ClStatus() {
    }

    /** The name in the standard, such as {@code CL_OUT_OF_RESOURCES}. */
    static String name(int status) {
        return CL.stringFor_errorCode(status);
    }

    /** Whether the device could not give the memory that was asked for. */
    static boolean isOutOfMemory(int status) {
        return status == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE || status == CL.CL_OUT_OF_RESOURCES
                || status == CL.CL_OUT_OF_HOST_MEMORY;
    }
}

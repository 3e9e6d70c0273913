package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Drivers that fail. */
class ClDevicesTest {
    private final cl_platform_id broken = new cl_platform_id();
    private final cl_platform_id good = new cl_platform_id();
    private final cl_device_id failing = new cl_device_id();
    private final cl_device_id cpu = new cl_device_id();
    private final cl_device_id gpu = new cl_device_id();

    @BeforeAll
    static void libraryIsThere() {
        OnDevice.assumeThereIsOne();
    }

    private final class Driver implements ClDevices.Queries {
        private final cl_platform_id[] platforms;
        private final cl_device_id[] devices;

        private Driver(cl_platform_id[] platforms, cl_device_id... devices) {
            this.platforms = platforms;
            this.devices = devices;
        }

        @Override
        public cl_platform_id[] platforms() {
            if (platforms == null) {
                throw new CLException("none", -1001);
            }
            return platforms;
        }

        @Override
        public cl_device_id[] devices(cl_platform_id platform) {
            if (platform == broken) {
                throw new CLException("broken", CL.CL_OUT_OF_HOST_MEMORY);
            }
            return devices;
        }

        @Override
        public ClDevice describe(int index, cl_platform_id platform, cl_device_id id) {
            if (id == failing) {
                throw new CLException("failing", CL.CL_INVALID_DEVICE);
            }
            return new ClDevice(index, platform, id, "p", id == gpu ? "gpu" : "cpu", "v", "1.2", "1", id == gpu, 1, 1, 1,
                    1, 1, true, true);
        }
    }

    @Test
    void aFailingPlatformOrDeviceLeavesTheOthers() {
        ClDevices found = ClDevices.find(new Driver(new cl_platform_id[] {broken, good}, cpu, failing, gpu));
        assertThat(found.devices()).extracting(ClDevice::name).containsExactly("gpu", "cpu");
        assertThat(found.devices()).extracting(ClDevice::index).containsExactly(0, 1);
        assertThat(found.why()).isNull();
    }

    @Test
    void saysWhyEachWasRefused() {
        ClDevices found = ClDevices.find(new Driver(new cl_platform_id[] {broken, good}, failing));
        assertThat(found.devices()).isEmpty();
        assertThat(found.why()).isEqualTo("no device on 2 platforms; refused: platform 0: CL_OUT_OF_HOST_MEMORY; "
                + "platform 1, device 0: CL_INVALID_DEVICE");
    }

    @Test
    void noPlatform() {
        assertThat(ClDevices.find(new Driver(null)).why()).startsWith("no platform found by the OpenCL loader");
        assertThat(ClDevices.find(new Driver(new cl_platform_id[0])).why()).isEqualTo("no device on 0 platforms");
    }
}

package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DeviceException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device's memory under pressure. */
class ClMemoryTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int FLOATS = MEGABYTE / 4;

    private ClRuntime runtime;

    @BeforeEach
    void startWithFourMegabytes() {
        OnDevice.assumeThereIsOne();
        runtime = new ClRuntime(new JoclApi(), ClDevices.get(0), 4L * MEGABYTE);
    }

    private ClBuffer written(String purpose) {
        ClBuffer buffer = new ClBuffer(runtime, OnDevice.DEVICE, DType.FLOAT32, FLOATS, purpose);
        buffer.forOverwrite();
        return buffer;
    }

    @Test
    void anErrorListsTheLiveBytesByOperatorAndAFreedBlockServesAgain() {
        ClMemory memory = runtime.memory();
        ClMemory.Block matmul = memory.take(3L * MEGABYTE, "matmul");
        ClMemory.Block relu = memory.take(MEGABYTE, "relu");
        assertThatThrownBy(() -> memory.take(MEGABYTE, "conv2d")).isInstanceOf(DeviceOutOfMemoryException.class)
                .hasMessageContaining("conv2d: no memory left")
                .hasMessageContaining("matmul 3145728, relu 1048576");
        relu.run();
        relu.run(); // twice is once
        assertThat(memory.liveBytes()).isEqualTo(3L * MEGABYTE);
        memory.take(MEGABYTE, "conv2d").run();
        matmul.run();
        assertThat(memory.liveBlocks()).isZero();
        assertThat(memory.report()).endsWith("none");
    }

    @Test
    void freeBlocksOfOtherSizesGoFirst() {
        ClMemory memory = runtime.memory();
        for (int i = 0; i < 4; i++) {
            memory.take(MEGABYTE, "small").run();
        }
        ClMemory.Block all = memory.take(4L * MEGABYTE, "large");
        assertThat(memory.liveBytes()).isEqualTo(4L * MEGABYTE);
        all.run();
    }

    @Test
    void buffersThatNobodyReachesAreCollected() {
        for (int i = 0; i < 12; i++) {
            written("forgotten");
        }
        assertThat(runtime.memory().liveBytes()).isLessThanOrEqualTo(4L * MEGABYTE);
    }

    @Test
    void anArrayOverTheDevicesLimitIsRefusedAtOnce() {
        assertThatThrownBy(() -> runtime.memory().take(runtime.device().largestBuffer() + 1, "add"))
                .isInstanceOf(DeviceOutOfMemoryException.class).hasMessageContaining("add: array is too large");
        assertThat(runtime.memory().liveBlocks()).isZero();
    }

    @Test
    void theSideThatWasWrittenLastIsTheNewerOne() {
        ClBuffer buffer = written("state");
        assertThat(buffer.state()).isEqualTo(ClBuffer.State.DEVICE_NEWER);
        buffer.onHost();
        assertThat(buffer.state()).isEqualTo(ClBuffer.State.IN_SYNC);
        buffer.onHostForUpdate().floats()[0] = 3;
        assertThat(buffer.state()).isEqualTo(ClBuffer.State.HOST_NEWER);
        buffer.forRead();
        assertThat(buffer.state()).isEqualTo(ClBuffer.State.IN_SYNC);
        buffer.forUpdate();
        assertThat(buffer.state()).isEqualTo(ClBuffer.State.DEVICE_NEWER);
        assertThat(buffer.onHost().floats()[0]).isEqualTo(3);
    }

    @Test
    void budgets() {
        assertThat(ClBudget.parse("512")).isEqualTo(512);
        assertThat(ClBudget.parse("6G")).isEqualTo(6L << 30);
        assertThatThrownBy(() -> ClBudget.parse("lots")).isInstanceOf(DeviceException.class)
                .hasMessageContaining("got lots");
    }
}

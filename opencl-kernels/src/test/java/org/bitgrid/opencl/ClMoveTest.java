package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.CopyInPlace;
import org.bitgrid.tensor.op.FillInPlace;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Conversions and overwriting on the device against the CPU, bit for bit. */
class ClMoveTest {
    private static final DType[] TYPES =
            {DType.FLOAT32, DType.INT64, DType.INT32, DType.INT8, DType.UINT8, DType.BOOL};
    private static final float[] SPECIAL = {0, -0.0f, 0.5f, -0.5f, 1, -1, 1.9f, -1.9f, 127.5f, 128, 255, 256, -129,
        2147483648f, -2147483904f, 1e10f, -1e10f, 0x1p63f, -0x1p63f, 3e38f, -3e38f, Float.MIN_VALUE,
        Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
    /** No multiple of any group's size. */
    private static final int LARGE = 1_000_003;

    @BeforeAll
    static void device() {
        OnDevice.assumeThereIsOne();
    }

    private static Tensor values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = SPECIAL[i % SPECIAL.length] + (i < SPECIAL.length ? 0 : i % 7);
        }
        return Tensors.of(values);
    }

    @TestFactory
    List<DynamicTest> castsBetweenAllTypes() {
        List<DynamicTest> tests = new ArrayList<>();
        for (DType from : TYPES) {
            for (DType to : TYPES) {
                if (from == to) {
                    continue;
                }
                tests.add(DynamicTest.dynamicTest(from + " to " + to, () -> {
                    Tensor x = values(1027).to(from);
                    assertSame(x.to(to), OnDevice.move(x).to(to));
                }));
            }
        }
        return tests;
    }

    @Test
    void theDeviceHasKernels() {
        assertThat(OpenClBackend.operators()).contains(Cast.class, CopyInPlace.class, FillInPlace.class);
    }

    @Test
    void castOfALargeTransposedTensor() {
        Tensor x = values(1001 * 999).reshape(1001, 999);
        assertSame(x.transpose(0, 1).to(DType.INT64), OnDevice.move(x).transpose(0, 1).to(DType.INT64));
    }

    @Test
    void copiesIntoPartsAndBroadcasts() {
        Tensor target = values(1001 * 999).reshape(1001, 999);
        Tensor row = values(1001);
        Tensor moved = OnDevice.move(target.clone());
        CopyInPlace.apply(target.transpose(0, 1), row);
        CopyInPlace.apply(moved.transpose(0, 1), OnDevice.move(row));
        assertSame(target, moved);
    }

    @Test
    void fillsPartsAndLargeTensors() {
        Tensor target = values(LARGE);
        Tensor moved = OnDevice.move(target.clone());
        FillInPlace.apply(target.slice(0, 5, LARGE - 3, 3), -2.5);
        FillInPlace.apply(moved.slice(0, 5, LARGE - 3, 3), -2.5);
        assertSame(target, moved);
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        Tensor host = OnDevice.back(actual);
        assertThat(host.dtype()).isEqualTo(expected.dtype());
        if (expected.dtype().isFloating()) {
            assertThat(bits(host)).isEqualTo(bits(expected));
        } else {
            assertThat(host.toLongArray()).isEqualTo(expected.toLongArray());
        }
    }

    private static int[] bits(Tensor x) {
        float[] values = x.toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }
}

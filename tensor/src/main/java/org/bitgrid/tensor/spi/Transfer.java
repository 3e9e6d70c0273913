package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.DeviceStorage;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/** Copies elements between main memory and a device, or between two devices. The same for every backend. */
public final class Transfer implements Kernel {
    @Override
    public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
        Storage source = inputs[0].storage();
        Storage from = source instanceof DeviceStorage device ? device.onHost() : source;
        int offset = inputs[0].layout().offset();
        Storage to = outputs[0].storage();
        if (to instanceof DeviceStorage device) {
            device.copyFrom(from, offset);
        } else {
            copy(from, offset, to, outputs[0].layout().offset(), (int) outputs[0].numel());
        }
    }

    /** Copies {@code count} elements between storages of one type in main memory; offsets in elements. */
    public static void copy(Storage from, int fromOffset, Storage to, int toOffset, int count) {
        switch (to.dtype()) {
            case FLOAT32 -> System.arraycopy(from.floats(), fromOffset, to.floats(), toOffset, count);
            case FLOAT64 -> System.arraycopy(from.doubles(), fromOffset, to.doubles(), toOffset, count);
            case INT64 -> System.arraycopy(from.longs(), fromOffset, to.longs(), toOffset, count);
            case INT32 -> System.arraycopy(from.ints(), fromOffset, to.ints(), toOffset, count);
            case INT8, UINT8, BOOL -> System.arraycopy(from.bytes(), fromOffset, to.bytes(), toOffset, count);
        }
    }
}

package org.bitgrid.nn.data;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.HostOp;
import org.bitgrid.tensor.op.NotDifferentiable;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Kernel;

/**
 * rows (N, …), indices (n) INT64 -> (n, …): row {@code indices[i]} becomes row i. The indices were checked by the data
 * set.
 *
 * @param pixelsToUnit whether rows are UINT8 pixels that become FLOAT32 pixel / 255
 */
record GatherRows(boolean pixelsToUnit) implements HostOp, NotDifferentiable {
    private static final float BRIGHTEST = 255f;
    private static final float[] UNIT = new float[256];

    static {
        for (int pixel = 0; pixel < UNIT.length; pixel++) {
            UNIT[pixel] = pixel / BRIGHTEST;
        }
    }

    @Override
    public String name() {
        return "gather_rows";
    }

    @Override
    public String reason() {
        return "samples are data, not results of operators";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec rows = inputs.get(0);
        TensorSpec indices = inputs.get(1);
        Check.rank(name(), "indices", indices, 1);
        if (indices.dtype() != DType.INT64 || pixelsToUnit && rows.dtype() != DType.UINT8) {
            throw new DTypeException(name(), "indices must be int64 and pixels uint8; got " + indices.dtype() + " and "
                    + rows.dtype());
        }
        return List.of(new TensorSpec(rows.shape().with(0, indices.shape().dim(0)),
                pixelsToUnit ? DType.FLOAT32 : rows.dtype(), rows.device()));
    }

    @Override
    public Kernel hostKernel() {
        return GatherRows::run;
    }

    private static void run(Op op, Tensor[] inputs, Tensor[] outputs) {
        Tensor rows = inputs[0];
        long[] indices = inputs[1].storage().longs();
        int firstIndex = inputs[1].layout().offset();
        int count = outputs[0].layout().shape().dim(0);
        int rowLength = count == 0 ? 0 : (int) (outputs[0].numel() / count);
        boolean pixels = ((GatherRows) op).pixelsToUnit();
        for (int i = 0; i < count; i++) {
            int from = rows.layout().offset() + (int) indices[firstIndex + i] * rowLength;
            if (pixels) {
                toUnit(rows.storage().bytes(), from, outputs[0].storage().floats(), i * rowLength, rowLength);
            } else {
                copy(rows.storage(), from, outputs[0].storage(), i * rowLength, rowLength);
            }
        }
    }

    private static void toUnit(byte[] pixels, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = UNIT[pixels[from + i] & 0xff];
        }
    }

    private static void copy(Storage in, int from, Storage out, int to, int length) {
        switch (in.dtype()) {
            case FLOAT32 -> System.arraycopy(in.floats(), from, out.floats(), to, length);
            case FLOAT64 -> System.arraycopy(in.doubles(), from, out.doubles(), to, length);
            case INT64 -> System.arraycopy(in.longs(), from, out.longs(), to, length);
            case INT32 -> System.arraycopy(in.ints(), from, out.ints(), to, length);
            case INT8, UINT8, BOOL -> System.arraycopy(in.bytes(), from, out.bytes(), to, length);
        }
    }
}

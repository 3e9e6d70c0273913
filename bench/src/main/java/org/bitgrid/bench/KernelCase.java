package org.bitgrid.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.reference.ReferenceBackend;

/**
 * One operator on inputs of one size.
 *
 * @param family the benchmark class it belongs to
 * @param name   names it in results
 * @param op     the operator
 * @param inputs inputs for a batch of this size (or this many rows, where there is no batch)
 * @param batch  the size that is timed; results are checked with 1 or 2
 */
record KernelCase(String family, String name, Op op, IntFunction<Tensor[]> inputs, int batch) {
    /** Rounding errors in single precision, of sums of at most some hundred thousand terms. */
    private static final double BOUND = 1e-4;

    Tensor[] timedInputs() {
        return inputs.apply(batch);
    }

    private static List<TensorSpec> specs(Tensor[] tensors) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Tensor tensor : tensors) {
            specs.add(tensor.spec());
        }
        return specs;
    }

    /** Multiplications and additions of a run. */
    long flops() {
        return op.flops(specs(timedInputs()));
    }

    /** Bytes of inputs and outputs, each touched once. */
    long bytes() {
        List<TensorSpec> in = specs(timedInputs());
        long bytes = 0;
        for (TensorSpec spec : in) {
            bytes += spec.shape().numel() * spec.dtype().byteSize();
        }
        for (TensorSpec spec : op.infer(in)) {
            bytes += spec.shape().numel() * spec.dtype().byteSize();
        }
        return bytes;
    }

    /** Whether the limit is arithmetic rather than memory. */
    boolean isArithmetic() {
        return family.equals("GemmBench") || family.equals("ConvBench");
    }

    /** Compares a small run with the reference. */
    void check() {
        Tensor[] small = inputs.apply(Math.min(2, batch));
        Tensor[] got = Dispatch.applyAll(op, small);
        var definition = ReferenceBackend.definition(op.getClass());
        if (definition == null) {
            throw new IllegalStateException(name + ": has no definition to be checked against");
        }
        List<TensorSpec> outputs = op.infer(specs(small));
        Tensor[] expected = new Tensor[outputs.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Tensor.of(Storage.allocate(outputs.get(i).dtype(), (int) outputs.get(i).shape().numel()),
                    Layout.contiguous(outputs.get(i).shape()), outputs.get(i).device());
        }
        definition.run(op, small, expected);
        compare(got[0].toFloatArray(), expected[0].toFloatArray());
    }

    private void compare(float[] got, float[] expected) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs((double) got[i] - expected[i]));
        }
        if (!(worst <= BOUND * largest)) {
            throw new IllegalStateException(name + ": differs from the reference; got a difference of " + worst
                    + "; expected at most " + BOUND * largest);
        }
    }
}

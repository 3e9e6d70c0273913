package org.bitgrid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.Parallel;

/**
 * Runs a CPU kernel of a sum of products on inputs with NaN around them, into outputs with guard values around them, on
 * one and on several threads, and compares with the reference: the error of each element may be (K + 2) · 2^-24 times
 * the sum of the magnitudes of its terms, K being the operator's reduction length.
 */
final class KernelCheck {
    private static final float GUARD = -7.25f;
    private static final int MARGIN = 70;

    private KernelCheck() {
    }

    static Tensor random(Rng rng, int... shape) {
        return Tensors.randn(rng, shape);
    }

    static void check(Op op, Tensor... inputs) {
        Kernel kernel = new CpuBackend().kernel(op, inputs);
        assertThat(kernel).as("kernel of %s", op.name()).isInstanceOf(CpuKernel.class);
        List<TensorSpec> specs = Arrays.stream(inputs).map(Tensor::spec).toList();
        Shape shape = op.infer(specs).get(0).shape();
        Tensor[] embedded = Arrays.stream(inputs).map(KernelCheck::embed).toArray(Tensor[]::new);
        int threads = Parallel.threads();
        float[] alone;
        float[] together;
        try {
            Parallel.setThreads(1);
            alone = run(kernel, op, embedded, shape);
            Parallel.setThreads(3);
            together = run(kernel, op, embedded, shape);
        } finally {
            Parallel.setThreads(threads);
        }
        for (int i = 0; i < alone.length; i++) {
            if (Float.floatToRawIntBits(alone[i]) != Float.floatToRawIntBits(together[i])) {
                assertThat(together[i]).as("%s element %d on several threads", op, i).isEqualTo(alone[i]);
            }
        }
        compare(op, specs, inputs, alone);
    }

    private static void compare(Op op, List<TensorSpec> specs, Tensor[] inputs, float[] got) {
        Tensor[] exact = Arrays.stream(inputs).map(t -> t.to(DType.FLOAT64)).toArray(Tensor[]::new);
        Tensor[] magnitudes = Arrays.stream(exact).map(Tensor::abs).toArray(Tensor[]::new);
        double[] expected = Dispatch.apply(op, exact).toDoubleArray();
        double[] magnitude = Dispatch.apply(op, magnitudes).toDoubleArray();
        assertThat(got).hasSize(expected.length);
        double factor = (op.reductionLength(specs) + 2) * 0x1p-24;
        for (int i = 0; i < got.length; i++) {
            if (!(Math.abs(got[i] - expected[i]) <= factor * magnitude[i])) {
                throw new AssertionError(op + " " + specs + " element " + i + ": got " + got[i] + "; expected "
                        + expected[i] + " within " + factor * magnitude[i]);
            }
        }
    }

    /** The same values in the midst of NaN, in the same layout up to the offset when contiguous. */
    private static Tensor embed(Tensor tensor) {
        if (!tensor.isContiguous()) {
            return tensor;
        }
        Storage storage = Storage.allocate(DType.FLOAT32, (int) tensor.numel() + 2 * MARGIN);
        Arrays.fill(storage.floats(), Float.NaN);
        System.arraycopy(tensor.toFloatArray(), 0, storage.floats(), MARGIN, (int) tensor.numel());
        return Tensor.of(storage, Layout.contiguous(tensor.layout().shape(), MARGIN), Device.CPU);
    }

    private static float[] run(Kernel kernel, Op op, Tensor[] inputs, Shape shape) {
        int count = (int) shape.numel();
        Storage storage = Storage.allocate(DType.FLOAT32, count + 2 * MARGIN);
        float[] array = storage.floats();
        Arrays.fill(array, GUARD);
        Arrays.fill(array, MARGIN, MARGIN + count, Float.NaN);
        kernel.run(op, inputs, new Tensor[] {Tensor.of(storage, Layout.contiguous(shape, MARGIN), Device.CPU)});
        for (int i = 0; i < MARGIN; i++) {
            if (array[i] != GUARD || array[MARGIN + count + i] != GUARD) {
                throw new AssertionError(op + " wrote outside its output, at distance " + i);
            }
        }
        return Arrays.copyOfRange(array, MARGIN, MARGIN + count);
    }
}

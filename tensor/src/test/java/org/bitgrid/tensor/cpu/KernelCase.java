package org.bitgrid.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.reference.ReferenceBackend;

/**
 * One operator with inputs, to be run by its CPU kernel and by the reference.
 *
 * @param units  how many units of 2^-24 of the magnitude may be lost: terms added, and a few roundings
 * @param scale  what the magnitude is
 */
record KernelCase(String name, Op op, List<Tensor> inputs, double units, Scale scale) {
    /** What an error is measured against. */
    enum Scale {
        /** The expected element itself. */
        ELEMENT,
        /** The element that the absolute values of all inputs give: the sum of the sizes of the terms. */
        TERMS,
        /** The largest element of that output. */
        LARGEST
    }

    private static final int GUARD = 7;
    private static final byte GUARD_BYTE = 0x5a;

    @Override
    public String toString() {
        return name;
    }

    /** How the inputs lie in memory. */
    enum Placement { PLAIN, OFFSET, TRANSPOSED }

    List<Tensor> placed(Placement placement) {
        return inputs.stream().map(input -> place(input, placement)).toList();
    }

    private static Tensor place(Tensor tensor, Placement placement) {
        Shape shape = tensor.spec().shape();
        int count = (int) shape.numel();
        double[] values = tensor.toDoubleArray();
        long[] whole = tensor.dtype().isFloating() ? null : tensor.toLongArray();
        int offset = placement == Placement.PLAIN ? 0 : 3;
        Storage storage = Storage.allocate(tensor.dtype(), count + 2 * offset);
        int rank = shape.rank();
        if (placement != Placement.TRANSPOSED || rank < 2) {
            for (int i = 0; i < count; i++) {
                put(storage, offset + i, values[i], whole == null ? 0 : whole[i]);
            }
            return Tensor.of(storage, Layout.contiguous(shape, offset), Device.CPU);
        }
        int[] strides = new int[rank];
        int stride = 1;
        for (int d = 0; d < rank; d++) { // first dimension innermost
            strides[d] = stride;
            stride *= Math.max(1, shape.dim(d));
        }
        int[] index = new int[rank];
        for (int i = 0; i < count; i++) {
            int at = offset;
            for (int d = 0; d < rank; d++) {
                at += index[d] * strides[d];
            }
            put(storage, at, values[i], whole == null ? 0 : whole[i]);
            for (int d = rank - 1; d >= 0 && ++index[d] == shape.dim(d); d--) {
                index[d] = 0;
            }
        }
        return Tensor.of(storage, Layout.of(shape, strides, offset), Device.CPU);
    }

    private static void put(Storage storage, int at, double value, long whole) {
        switch (storage.dtype()) {
            case FLOAT32 -> storage.floats()[at] = (float) value;
            case FLOAT64 -> storage.doubles()[at] = value;
            case INT64 -> storage.longs()[at] = whole;
            case INT32 -> storage.ints()[at] = (int) whole;
            case INT8, UINT8, BOOL -> storage.bytes()[at] = (byte) whole;
        }
    }

    private List<TensorSpec> outputSpecs(List<Tensor> arguments) {
        return op.infer(arguments.stream().map(Tensor::spec).toList());
    }

    boolean hasKernel() {
        return new CpuBackend().kernel(op, inputs.toArray(new Tensor[0])) instanceof CpuKernel;
    }

    /** Runs the CPU kernel into outputs that have guards on both sides; throws when a guard was overwritten. */
    Tensor[] run(Placement placement) {
        Tensor[] arguments = placed(placement).toArray(new Tensor[0]);
        CpuKernel kernel = (CpuKernel) new CpuBackend().kernel(op, arguments);
        for (int i = 0; i < arguments.length; i++) {
            boolean keep = kernel.acceptsStrides() || arguments[i].isContiguous();
            arguments[i] = keep ? arguments[i] : place(arguments[i], Placement.PLAIN);
        }
        List<Integer> mutated = op.mutates();
        List<TensorSpec> specs = outputSpecs(List.of(arguments));
        Tensor[] outputs = new Tensor[specs.size()];
        for (int i = 0; i < outputs.length; i++) {
            if (i < mutated.size()) {
                outputs[i] = arguments[mutated.get(i)];
                continue;
            }
            TensorSpec spec = specs.get(i);
            int count = (int) spec.shape().numel();
            Storage storage = Storage.allocate(spec.dtype(), count + 2 * GUARD);
            for (int k = 0; k < storage.length(); k++) {
                put(storage, k, Double.NaN, GUARD_BYTE);
            }
            outputs[i] = Tensor.of(storage, Layout.contiguous(spec.shape(), GUARD), Device.CPU);
        }
        kernel.run(op, arguments, outputs);
        for (int i = mutated.size(); i < outputs.length; i++) {
            checkGuards(outputs[i], i);
        }
        return outputs;
    }

    private void checkGuards(Tensor output, int index) {
        Storage storage = output.storage();
        int end = GUARD + (int) output.numel();
        for (int k = 0; k < storage.length(); k++) {
            if (k >= GUARD && k < end) {
                continue;
            }
            boolean intact = switch (storage.dtype()) {
                case FLOAT32 -> Float.isNaN(storage.floats()[k]);
                case FLOAT64 -> Double.isNaN(storage.doubles()[k]);
                case INT64 -> storage.longs()[k] == GUARD_BYTE;
                case INT32 -> storage.ints()[k] == GUARD_BYTE;
                case INT8, UINT8, BOOL -> storage.bytes()[k] == GUARD_BYTE;
            };
            if (!intact) {
                throw new AssertionError(name + ": output " + index + " was written outside, at " + (k - GUARD));
            }
        }
    }

    /** What the reference gives in double precision; of the absolute values of floating inputs when so wished. */
    double[][] expected(boolean absolute) {
        List<Tensor> doubles = new ArrayList<>();
        for (Tensor input : inputs) {
            if (!input.dtype().isFloating()) {
                doubles.add(place(input, Placement.PLAIN)); // an operator may overwrite it
                continue;
            }
            double[] values = input.toDoubleArray();
            for (int i = 0; i < values.length && absolute; i++) {
                values[i] = Math.abs(values[i]);
            }
            Storage storage = Storage.allocate(DType.FLOAT64, values.length);
            System.arraycopy(values, 0, storage.doubles(), 0, values.length);
            doubles.add(Tensor.of(storage, Layout.contiguous(input.spec().shape()), Device.CPU));
        }
        Tensor[] arguments = doubles.toArray(new Tensor[0]);
        List<TensorSpec> specs = outputSpecs(doubles);
        Tensor[] outputs = new Tensor[specs.size()];
        for (int i = 0; i < outputs.length; i++) {
            TensorSpec spec = specs.get(i);
            DType type = spec.dtype() == DType.FLOAT32 ? DType.FLOAT64 : spec.dtype();
            outputs[i] = i < op.mutates().size() ? arguments[op.mutates().get(i)]
                    : Tensor.of(Storage.allocate(type, (int) spec.shape().numel()),
                            Layout.contiguous(spec.shape()), Device.CPU);
        }
        ReferenceBackend.definition(op.getClass()).run(op, arguments, outputs);
        double[][] values = new double[outputs.length][];
        for (int i = 0; i < outputs.length; i++) {
            values[i] = outputs[i].toDoubleArray();
        }
        return values;
    }

    /** The largest error, in parts of what is allowed. */
    double worstError(Tensor[] actual) {
        double[][] expected = expected(false);
        double[][] terms = scale == Scale.TERMS ? expected(true) : expected;
        double worst = 0;
        for (int o = 0; o < expected.length; o++) {
            double largest = 0;
            for (double value : expected[o]) {
                largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
            }
            double[] values = actual[o].toDoubleArray();
            boolean exact = !actual[o].dtype().isFloating();
            for (int i = 0; i < values.length; i++) {
                double wanted = expected[o][i];
                if (exact || !Double.isFinite((float) wanted)) {
                    boolean same = Double.compare(exact ? values[i] : (float) values[i] + 0f,
                            exact ? wanted : (float) wanted + 0f) == 0;
                    worst = same ? worst : Double.POSITIVE_INFINITY;
                    continue;
                }
                double magnitude = switch (scale) {
                    case ELEMENT -> Math.abs(wanted);
                    case TERMS -> Math.abs(terms[o][i]);
                    case LARGEST -> largest;
                };
                double allowed = units * magnitude * 0x1p-24 + Float.MIN_NORMAL;
                double error = Math.abs(values[i] - wanted) / allowed;
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
            }
        }
        return worst;
    }

    /** FLOAT32, normal numbers times {@code size}. */
    static Tensor floats(long seed, double size, int... dims) {
        Shape shape = Shape.of(dims);
        Storage storage = Storage.allocate(DType.FLOAT32, (int) shape.numel());
        Rng rng = new Rng(seed);
        for (int i = 0; i < storage.length(); i++) {
            storage.floats()[i] = (float) (size * rng.nextGaussian());
        }
        return Tensor.of(storage, Layout.contiguous(shape), Device.CPU);
    }

    /** FLOAT32, uniform between two numbers. */
    static Tensor between(long seed, double low, double high, int... dims) {
        Shape shape = Shape.of(dims);
        Storage storage = Storage.allocate(DType.FLOAT32, (int) shape.numel());
        Rng rng = new Rng(seed);
        for (int i = 0; i < storage.length(); i++) {
            storage.floats()[i] = (float) (low + (high - low) * rng.nextDouble());
        }
        return Tensor.of(storage, Layout.contiguous(shape), Device.CPU);
    }

    /** Whole numbers from {@code low} to {@code high} - 1. */
    static Tensor whole(DType type, long seed, int low, int high, int... dims) {
        Shape shape = Shape.of(dims);
        Storage storage = Storage.allocate(type, (int) shape.numel());
        Rng rng = new Rng(seed);
        for (int i = 0; i < storage.length(); i++) {
            long value = low + rng.nextInt(high - low);
            put(storage, i, value, value);
        }
        return Tensor.of(storage, Layout.contiguous(shape), Device.CPU);
    }
}

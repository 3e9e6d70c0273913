package org.bitgrid.tensor.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ToDevice;
import org.bitgrid.tensor.spi.Backend;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.Transfer;

/**
 * The living definition of every operator: naive, in double precision, for tensors in main memory. Serves FLOAT64
 * tensors always, and everything with {@code -Dbitgrid.backend=reference}. Deliberately shares no loop with the CPU
 * backend, which is judged by it.
 */
public final class ReferenceBackend implements Backend {
    private static final Map<Class<? extends Op>, Kernel> KERNELS = new HashMap<>();

    static {
        defineTyped(ToDevice.class, new Transfer());
        ReferencePointwise.register();
        ReferenceShapes.register();
        ReferenceOptimizers.register();
        ReferenceNnConv.register();
        ReferenceNnPool.register();
        ReferenceNnNorm.register();
        ReferenceNnLoss.register();
        ReferenceLosses.register();
        ReferenceNnIndex.register();
        ReferenceSelections.register();
        ReferenceQuantization.register();
    }

    /** For ServiceLoader. */
    public ReferenceBackend() {
    }

    /** Adds the definition of an operator. */
    static <O extends Op> void define(Class<O> type, ReferenceKernel<O> kernel) {
        KERNELS.put(type, new Kernel() {
            @Override
            public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
                ReferenceBackend.run(type.cast(op), kernel, inputs, outputs);
            }

            /** Reading copies whatever the layout. */
            @Override
            public boolean acceptsStrides() {
                return true;
            }
        });
    }

    /** Adds the definition of an operator that must know the types of its tensors. */
    static void defineTyped(Class<? extends Op> type, Kernel kernel) {
        KERNELS.put(type, kernel);
    }

    private static <O extends Op> void run(O op, ReferenceKernel<O> kernel, Tensor[] inputs, Tensor[] outputs) {
        RefArray[] in = new RefArray[inputs.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = RefArray.read(inputs[i]);
        }
        List<Integer> mutated = op.mutates();
        RefArray[] out = new RefArray[outputs.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = i < mutated.size() ? in[mutated.get(i)] : RefArray.empty(outputs[i].layout().shape());
        }
        kernel.run(op, in, out);
        for (int i = 0; i < out.length; i++) {
            out[i].write(outputs[i]);
        }
    }

    /** Operators that have a definition here. */
    public static Set<Class<? extends Op>> operators() {
        return Set.copyOf(KERNELS.keySet());
    }

    /** The definition as a kernel, or null. */
    public static Kernel definition(Class<? extends Op> type) {
        return KERNELS.get(type);
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String deviceKind() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public String whyUnusable() {
        return null;
    }

    @Override
    public String description() {
        return "reference (double precision, naive)";
    }

    @Override
    public Kernel kernel(Op op, Tensor[] inputs) {
        return KERNELS.get(op.getClass());
    }

    @Override
    public Storage allocate(DType dtype, int length, Device device, String purpose) {
        return Storage.allocate(dtype, length);
    }
}

package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;

/**
 * Computations put off until their consumer is known: batch normalisation before relu, and relu's gradient before that
 * of batch normalisation, each pair then reading and writing memory once instead of twice. Results have the same bits
 * as without; {@code -Dbitgrid.fuse=off} turns it off.
 */
final class Fusion {
    /** Below this many elements all is in the cache anyway. */
    private static final int FEWEST = 1 << 12;

    private static volatile boolean enabled = !"off".equals(System.getProperty("bitgrid.fuse", "on"));

    private Fusion() {
    }

    /** Turns it on or off; returns what was. For tests. */
    static boolean setEnabled(boolean on) {
        boolean before = enabled;
        enabled = on;
        return before;
    }

    /** Whether the computation of this output may be put off. */
    static boolean isWorthwhile(Tensor output) {
        return enabled && output.numel() >= FEWEST && fills(output);
    }

    private static boolean fills(Tensor tensor) {
        return tensor.dtype() == DType.FLOAT32 && tensor.isContiguous() && tensor.layout().offset() == 0
                && tensor.storage().length() == tensor.numel();
    }

    /** The computation that has yet to write all of this tensor, when it is of this kind; else null. */
    static <P extends Storage.Pending> P pending(Tensor tensor, Class<P> kind) {
        if (tensor.storage() instanceof Storage.Floats floats && kind.isInstance(floats.pending()) && fills(tensor)) {
            return kind.cast(floats.pending());
        }
        return null;
    }

    static void defer(Tensor output, Storage.Pending computation) {
        ((Storage.Floats) output.storage()).defer(computation);
    }

    /** y = (x - centre) · slope + shift by channel: the second half of batch normalisation. */
    static final class Normalisation extends Storage.Pending {
        private final BatchNormKernels.Affine affine;
        private final Planes planes;
        private final Tensor x;

        Normalisation(BatchNormKernels.Affine affine, Planes planes, Tensor x) {
            super(x.storage());
            this.affine = affine;
            this.planes = planes;
            this.x = x;
        }

        @Override
        protected void fill(float[] elements) {
            run(elements, 0, false);
        }

        /** Computes the elements, or with {@code relu} their positive parts. */
        void run(float[] y, int yAt, boolean relu) {
            affine.apply(planes, x.storage().floats(), x.layout().offset(), y, yAt, relu);
        }
    }

    /** grad where y is positive, else 0: the gradient of relu. */
    static final class Gate extends Storage.Pending {
        final Tensor grad;
        final Tensor y;

        Gate(Tensor grad, Tensor y) {
            super(grad.storage(), y.storage());
            this.grad = grad;
            this.y = y;
        }

        @Override
        protected void fill(float[] elements) {
            float[] from = grad.storage().floats();
            float[] gate = y.storage().floats();
            Blocks.parallel(grad, (begin, end) -> VectorMaths.FUNCTIONS.reluGrad(from, grad.layout().offset() + begin,
                    gate, y.layout().offset() + begin, elements, begin, end - begin));
        }
    }
}

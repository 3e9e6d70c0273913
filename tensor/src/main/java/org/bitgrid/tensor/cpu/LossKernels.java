package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorFunctions;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.op.BinaryCrossEntropy;
import org.bitgrid.tensor.op.CountEqual;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.Reduction;

/** Losses over classes and their gradients, and what counts right predictions. */
final class LossKernels {
    private static final VectorFunctions FUNCTIONS = VectorMaths.FUNCTIONS;
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;

    private LossKernels() {
    }

    static void register() {
        CpuBackend.define(CrossEntropy.class, LossKernels::crossEntropy);
        CpuBackend.define(CrossEntropy.InputGrad.class, LossKernels::crossEntropyGrad);
        CpuBackend.define(BinaryCrossEntropy.class, LossKernels::binaryCrossEntropy);
        CpuBackend.define(CountEqual.class, new Count());
    }

    /** What the rows of one cross entropy share. */
    private static final class Classes {
        private final CrossEntropy op;
        private final Lines lines;
        private final int[] targets;
        private final float[] weights;
        private final int weightsAt;
        /** Sum of all class weights. */
        private final double allWeights;

        Classes(CrossEntropy op, Tensor logits, Tensor target, Tensor weights) {
            this.op = op;
            Shape shape = logits.layout().shape();
            this.lines = Lines.along(op.name(), shape, CrossEntropy.classAxis(shape));
            this.weights = weights == null ? null : weights.storage().floats();
            this.weightsAt = weights == null ? 0 : weights.layout().offset();
            this.targets = targets(op, target, lines.length());
            double sum = 0;
            for (int c = 0; c < lines.length(); c++) {
                sum += weight(c);
            }
            this.allWeights = sum;
        }

        private static int[] targets(CrossEntropy op, Tensor target, int classes) {
            Storage storage = target.storage();
            int[] targets = new int[(int) target.numel()];
            int offset = target.layout().offset();
            boolean wide = storage.dtype() == DType.INT64;
            for (int i = 0; i < targets.length; i++) {
                long value = wide ? storage.longs()[offset + i] : storage.dtype() == DType.INT32
                        ? storage.ints()[offset + i] : storage.dtype() == DType.UINT8
                        ? storage.bytes()[offset + i] & 0xff : storage.bytes()[offset + i];
                if (value == op.ignoreIndex()) {
                    targets[i] = -1;
                } else if (value < 0 || value >= classes) {
                    throw CrossEntropy.badTarget(op.name(), i, value, classes);
                } else {
                    targets[i] = (int) value;
                }
            }
            return targets;
        }

        double weight(int index) {
            return weights == null ? 1 : weights[weightsAt + index];
        }

        /** What the mean divides by. */
        double divisor() {
            if (op.reduction() != Reduction.MEAN) {
                return 1;
            }
            double sum = 0;
            for (int target : targets) {
                sum += target < 0 ? 0 : weight(target);
            }
            return sum;
        }

        /** Puts exp(x - shift) into {@code row}; returns the shift. The sum is then that of the row. */
        float powers(float[] x, int at, float[] row, float[] lanes) {
            lines.gather(x, at, row);
            float shift = SoftmaxKernels.shift(REDUCTIONS.max(row, 0, lines.length(), lanes));
            SoftmaxKernels.subtract(row, 0, shift, row, 0, lines.length());
            FUNCTIONS.exp(row, 0, row, 0, lines.length());
            return shift;
        }

        double loss(float[] x, int at, int target, float[] row, float[] lanes) {
            float shift = powers(x, at, row, lanes);
            double log = shift + StrictMath.log(REDUCTIONS.sum(row, 0, lines.length(), lanes));
            double smooth = op.labelSmoothing();
            double own = (1 - smooth) * weight(target);
            double loss = own == 0 ? 0 : own * (log - x[at + target * lines.inner()]);
            for (int c = 0; c < lines.length() && smooth > 0; c++) {
                double share = smooth / lines.length() * weight(c);
                loss += share == 0 ? 0 : share * (log - x[at + c * lines.inner()]);
            }
            return loss;
        }

        void gradient(float[] x, int at, int target, double grad, float[] out, int to, float[] row, float[] lanes) {
            int classes = lines.length();
            int inner = lines.inner();
            if (target < 0) {
                for (int c = 0; c < classes; c++) {
                    out[to + c * inner] = 0;
                }
                return;
            }
            powers(x, at, row, lanes);
            double smooth = op.labelSmoothing();
            double own = (1 - smooth) * weight(target);
            double mass = own + smooth / classes * allWeights;
            double factor = mass / REDUCTIONS.sum(row, 0, classes, lanes);
            for (int c = 0; c < classes; c++) {
                double share = smooth == 0 ? 0 : smooth / classes * weight(c);
                share += c == target ? own : 0;
                out[to + c * inner] = (float) (grad * (row[c] * factor - share));
            }
        }
    }

    private static void crossEntropy(Op op, Tensor[] in, Tensor[] out) {
        CrossEntropy loss = (CrossEntropy) op;
        Classes classes = new Classes(loss, in[0], in[1], in.length == 3 ? in[2] : null);
        float[] x = in[0].storage().floats();
        int xAt = in[0].layout().offset();
        float[] y = out[0].storage().floats();
        int yAt = out[0].layout().offset();
        double[] losses = new double[classes.targets.length];
        classes.lines.parallel((begin, end) -> {
            float[] row = new float[classes.lines.length()];
            float[] lanes = new float[VectorReductions.LANES];
            for (int i = begin; i < end; i++) {
                int target = classes.targets[i];
                losses[i] = target < 0 ? 0 : classes.loss(x, xAt + classes.lines.start(i), target, row, lanes);
            }
        });
        if (loss.reduction() == Reduction.NONE) {
            for (int i = 0; i < losses.length; i++) {
                y[yAt + i] = (float) losses[i];
            }
            return;
        }
        double total = 0;
        for (double each : losses) {
            total += each;
        }
        y[yAt] = (float) (total / classes.divisor());
    }

    private static void crossEntropyGrad(Op op, Tensor[] in, Tensor[] out) {
        CrossEntropy loss = ((CrossEntropy.InputGrad) op).loss();
        Classes classes = new Classes(loss, in[1], in[2], in.length == 4 ? in[3] : null);
        float[] grad = in[0].storage().floats();
        int gradAt = in[0].layout().offset();
        float[] x = in[1].storage().floats();
        int xAt = in[1].layout().offset();
        float[] y = out[0].storage().floats();
        int yAt = out[0].layout().offset();
        double divisor = classes.divisor();
        boolean each = loss.reduction() == Reduction.NONE;
        classes.lines.parallel((begin, end) -> {
            float[] row = new float[classes.lines.length()];
            float[] lanes = new float[VectorReductions.LANES];
            for (int i = begin; i < end; i++) {
                int start = classes.lines.start(i);
                classes.gradient(x, xAt + start, classes.targets[i], grad[gradAt + (each ? i : 0)] / divisor, y,
                        yAt + start, row, lanes);
            }
        });
    }

    private static void binaryCrossEntropy(Op op, Tensor[] in, Tensor[] out) {
        float[] x = in[0].storage().floats();
        int xAt = in[0].layout().offset();
        float[] target = in[1].storage().floats();
        int targetAt = in[1].layout().offset();
        float[] y = out[0].storage().floats();
        int yAt = out[0].layout().offset();
        int count = (int) out[0].numel();
        for (int i = 0; i < count; i++) {
            if (!(x[xAt + i] >= 0 && x[xAt + i] <= 1)) {
                throw BinaryCrossEntropy.badInput(i, x[xAt + i]);
            }
        }
        Blocks.parallel(out[0], (begin, end) -> {
            for (int i = begin; i < end; i++) {
                double p = x[xAt + i];
                double t = target[targetAt + i];
                y[yAt + i] = (float) -(t * Math.max(StrictMath.log(p), BinaryCrossEntropy.LEAST_LOG)
                        + (1 - t) * Math.max(StrictMath.log1p(-p), BinaryCrossEntropy.LEAST_LOG));
            }
        });
    }

    private static final class Count implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() != DType.FLOAT64;
        }

        @Override
        public boolean acceptsStrides() {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            StridedReader a = StridedReader.of(inputs[0]);
            StridedReader b = StridedReader.of(inputs[1]);
            int count = (int) inputs[0].numel();
            boolean floats = inputs[0].dtype() == DType.FLOAT32;
            byte[] equal = new byte[Blocks.BLOCK];
            float[] leftFloats = new float[floats ? Blocks.BLOCK : 0];
            float[] rightFloats = new float[floats ? Blocks.BLOCK : 0];
            long[] left = new long[floats ? 0 : Blocks.BLOCK];
            long[] right = new long[floats ? 0 : Blocks.BLOCK];
            long found = 0;
            for (int i = 0; i < count; i += Blocks.BLOCK) {
                int size = Math.min(Blocks.BLOCK, count - i);
                if (floats) {
                    a.read(i, size, leftFloats, 0);
                    b.read(i, size, rightFloats, 0);
                    Comparisons.floats(Pointwise2.Kind.EQ, leftFloats, 0, rightFloats, 0, equal,
                            0, size);
                } else {
                    a.read(i, size, left);
                    b.read(i, size, right);
                    Comparisons.longs(Pointwise2.Kind.EQ, left, right, equal, 0, size);
                }
                for (int k = 0; k < size; k++) {
                    found += equal[k];
                }
            }
            outputs[0].storage().longs()[outputs[0].layout().offset()] = found;
        }
    }
}

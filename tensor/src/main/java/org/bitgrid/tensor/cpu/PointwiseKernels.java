package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Where;

/**
 * Operators that treat each element by itself, on inputs of any layout: float results from floats, integer results
 * exactly from longs. Functions of integers that have no exact loop go to the reference.
 */
final class PointwiseKernels {
    private PointwiseKernels() {
    }

    static void register() {
        CpuBackend.define(Pointwise1.class, new Unary());
        CpuBackend.define(Pointwise2.class, new Binary());
        CpuBackend.define(PointwiseScalar.class, new Scalar());
        CpuBackend.define(ParametricPointwise.class, new Parametric());
        CpuBackend.define(Where.class, new Choice());
        CpuBackend.define(Cast.class, new Conversion());
        CpuBackend.define(AddInPlace.class, new Accumulation());
    }

    private static boolean anyDouble(Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (input.dtype() == DType.FLOAT64) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyFloating(Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (input.dtype().isFloating()) {
                return true;
            }
        }
        return false;
    }

    /** Takes inputs of any layout. */
    private abstract static class Strided implements CpuKernel {
        @Override
        public final boolean acceptsStrides() {
            return true;
        }
    }

    private static final class Unary extends Strided {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            DType type = inputs[0].dtype();
            return type == DType.FLOAT32 || !type.isFloating();
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Pointwise1.Kind kind = ((Pointwise1) op).kind();
            if (kind == Pointwise1.Kind.RELU && outputs[0].dtype() == DType.FLOAT32) {
                Fusion.Normalisation before = Fusion.pending(inputs[0], Fusion.Normalisation.class);
                if (before != null) {
                    before.run(outputs[0].storage().floats(), outputs[0].layout().offset(), true);
                    return;
                }
            }
            StridedReader x = StridedReader.of(inputs[0]);
            if (outputs[0].dtype() == DType.FLOAT32) {
                unary(FloatLoops1.of(kind), x, outputs[0]);
            } else {
                Storage y = outputs[0].storage();
                int at = outputs[0].layout().offset();
                Blocks.parallel(outputs[0], (begin, end) -> {
                    long[] values = new long[Blocks.BLOCK];
                    for (int i = begin; i < end; i += Blocks.BLOCK) {
                        int count = Math.min(Blocks.BLOCK, end - i);
                        x.read(i, count, values);
                        LongLoops.apply(kind, values, count);
                        Blocks.write(values, count, y, at + i);
                    }
                });
            }
        }
    }

    /** y = f(x) over floats. */
    static void unary(FloatLoops1.Loop loop, StridedReader x, Tensor output) {
        float[] y = output.storage().floats();
        int at = output.layout().offset();
        Blocks.parallel(output, (begin, end) -> {
            if (x.isDirect()) {
                loop.run(x.array(), x.offset() + begin, y, at + begin, end - begin);
                return;
            }
            for (int i = begin; i < end; i += Blocks.BLOCK) {
                int count = Math.min(Blocks.BLOCK, end - i);
                x.read(i, count, y, at + i);
                loop.run(y, at + i, y, at + i, count);
            }
        });
    }

    /** y = f(a, b) over floats. */
    static void binary(FloatLoops2.Loop loop, FloatOperand a, FloatOperand b, Tensor output) {
        float[] y = output.storage().floats();
        int at = output.layout().offset();
        boolean staged = a.isStaged() || b.isStaged();
        Blocks.parallel(output, (begin, end) -> {
            FloatOperand.Cursor left = a.cursor();
            FloatOperand.Cursor right = b.cursor();
            int step = staged ? Blocks.BLOCK : end - begin;
            for (int i = begin; i < end; i += step) {
                int count = Math.min(step, end - i);
                left.seek(i, count);
                right.seek(i, count);
                loop.run(left.array, left.at, right.array, right.at, y, at + i, count);
            }
        });
    }

    private static final class Parametric extends Strided {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() == DType.FLOAT32;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            unary(FloatLoops1.of((ParametricPointwise) op), StridedReader.of(inputs[0]), outputs[0]);
        }
    }

    private static final class Binary extends Strided {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            Pointwise2.Kind kind = ((Pointwise2) op).kind();
            return !anyDouble(inputs) && (anyFloating(inputs) || kind.isComparison() || kind == Pointwise2.Kind.DIV
                    || LongLoops.has(kind));
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Pointwise2.Kind kind = ((Pointwise2) op).kind();
            Shape shape = outputs[0].layout().shape();
            if (kind == Pointwise2.Kind.RELU_GRAD && Fusion.isWorthwhile(outputs[0]) && matches(inputs[0], shape)
                    && matches(inputs[1], shape)) {
                Fusion.defer(outputs[0], new Fusion.Gate(inputs[0], inputs[1]));
                return;
            }
            StridedReader a = StridedReader.of(inputs[0], shape);
            StridedReader b = StridedReader.of(inputs[1], shape);
            if (kind.isComparison()) {
                compare(kind, inputs, a, b, outputs[0]);
            } else if (outputs[0].dtype() == DType.FLOAT32) {
                binary(FloatLoops2.of(kind), FloatOperand.of(a), FloatOperand.of(b), outputs[0]);
            } else {
                Storage y = outputs[0].storage();
                int at = outputs[0].layout().offset();
                Blocks.parallel(outputs[0], (begin, end) -> {
                    long[] left = new long[Blocks.BLOCK];
                    long[] right = new long[Blocks.BLOCK];
                    for (int i = begin; i < end; i += Blocks.BLOCK) {
                        int count = Math.min(Blocks.BLOCK, end - i);
                        a.read(i, count, left);
                        b.read(i, count, right);
                        LongLoops.apply(kind, left, right, count);
                        Blocks.write(left, count, y, at + i);
                    }
                });
            }
        }

        private static boolean matches(Tensor input, Shape shape) {
            return input.dtype() == DType.FLOAT32 && input.isContiguous() && input.layout().shape().equals(shape);
        }

        private static void compare(Pointwise2.Kind kind, Tensor[] inputs, StridedReader a, StridedReader b,
                                    Tensor output) {
            byte[] y = output.storage().bytes();
            int at = output.layout().offset();
            if (a.dtype() == DType.FLOAT32 && b.dtype() == DType.FLOAT32) {
                compareFloats(kind, FloatOperand.of(a), FloatOperand.of(b), output);
            } else if (anyFloating(inputs)) {
                // Floats hold no integer beyond 2^24; doubles hold both operands.
                Blocks.parallel(output, (begin, end) -> {
                    double[] left = new double[Blocks.BLOCK];
                    double[] right = new double[Blocks.BLOCK];
                    for (int i = begin; i < end; i += Blocks.BLOCK) {
                        int count = Math.min(Blocks.BLOCK, end - i);
                        a.read(i, count, left);
                        b.read(i, count, right);
                        Comparisons.doubles(kind, left, right, y, at + i, count);
                    }
                });
            } else {
                Blocks.parallel(output, (begin, end) -> {
                    long[] left = new long[Blocks.BLOCK];
                    long[] right = new long[Blocks.BLOCK];
                    for (int i = begin; i < end; i += Blocks.BLOCK) {
                        int count = Math.min(Blocks.BLOCK, end - i);
                        a.read(i, count, left);
                        b.read(i, count, right);
                        Comparisons.longs(kind, left, right, y, at + i, count);
                    }
                });
            }
        }
    }

    private static void compareFloats(Pointwise2.Kind kind, FloatOperand a, FloatOperand b, Tensor output) {
        byte[] y = output.storage().bytes();
        int at = output.layout().offset();
        boolean staged = a.isStaged() || b.isStaged();
        Blocks.parallel(output, (begin, end) -> {
            FloatOperand.Cursor left = a.cursor();
            FloatOperand.Cursor right = b.cursor();
            int step = staged ? Blocks.BLOCK : end - begin;
            for (int i = begin; i < end; i += step) {
                int count = Math.min(step, end - i);
                left.seek(i, count);
                right.seek(i, count);
                Comparisons.floats(kind, left.array, left.at, right.array, right.at, y, at + i, count);
            }
        });
    }

    /** The number stands as a block of equal elements beside the tensor, so that no loop is written twice. */
    private static final class Scalar extends Strided {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            PointwiseScalar scalar = (PointwiseScalar) op;
            Pointwise2.Kind kind = scalar.kind();
            DType type = inputs[0].dtype();
            if (type.isFloating()) {
                return type == DType.FLOAT32;
            }
            return !scalar.integral() || kind.isComparison() || kind == Pointwise2.Kind.DIV || LongLoops.has(kind);
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            PointwiseScalar scalar = (PointwiseScalar) op;
            Pointwise2.Kind kind = scalar.kind();
            StridedReader x = StridedReader.of(inputs[0]);
            boolean floats = inputs[0].dtype() == DType.FLOAT32;
            if (kind.isComparison() && !floats) {
                compare(scalar, x, outputs[0]);
            } else if (!kind.isComparison() && outputs[0].dtype() != DType.FLOAT32) {
                integers(scalar, x, outputs[0]);
            } else if (kind == Pointwise2.Kind.POW && !scalar.reversed()) {
                unary(FloatLoops2.power(scalar.scalar()), x, outputs[0]);
            } else {
                FloatOperand tensor = FloatOperand.of(x);
                FloatOperand number = FloatOperand.constant((float) scalar.scalar());
                FloatOperand a = scalar.reversed() ? number : tensor;
                FloatOperand b = scalar.reversed() ? tensor : number;
                if (kind.isComparison()) {
                    compareFloats(kind, a, b, outputs[0]);
                } else {
                    binary(FloatLoops2.of(kind), a, b, outputs[0]);
                }
            }
        }

        private static void integers(PointwiseScalar op, StridedReader x, Tensor output) {
            Storage y = output.storage();
            int at = output.layout().offset();
            Blocks.parallel(output, (begin, end) -> {
                long[] values = new long[Blocks.BLOCK];
                long[] number = new long[Blocks.BLOCK];
                for (int i = begin; i < end; i += Blocks.BLOCK) {
                    int count = Math.min(Blocks.BLOCK, end - i);
                    x.read(i, count, values);
                    Arrays.fill(number, 0, count, (long) op.scalar());
                    long[] result = op.reversed() ? number : values;
                    LongLoops.apply(op.kind(), result, op.reversed() ? values : number, count);
                    Blocks.write(result, count, y, at + i);
                }
            });
        }

        /** Integers against a number: exactly when that is whole, else in double precision. */
        private static void compare(PointwiseScalar op, StridedReader x, Tensor output) {
            byte[] y = output.storage().bytes();
            int at = output.layout().offset();
            double number = op.scalar();
            boolean whole = number == Math.rint(number) && Math.abs(number) < 0x1p63;
            Blocks.parallel(output, (begin, end) -> {
                long[] longs = new long[Blocks.BLOCK];
                long[] longNumber = new long[Blocks.BLOCK];
                double[] doubles = new double[whole ? 0 : Blocks.BLOCK];
                double[] doubleNumber = new double[whole ? 0 : Blocks.BLOCK];
                Arrays.fill(longNumber, (long) number);
                Arrays.fill(doubleNumber, number);
                for (int i = begin; i < end; i += Blocks.BLOCK) {
                    int count = Math.min(Blocks.BLOCK, end - i);
                    if (whole) {
                        x.read(i, count, longs);
                        Comparisons.longs(op.kind(), op.reversed() ? longNumber : longs,
                                op.reversed() ? longs : longNumber, y, at + i, count);
                    } else {
                        x.read(i, count, doubles);
                        Comparisons.doubles(op.kind(), op.reversed() ? doubleNumber : doubles,
                                op.reversed() ? doubles : doubleNumber, y, at + i, count);
                    }
                }
            });
        }
    }

    private static final class Choice extends Strided {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return inputs[1].dtype() != DType.FLOAT64;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Shape shape = outputs[0].layout().shape();
            StridedReader condition = StridedReader.of(inputs[0], shape);
            StridedReader a = StridedReader.of(inputs[1], shape);
            StridedReader b = StridedReader.of(inputs[2], shape);
            Storage y = outputs[0].storage();
            int at = outputs[0].layout().offset();
            if (outputs[0].dtype() == DType.FLOAT32) {
                Blocks.parallel(outputs[0], (begin, end) -> {
                    // The condition picks one of two neighbouring buffers: no jump that a processor could guess wrong.
                    byte[] chosen = new byte[Blocks.BLOCK];
                    float[] both = new float[2 * Blocks.BLOCK];
                    for (int i = begin; i < end; i += Blocks.BLOCK) {
                        int count = Math.min(Blocks.BLOCK, end - i);
                        condition.read(i, count, chosen, 0);
                        a.read(i, count, both, Blocks.BLOCK);
                        b.read(i, count, both, 0);
                        choose(chosen, both, y.floats(), at + i, count);
                    }
                });
                return;
            }
            Blocks.parallel(outputs[0], (begin, end) -> {
                byte[] chosen = new byte[Blocks.BLOCK];
                long[] left = new long[Blocks.BLOCK];
                long[] right = new long[Blocks.BLOCK];
                for (int i = begin; i < end; i += Blocks.BLOCK) {
                    int count = Math.min(Blocks.BLOCK, end - i);
                    condition.read(i, count, chosen, 0);
                    a.read(i, count, left);
                    b.read(i, count, right);
                    for (int k = 0; k < count; k++) {
                        left[k] = chosen[k] != 0 ? left[k] : right[k];
                    }
                    Blocks.write(left, count, y, at + i);
                }
            });
        }

        private static void choose(byte[] chosen, float[] both, float[] y, int at, int count) {
            for (int k = 0; k < count; k++) {
                y[at + k] = both[k + chosen[k] * Blocks.BLOCK];
            }
        }
    }

    private static final class Conversion extends Strided {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            StridedReader x = StridedReader.of(inputs[0]);
            Storage y = outputs[0].storage();
            int at = outputs[0].layout().offset();
            if (y.dtype() == DType.FLOAT32) {
                Blocks.parallel(outputs[0], (begin, end) -> x.read(begin, end - begin, y.floats(), at + begin));
                return;
            }
            // Beyond 2^53 doubles lose integers; below 1 longs lose what makes a fraction true.
            boolean doubles = y.dtype() == DType.FLOAT64 || y.dtype() == DType.BOOL && inputs[0].dtype().isFloating();
            Blocks.parallel(outputs[0], (begin, end) -> {
                double[] fractions = new double[doubles ? Blocks.BLOCK : 0];
                long[] whole = new long[doubles ? 0 : Blocks.BLOCK];
                for (int i = begin; i < end; i += Blocks.BLOCK) {
                    int count = Math.min(Blocks.BLOCK, end - i);
                    if (!doubles) {
                        x.read(i, count, whole);
                        Blocks.write(whole, count, y, at + i);
                        continue;
                    }
                    x.read(i, count, fractions);
                    if (y.dtype() == DType.FLOAT64) {
                        System.arraycopy(fractions, 0, y.doubles(), at + i, count);
                        continue;
                    }
                    byte[] truths = y.bytes();
                    for (int k = 0; k < count; k++) {
                        truths[at + i + k] = (byte) (fractions[k] != 0 ? 1 : 0);
                    }
                }
            });
        }
    }

    private static final class Accumulation implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            double alpha = ((AddInPlace) op).alpha();
            DType type = inputs[0].dtype();
            return type.isFloating() ? type == DType.FLOAT32 : alpha == Math.rint(alpha) && Math.abs(alpha) < 0x1p63;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            double alpha = ((AddInPlace) op).alpha();
            Storage y = outputs[0].storage();
            int at = outputs[0].layout().offset();
            if (y.dtype() == DType.FLOAT32) {
                float[] x = inputs[1].storage().floats();
                int from = inputs[1].layout().offset();
                float[] target = y.floats();
                Blocks.parallel(outputs[0], (begin, end) -> {
                    if (alpha == 1) {
                        add(target, at + begin, x, from + begin, end - begin);
                    } else {
                        addScaled(target, at + begin, (float) alpha, x, from + begin, end - begin);
                    }
                });
                return;
            }
            StridedReader target = StridedReader.of(outputs[0]);
            StridedReader x = StridedReader.of(inputs[1]);
            Blocks.parallel(outputs[0], (begin, end) -> {
                long[] sums = new long[Blocks.BLOCK];
                long[] terms = new long[Blocks.BLOCK];
                for (int i = begin; i < end; i += Blocks.BLOCK) {
                    int count = Math.min(Blocks.BLOCK, end - i);
                    target.read(i, count, sums);
                    x.read(i, count, terms);
                    for (int k = 0; k < count; k++) {
                        sums[k] += (long) alpha * terms[k];
                    }
                    Blocks.write(sums, count, y, at + i);
                }
            });
        }

        private static void add(float[] y, int yAt, float[] x, int xAt, int count) {
            for (int i = 0; i < count; i++) {
                y[yAt + i] += x[xAt + i];
            }
        }

        private static void addScaled(float[] y, int yAt, float alpha, float[] x, int xAt, int count) {
            for (int i = 0; i < count; i++) {
                y[yAt + i] += alpha * x[xAt + i];
            }
        }
    }
}

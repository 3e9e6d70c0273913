package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.spi.Parallel;

/**
 * Folds of any dimensions. After neighbours that are both folded or both kept are joined, the innermost dimension is
 * either folded (rows are folded one by one) or kept (rows are folded onto each other). Sums are carried in double
 * between blocks and cut into pieces by the shape alone.
 */
final class ReduceKernels {
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 15;
    /** Rows that are added onto each other in float before they are widened. */
    private static final int FLOAT_ROWS = 16;

    private ReduceKernels() {
    }

    static void register() {
        CpuBackend.define(Reduce.class, new Floats());
    }

    /** Joined dimensions of a contiguous tensor, alternately kept and folded. */
    private record Plan(int[] dims, boolean[] folded) {
        static Plan of(Shape shape, boolean[] folded) {
            int[] dims = new int[shape.rank() + 1];
            boolean[] gone = new boolean[shape.rank() + 1];
            int rank = 0;
            for (int i = 0; i < shape.rank(); i++) {
                if (shape.dim(i) == 1) {
                    continue;
                }
                if (rank > 0 && gone[rank - 1] == folded[i]) {
                    dims[rank - 1] *= shape.dim(i);
                } else {
                    dims[rank] = shape.dim(i);
                    gone[rank++] = folded[i];
                }
            }
            if (rank == 0) {
                dims[rank++] = 1;
            }
            return new Plan(Arrays.copyOf(dims, rank), Arrays.copyOf(gone, rank));
        }

        /** Whether planes of channels are folded over images. */
        boolean isByChannel() {
            return dims.length == 3 && folded[0] && folded[2];
        }

        int inner() {
            return dims[dims.length - 1];
        }

        boolean innerFolded() {
            return folded[folded.length - 1];
        }

        /** Product of the outer dimensions that are folded, or of those that are kept. */
        int outer(boolean which) {
            int product = 1;
            for (int i = 0; i < dims.length - 1; i++) {
                product *= folded[i] == which ? dims[i] : 1;
            }
            return product;
        }

        /** Start of the row with this number among the outer kept rows, and among the outer folded ones. */
        int row(int kept, int gone) {
            int position = 0;
            int stride = inner();
            for (int i = dims.length - 2; i >= 0; i--) {
                int size = dims[i];
                if (folded[i]) {
                    position += gone % size * stride;
                    gone /= size;
                } else {
                    position += kept % size * stride;
                    kept /= size;
                }
                stride *= size;
            }
            return position;
        }
    }

    private static final class Floats implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() != DType.FLOAT64;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Reduce reduce = (Reduce) op;
            Shape shape = inputs[0].layout().shape();
            Plan plan = Plan.of(shape, reduce.folded(shape));
            if (inputs[0].dtype() != DType.FLOAT32) {
                integers(reduce.kind(), plan, inputs[0], outputs[0]);
                return;
            }
            float[] x = inputs[0].storage().floats();
            int xAt = inputs[0].layout().offset();
            float[] y = outputs[0].storage().floats();
            int yAt = outputs[0].layout().offset();
            int count = (int) outputs[0].numel();
            if (shape.numel() == 0) {
                Arrays.fill(y, yAt, yAt + count, reduce.kind() == Reduce.Kind.MEAN ? Float.NaN : 0);
                return;
            }
            double divisor = reduce.kind() == Reduce.Kind.MEAN ? (double) shape.numel() / count : 1;
            boolean sum = reduce.kind() == Reduce.Kind.SUM || reduce.kind() == Reduce.Kind.MEAN;
            if (plan.innerFolded()) {
                if (sum && plan.isByChannel()) {
                    sumChannels(plan, x, xAt, y, yAt, divisor);
                } else if (sum) {
                    sumRows(plan, x, xAt, y, yAt, count, divisor);
                } else {
                    extremesOfRows(plan, reduce.kind(), x, xAt, y, yAt, count);
                }
            } else if (sum) {
                sumColumns(plan, x, xAt, y, yAt, divisor);
            } else {
                extremesOfColumns(plan, reduce.kind(), x, xAt, y, yAt);
            }
        }
    }

    private static void sumChannels(Plan plan, float[] x, int xAt, float[] y, int yAt, double divisor) {
        double[] sums = new Planes(plan.dims[0], plan.dims[1], plan.dims[2]).sums(x, xAt);
        divide(sums, divisor, y, yAt, sums.length);
    }

    private static void sumRows(Plan plan, float[] x, int xAt, float[] y, int yAt, int count, double divisor) {
        int inner = plan.inner();
        int rows = plan.outer(true);
        // Long rows are cut into pieces, so that few outputs occupy several threads too.
        int pieces = (inner + PIECE - 1) / PIECE;
        int length = Math.min(inner, PIECE);
        double[] partial = new double[pieces == 1 ? 0 : count * pieces];
        Parallel.range(count * pieces, Math.max(1, PIECE / Math.max(1, length * rows)), (begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            for (int p = begin; p < end; p++) {
                int from = p % pieces * PIECE;
                int size = Math.min(PIECE, inner - from);
                double sum = 0;
                for (int r = 0; r < rows; r++) {
                    sum += REDUCTIONS.sum(x, xAt + plan.row(p / pieces, r) + from, size, lanes);
                }
                if (pieces == 1) {
                    y[yAt + p] = (float) (sum / divisor);
                } else {
                    partial[p] = sum;
                }
            }
        });
        for (int i = 0; i < count && pieces > 1; i++) {
            double sum = 0;
            for (int p = 0; p < pieces; p++) {
                sum += partial[i * pieces + p];
            }
            y[yAt + i] = (float) (sum / divisor);
        }
    }

    private static void extremesOfRows(Plan plan, Reduce.Kind kind, float[] x, int xAt, float[] y, int yAt,
                                       int count) {
        int inner = plan.inner();
        int rows = plan.outer(true);
        boolean largest = kind == Reduce.Kind.AMAX;
        int pieces = (inner + PIECE - 1) / PIECE;
        int length = Math.min(inner, PIECE);
        float[] partial = new float[count * pieces];
        Parallel.range(count * pieces, Math.max(1, PIECE / Math.max(1, length * rows)), (begin, end) -> {
            float[] lanes = new float[VectorReductions.LANES];
            for (int p = begin; p < end; p++) {
                int from = p % pieces * PIECE;
                int size = Math.min(PIECE, inner - from);
                float best = largest ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
                for (int r = 0; r < rows; r++) {
                    int at = xAt + plan.row(p / pieces, r) + from;
                    best = largest ? Math.max(best, REDUCTIONS.max(x, at, size, lanes))
                            : Math.min(best, REDUCTIONS.min(x, at, size, lanes));
                }
                partial[p] = best;
            }
        });
        for (int i = 0; i < count; i++) {
            float best = partial[i * pieces];
            for (int p = 1; p < pieces; p++) {
                float other = partial[i * pieces + p];
                best = largest ? Math.max(best, other) : Math.min(best, other);
            }
            y[yAt + i] = best;
        }
    }

    private static void sumColumns(Plan plan, float[] x, int xAt, float[] y, int yAt, double divisor) {
        int inner = plan.inner();
        int rows = plan.outer(true);
        int kept = plan.outer(false);
        int block = Math.min(inner, Blocks.BLOCK);
        int blocks = (inner + block - 1) / block;
        // Many rows of few columns are cut into pieces of rows as well.
        int pieceRows = Math.max(FLOAT_ROWS, PIECE / block);
        int pieces = (rows + pieceRows - 1) / pieceRows;
        int tasks = kept * blocks * pieces;
        double[] partial = new double[pieces == 1 ? 0 : tasks * block];
        Parallel.range(tasks, Math.max(1, PIECE / Math.max(1, block * Math.min(rows, pieceRows))), (begin, end) -> {
            float[] few = new float[block];
            double[] own = new double[pieces == 1 ? block : 0];
            for (int task = begin; task < end; task++) {
                int piece = task % pieces;
                int from = task / pieces % blocks * block;
                int outer = task / pieces / blocks;
                int width = Math.min(block, inner - from);
                int last = Math.min(rows, (piece + 1) * pieceRows);
                double[] sums = pieces == 1 ? own : partial;
                int at = pieces == 1 ? 0 : task * block;
                Arrays.fill(sums, at, at + width, 0);
                for (int r = piece * pieceRows; r < last; ) {
                    int stop = Math.min(last, r + FLOAT_ROWS);
                    Arrays.fill(few, 0);
                    for (; r < stop; r++) {
                        addRow(few, x, xAt + plan.row(outer, r) + from, width);
                    }
                    widen(sums, at, few, width);
                }
                if (pieces == 1) {
                    divide(own, divisor, y, yAt + outer * inner + from, width);
                }
            }
        });
        for (int outer = 0; outer < kept && pieces > 1; outer++) {
            for (int b = 0; b < blocks; b++) {
                int first = (outer * blocks + b) * pieces * block;
                int width = Math.min(block, inner - b * block);
                for (int j = 0; j < width; j++) {
                    double sum = 0;
                    for (int p = 0; p < pieces; p++) {
                        sum += partial[first + p * block + j];
                    }
                    y[yAt + outer * inner + b * block + j] = (float) (sum / divisor);
                }
            }
        }
    }

    private static void addRow(float[] sums, float[] x, int at, int count) {
        for (int j = 0; j < count; j++) {
            sums[j] += x[at + j];
        }
    }

    private static void widen(double[] sums, int at, float[] terms, int count) {
        for (int j = 0; j < count; j++) {
            sums[at + j] += terms[j];
        }
    }

    private static void divide(double[] sums, double divisor, float[] y, int yAt, int count) {
        for (int j = 0; j < count; j++) {
            y[yAt + j] = (float) (sums[j] / divisor);
        }
    }

    private static void extremesOfColumns(Plan plan, Reduce.Kind kind, float[] x, int xAt, float[] y, int yAt) {
        int inner = plan.inner();
        int rows = plan.outer(true);
        int block = Math.min(inner, Blocks.BLOCK);
        int blocks = (inner + block - 1) / block;
        boolean largest = kind == Reduce.Kind.AMAX;
        Parallel.range(plan.outer(false) * blocks, Math.max(1, PIECE / Math.max(1, block * rows)), (begin, end) -> {
            for (int task = begin; task < end; task++) {
                int from = task % blocks * block;
                int outer = task / blocks;
                int width = Math.min(block, inner - from);
                int to = yAt + outer * inner + from;
                System.arraycopy(x, xAt + plan.row(outer, 0) + from, y, to, width);
                for (int r = 1; r < rows; r++) {
                    int at = xAt + plan.row(outer, r) + from;
                    if (largest) {
                        maxRow(y, to, x, at, width);
                    } else {
                        minRow(y, to, x, at, width);
                    }
                }
            }
        });
    }

    private static void maxRow(float[] y, int yAt, float[] x, int xAt, int count) {
        for (int j = 0; j < count; j++) {
            y[yAt + j] = Math.max(y[yAt + j], x[xAt + j]);
        }
    }

    private static void minRow(float[] y, int yAt, float[] x, int xAt, int count) {
        for (int j = 0; j < count; j++) {
            y[yAt + j] = Math.min(y[yAt + j], x[xAt + j]);
        }
    }

    /** Exact sums, wrapping around at 64 bits, and extremes. */
    private static void integers(Reduce.Kind kind, Plan plan, Tensor input, Tensor output) {
        int count = (int) output.numel();
        long[] results = new long[count];
        Arrays.fill(results, switch (kind) {
            case SUM, MEAN -> 0;
            case AMAX -> Long.MIN_VALUE;
            case AMIN -> Long.MAX_VALUE;
        });
        StridedReader x = StridedReader.of(input);
        int inner = plan.inner();
        boolean single = plan.innerFolded();
        long[] row = new long[Math.min(inner, Blocks.BLOCK)];
        int rows = input.numel() == 0 ? 0 : plan.outer(true);
        for (int kept = 0; kept < (rows == 0 ? 0 : plan.outer(false)); kept++) {
            for (int r = 0; r < rows; r++) {
                int start = plan.row(kept, r);
                for (int from = 0; from < inner; from += row.length) {
                    int width = Math.min(row.length, inner - from);
                    x.read(start + from, width, row);
                    for (int j = 0; j < width; j++) {
                        int to = single ? kept : kept * inner + from + j;
                        results[to] = switch (kind) {
                            case SUM, MEAN -> results[to] + row[j];
                            case AMAX -> Math.max(results[to], row[j]);
                            case AMIN -> Math.min(results[to], row[j]);
                        };
                    }
                }
            }
        }
        Blocks.write(results, count, output.storage(), output.layout().offset());
    }
}

package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.spi.Parallel;

/** C (M, N) = A (M, K) · B (K, N), by the way that suits the sizes. C is row-major without gaps. */
final class MatrixProduct {
    /** Up to this many rows or columns, dot products beat packing. */
    private static final int FEW = 12;
    /** Multiply-adds in one chunk of dot products. */
    private static final int CHUNK = 100_000;

    private MatrixProduct() {
    }

    /**
     * Computes all of C.
     *
     * @param bias what to add to column j, at biasAt + j; null for nothing
     */
    static void run(Matrix a, Matrix b, float[] bias, int biasAt, float[] c, int cAt) {
        int rows = a.rows();
        int columns = b.columns();
        int depth = a.columns();
        boolean contiguousAlongK = a.columnStride() == 1 && b.rowStride() == 1;
        if (contiguousAlongK && Math.min(rows, columns) <= FEW && VectorMaths.bits() > 0) {
            dots(a, b, bias, biasAt, c, cAt);
        } else if (columns < 8 * Gemm.TILE_COLUMNS && rows > 2 * columns) {
            // Columns are what threads share; have many.
            Gemm.run(columns, rows, depth, new MatrixPanels(b), new MatrixPanels(a.transpose()),
                    new Columns(c, cAt, columns, bias, biasAt));
        } else {
            Gemm.run(rows, columns, depth, new MatrixPanels(a.transpose()), new MatrixPanels(b),
                    new Rows(c, cAt, columns, bias, biasAt));
        }
    }

    private static void dots(Matrix a, Matrix b, float[] bias, int biasAt, float[] c, int cAt) {
        int columns = b.columns();
        int depth = a.columns();
        int count = a.rows() * columns;
        int chunk = (int) Math.min(count, CHUNK / Math.max(1L, depth) + 1);
        Parallel.range(count, chunk, (begin, end) -> {
            for (int at = begin; at < end; at++) {
                int i = at / columns;
                int j = at % columns;
                float sum = VectorMaths.MATH.dot(a.data(), a.offset() + i * a.rowStride(), b.data(),
                        b.offset() + j * b.columnStride(), depth);
                c[cAt + at] = bias == null ? sum : sum + bias[biasAt + j];
            }
        });
    }

    /** The result by rows. */
    private record Rows(float[] c, int cAt, int width, float[] bias, int biasAt) implements GemmOutput {
        @Override
        public void start(float[] block, int stride, int row, int rows, int column, int columns) {
            if (bias == null) {
                Arrays.fill(block, 0, rows * stride, 0);
                return;
            }
            for (int i = 0; i < rows; i++) {
                System.arraycopy(bias, biasAt + column, block, i * stride, columns);
            }
        }

        @Override
        public void store(float[] block, int stride, int row, int rows, int column, int columns) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(block, i * stride, c, cAt + (row + i) * width + column, columns);
            }
        }
    }

    /** The result by columns: a column of the block is a piece of a row of C. */
    private record Columns(float[] c, int cAt, int width, float[] bias, int biasAt) implements GemmOutput {
        @Override
        public void start(float[] block, int stride, int row, int rows, int column, int columns) {
            for (int i = 0; i < rows; i++) {
                Arrays.fill(block, i * stride, i * stride + stride, bias == null ? 0 : bias[biasAt + row + i]);
            }
        }

        @Override
        public void store(float[] block, int stride, int row, int rows, int column, int columns) {
            for (int j = 0; j < columns; j++) {
                int target = cAt + (column + j) * width + row;
                for (int i = 0; i < rows; i++) {
                    c[target + i] = block[i * stride + j];
                }
            }
        }
    }
}

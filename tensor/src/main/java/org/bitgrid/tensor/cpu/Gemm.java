package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.cpu.simd.GemmKernel;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.spi.Parallel;

/**
 * C (M, N) = A (M, K) · B (K, N). A is packed once for all, in panels of the tile's height; columns of C are shared out
 * to threads in chunks, for each of which B is packed block by block along K, so that it, and the sums, stay in the
 * second cache while the panels of A stream by.
 *
 * <p>Each element is one chain of multiply-adds in ascending k, starting from what {@link GemmOutput#start} set. Neither
 * tiles, blocks nor threads show in the result.
 */
final class Gemm {
    private static final GemmKernel KERNEL = VectorMaths.GEMM;
    static final int TILE_ROWS = KERNEL.tileRows();
    static final int TILE_COLUMNS = KERNEL.tileColumns();
    static final int COLUMN_STEP = KERNEL.columnStep();

    /** Longest block along K: with it, three panels of B and their sums fit the second cache. */
    private static final int LONGEST_BLOCK = 320;
    /** Most panels of B in a chunk. */
    private static final int MOST_PANELS = 4;
    /** Chunks to aim for, so that threads end at about the same time. */
    private static final int CHUNKS = 24;
    /** Most sums in a chunk: 512 KB. */
    private static final int MOST_SUMS = 128 * 1024;
    /** Most elements of A that are packed at a time: 16 MB. */
    private static final int MOST_PACKED = 4 * 1024 * 1024;
    /** Products with fewer multiply-adds are not worth waking threads for. */
    private static final long SMALLEST_SHARED = 200_000;

    private Gemm() {
    }

    static int roundUp(int count, int step) {
        return (count + step - 1) / step * step;
    }

    static int ceilDiv(int count, int step) {
        return (count + step - 1) / step;
    }

    /** Computes all of C. */
    static void run(int rows, int columns, int depth, PanelSource a, BlockSource b, GemmOutput output) {
        if (rows == 0 || columns == 0) {
            return;
        }
        int rowsAtATime = Math.min(rows, 1024);
        if (depth > 0) {
            rowsAtATime = Math.min(rowsAtATime, Math.max(TILE_ROWS, MOST_PACKED / depth / TILE_ROWS * TILE_ROWS));
        }
        int parts = ceilDiv(rows, rowsAtATime);
        int part = roundUp(ceilDiv(rows, parts), TILE_ROWS);
        for (int row = 0; row < rows; row += part) {
            runRows(row, Math.min(part, rows - row), columns, depth, a, b, output);
        }
    }

    private static void runRows(int row, int rows, int columns, int depth, PanelSource a, BlockSource b,
                                GemmOutput output) {
        int panels = ceilDiv(rows, TILE_ROWS);
        int blocks = Math.max(1, ceilDiv(depth, LONGEST_BLOCK));
        int block = ceilDiv(depth, blocks);
        boolean alone = (long) rows * columns * depth < SMALLEST_SHARED;
        float[] left = Scratch.floats(Scratch.Use.LEFT_PANELS, panels * TILE_ROWS * depth + TILE_COLUMNS);
        // Panels of one block lie together; within a block, panel by panel.
        Parallel.range(panels, alone ? panels : Math.max(1, ceilDiv(panels, 16)), (begin, end) -> {
            for (int panel = begin; panel < end; panel++) {
                int first = panel * TILE_ROWS;
                int count = Math.min(TILE_ROWS, rows - first);
                for (int k = 0; k < depth; k += block) {
                    int length = Math.min(block, depth - k);
                    a.pack(k, length, row + first, count, TILE_ROWS, left,
                            panels * TILE_ROWS * k + panel * TILE_ROWS * length);
                }
            }
        });
        int columnPanels = ceilDiv(columns, TILE_COLUMNS);
        int most = Math.max(1, Math.min(MOST_PANELS, MOST_SUMS / (panels * TILE_ROWS * TILE_COLUMNS)));
        int chunk = Math.max(1, Math.min(most, columnPanels / CHUNKS)) * TILE_COLUMNS;
        int chunks = ceilDiv(columns, chunk);
        Parallel.range(chunks, alone ? chunks : 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int column = i * chunk;
                runChunk(row, rows, column, Math.min(chunk, columns - column), depth, block, left, b, output);
            }
        });
    }

    private static void runChunk(int row, int rows, int column, int columns, int depth, int block, float[] left,
                                 BlockSource b, GemmOutput output) {
        int panels = ceilDiv(rows, TILE_ROWS);
        int stride = roundUp(columns, COLUMN_STEP);
        float[] sums = Scratch.floats(Scratch.Use.SUMS, panels * TILE_ROWS * stride);
        output.start(sums, stride, row, rows, column, columns);
        Arrays.fill(sums, rows * stride, panels * TILE_ROWS * stride, 0);
        float[] right = Scratch.floats(Scratch.Use.RIGHT_PANELS, block * stride + TILE_COLUMNS);
        for (int k = 0; k < depth; k += block) {
            int length = Math.min(block, depth - k);
            b.packAll(k, length, column, columns, TILE_COLUMNS, COLUMN_STEP, right);
            for (int panel = 0; panel < panels; panel++) {
                int leftAt = panels * TILE_ROWS * k + panel * TILE_ROWS * length;
                for (int j = 0; j < stride; j += TILE_COLUMNS) {
                    KERNEL.tile(Math.min(TILE_COLUMNS, stride - j), length, left, leftAt, right, j * length, sums,
                            panel * TILE_ROWS * stride + j, stride);
                }
            }
        }
        output.store(sums, stride, row, rows, column, columns);
    }
}

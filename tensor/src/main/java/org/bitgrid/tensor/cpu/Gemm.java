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
 * <p>Each element is one chain of multiply-adds in ascending k, starting from what {@link GemmOutput#start} set.
 * Neither tiles, blocks nor threads show in the result.
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
    /** With fewer chunks than this, threads share rows too, if B has at most {@link #MOST_SHARED} elements. */
    private static final int FEW_CHUNKS = 8;
    private static final int MOST_SHARED = 1024 * 1024;
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

    /**
     * A product C (rows, columns) = A (rows, K) · B (K, columns).
     *
     * @param depth K
     */
    record Product(int depth, PanelSource a, BlockSource b, GemmOutput output) {
    }

    /** Computes all of C. */
    static void run(int rows, int columns, int depth, PanelSource a, BlockSource b, GemmOutput output) {
        run(rows, columns, new Product(depth, a, b, output));
    }

    /** Computes several products of the same size together: those of a chunk of columns one after the other. */
    static void run(int rows, int columns, Product... products) {
        if (rows == 0 || columns == 0) {
            return;
        }
        int depth = 0;
        for (Product product : products) {
            depth += product.depth;
        }
        int rowsAtATime = Math.min(rows, 1024);
        if (depth > 0) {
            rowsAtATime = Math.min(rowsAtATime, Math.max(TILE_ROWS, MOST_PACKED / depth / TILE_ROWS * TILE_ROWS));
        }
        int parts = ceilDiv(rows, rowsAtATime);
        int part = roundUp(ceilDiv(rows, parts), TILE_ROWS);
        for (int row = 0; row < rows; row += part) {
            runRows(row, Math.min(part, rows - row), columns, depth, products);
        }
    }

    /** Length of the blocks along K. */
    private static int block(int depth) {
        return ceilDiv(depth, Math.max(1, ceilDiv(depth, LONGEST_BLOCK)));
    }

    private static void runRows(int row, int rows, int columns, int depth, Product[] products) {
        int panels = ceilDiv(rows, TILE_ROWS);
        boolean alone = (long) rows * columns * depth < SMALLEST_SHARED;
        float[] left = Scratch.floats(Scratch.Use.LEFT_PANELS, panels * TILE_ROWS * depth + TILE_COLUMNS);
        Parallel.range(panels, alone ? panels : Math.max(1, ceilDiv(panels, 16)), (begin, end) -> {
            int at = 0;
            for (Product product : products) {
                for (int panel = begin; panel < end; panel++) {
                    packLeft(product, row, rows, panel, panels, left, at);
                }
                at += panels * TILE_ROWS * product.depth;
            }
        });
        int columnPanels = ceilDiv(columns, TILE_COLUMNS);
        int most = Math.max(1, Math.min(MOST_PANELS, MOST_SUMS / (panels * TILE_ROWS * TILE_COLUMNS)));
        int chunk = Math.max(1, Math.min(most, columnPanels / CHUNKS)) * TILE_COLUMNS;
        int chunks = ceilDiv(columns, chunk);
        if (!alone && products.length == 1 && chunks < FEW_CHUNKS && panels > 1
                && (long) columns * depth <= MOST_SHARED) {
            runShared(row, rows, columns, products[0], left, chunk);
            return;
        }
        Parallel.range(chunks, alone ? chunks : 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int at = 0;
                for (Product product : products) {
                    runChunk(row, rows, i * chunk, Math.min(chunk, columns - i * chunk), product, left, at);
                    at += panels * TILE_ROWS * product.depth;
                }
            }
        });
    }

    /** Panels of one block along K lie together; within a block, panel by panel. */
    private static void packLeft(Product product, int row, int rows, int panel, int panels, float[] left, int at) {
        int first = panel * TILE_ROWS;
        int count = Math.min(TILE_ROWS, rows - first);
        int block = block(product.depth);
        for (int k = 0; k < product.depth; k += block) {
            int length = Math.min(block, product.depth - k);
            product.a.pack(k, length, row + first, count, TILE_ROWS, left,
                    at + panels * TILE_ROWS * k + panel * TILE_ROWS * length);
        }
    }

    private static void runChunk(int row, int rows, int column, int columns, Product product, float[] left,
                                 int leftAt) {
        int panels = ceilDiv(rows, TILE_ROWS);
        int stride = roundUp(columns, COLUMN_STEP);
        float[] sums = start(row, rows, column, columns, product.output);
        int block = block(product.depth);
        float[] right = Scratch.floats(Scratch.Use.RIGHT_PANELS, block * stride + TILE_COLUMNS);
        for (int k = 0; k < product.depth; k += block) {
            int length = Math.min(block, product.depth - k);
            product.b.packAll(k, length, column, columns, TILE_COLUMNS, COLUMN_STEP, right);
            multiply(panels, length, left, leftAt + panels * TILE_ROWS * k, right, 0, sums, 0, stride, stride);
        }
        product.output.store(sums, stride, row, rows, column, columns);
    }

    /**
     * The way for few columns, too few to share: B is packed once, in regions of a chunk and a block, and threads share
     * groups of rows as well.
     */
    private static void runShared(int row, int rows, int columns, Product product, float[] left, int chunk) {
        int panels = ceilDiv(rows, TILE_ROWS);
        int chunks = ceilDiv(columns, chunk);
        int depth = product.depth;
        int block = block(depth);
        int blocks = depth == 0 ? 0 : ceilDiv(depth, block);
        int region = block * chunk + TILE_COLUMNS;
        float[] right = Scratch.floats(Scratch.Use.SHARED_RIGHT_PANELS, chunks * blocks * region);
        Parallel.range(chunks * blocks, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int column = i / blocks * chunk;
                int k = i % blocks * block;
                int count = Math.min(chunk, columns - column);
                int length = Math.min(block, depth - k);
                int stride = roundUp(count, COLUMN_STEP);
                float[] own = Scratch.floats(Scratch.Use.RIGHT_PANELS, block * stride + TILE_COLUMNS);
                product.b.packAll(k, length, column, count, TILE_COLUMNS, COLUMN_STEP, own);
                System.arraycopy(own, 0, right, i * region, length * stride);
            }
        });
        int group = ceilDiv(panels, ceilDiv(CHUNKS, chunks));
        int groups = ceilDiv(panels, group);
        Parallel.range(groups * chunks, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int column = i % chunks * chunk;
                int count = Math.min(chunk, columns - column);
                int stride = roundUp(count, COLUMN_STEP);
                int firstPanel = i / chunks * group;
                int first = firstPanel * TILE_ROWS;
                int groupRows = Math.min(group * TILE_ROWS, rows - first);
                float[] sums = start(row + first, groupRows, column, count, product.output);
                for (int k = 0; k < depth; k += block) {
                    int length = Math.min(block, depth - k);
                    multiply(ceilDiv(groupRows, TILE_ROWS), length, left,
                            panels * TILE_ROWS * k + first * length, right,
                            (i % chunks * blocks + k / block) * region, sums, 0, stride, stride);
                }
                product.output.store(sums, stride, row + first, groupRows, column, count);
            }
        });
    }

    private static float[] start(int row, int rows, int column, int columns, GemmOutput output) {
        int stride = roundUp(columns, COLUMN_STEP);
        int padded = roundUp(rows, TILE_ROWS);
        float[] sums = Scratch.floats(Scratch.Use.SUMS, padded * stride);
        output.start(sums, stride, row, rows, column, columns);
        Arrays.fill(sums, rows * stride, padded * stride, 0);
        return sums;
    }

    /** Adds one block along K to the sums of a chunk. */
    static void multiply(int panels, int depth, float[] left, int leftAt, float[] right, int rightAt, float[] sums,
                         int sumsAt, int columns, int stride) {
        for (int panel = 0; panel < panels; panel++) {
            for (int j = 0; j < columns; j += TILE_COLUMNS) {
                KERNEL.tile(Math.min(TILE_COLUMNS, columns - j), depth, left, leftAt + panel * TILE_ROWS * depth,
                        right, rightAt + j * depth, sums, sumsAt + panel * TILE_ROWS * stride + j, stride);
            }
        }
    }
}

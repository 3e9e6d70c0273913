package org.bitgrid.tensor.cpu.simd;

/**
 * The inner loops of every matrix product: one tile of C += A · B, kept in registers while it runs along K, and the
 * copies that bring A and B into the order in which tiles read them. Each element of C is one chain of multiply-adds
 * along K, so the size of the tile does not show in the result.
 */
public interface GemmKernel {
    /** Rows of a tile, and of a packed panel of A. */
    int tileRows();

    /** Columns of the widest tile, and of a packed panel of B. */
    int tileColumns();

    /** Narrower tiles come in multiples of this many columns. */
    int columnStep();

    /** Floats that {@link #copyRuns} copies for each run. */
    int runLength();

    /**
     * Adds A · B to a tile of C of {@link #tileRows} rows.
     *
     * @param columns width of the tile: a multiple of {@link #columnStep} up to {@link #tileColumns}
     * @param depth   length of the sum
     * @param a       A by columns: element (i, k) at aAt + k · tileRows + i
     * @param b       B by rows: element (k, j) at bAt + k · columns + j
     * @param c       what to add to, by rows: element (i, j) at cAt + i · cStride + j
     */
    void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride);

    /**
     * Copies the same runs for several rows: {@link #runLength} floats from rows[row] + runs[2 · run] to toAt + row ·
     * toStride + runs[2 · run + 1], rows ascending and runs in their order within a row. A run that is shorter in truth
     * drags along what lies behind it, which the next run overwrites; both arrays need {@link #runLength} floats of
     * slack.
     */
    void copyRuns(float[] from, int[] rows, int rowCount, int[] runs, int runCount, float[] to, int toAt, int toStride);

    /**
     * {@link #copyRuns} with three entries for each run, the third being where in a row of masks it starts: each float
     * keeps those of its bits that its mask has set, all or none of them.
     *
     * @param maskRows where the masks of each row start
     */
    void copyMasked(float[] from, int[] rows, int rowCount, int[] runs, int runCount, int[] masks, int[] maskRows,
                    float[] to, int toAt, int toStride);

    /**
     * Transposes {@link #runLength} rows: element (i, j) goes from fromAt + i · fromStride + j to targets[targetsAt +
     * j] + toAt + i.
     *
     * @param count elements in a row
     */
    default void transpose(float[] from, int fromAt, int fromStride, int count, float[] to, int[] targets,
                           int targetsAt, int toAt) {
        for (int i = 0; i < runLength(); i += 4) {
            int source = fromAt + i * fromStride;
            for (int j = 0; j < count; j++) {
                int target = targets[targetsAt + j] + toAt + i;
                to[target] = from[source + j];
                to[target + 1] = from[source + fromStride + j];
                to[target + 2] = from[source + 2 * fromStride + j];
                to[target + 3] = from[source + 3 * fromStride + j];
            }
        }
    }

    /**
     * Transposes up to {@link #tileRows} rows into a panel of A: element (i, j) goes from fromAt + i · fromStride + j
     * to toAt + j · tileRows + i. Rows that do not exist become 0.
     *
     * @param rows  how many exist
     * @param count elements in a row
     */
    default void packLeft(float[] from, int fromAt, int fromStride, int rows, int count, float[] to, int toAt) {
        int width = tileRows();
        int i = 0;
        for (; i < rows - 3; i += 4) {
            int source = fromAt + i * fromStride;
            for (int j = 0; j < count; j++) {
                int target = toAt + j * width + i;
                to[target] = from[source + j];
                to[target + 1] = from[source + fromStride + j];
                to[target + 2] = from[source + 2 * fromStride + j];
                to[target + 3] = from[source + 3 * fromStride + j];
            }
        }
        for (; i < width; i++) {
            for (int j = 0; j < count; j++) {
                to[toAt + j * width + i] = i < rows ? from[fromAt + i * fromStride + j] : 0;
            }
        }
    }

    /**
     * Copies a rectangle: element (row, i) from fromAt + row · fromStride + i · step to toAt + row · toStride + i, rows
     * ascending. What lies behind a row in {@code to}, up to {@link #runLength} floats, is overwritten; {@code to}
     * needs that much slack, {@code from} none.
     *
     * @param step  1 or 2
     * @param count floats in a row
     */
    void copyRows(float[] from, int fromAt, int fromStride, int step, int rows, int count, float[] to, int toAt,
                  int toStride);
}

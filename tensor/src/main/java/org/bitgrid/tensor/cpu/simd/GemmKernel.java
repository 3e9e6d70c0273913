package org.bitgrid.tensor.cpu.simd;

/**
 * The inner loop of every matrix product: one tile of C = A · B, kept in registers while it runs along K. Each element
 * is one chain of multiply-adds along K, so the size of the tile does not show in the result.
 */
public interface GemmKernel {
    /** Rows of a tile, and of a packed panel of A. */
    int tileRows();

    /** Columns of the widest tile, and of a packed panel of B. */
    int tileColumns();

    /** Narrower tiles come in multiples of this many columns. */
    int columnStep();

    /**
     * Computes a tile of {@link #tileRows} rows.
     *
     * @param columns width of the tile: a multiple of {@link #columnStep} up to {@link #tileColumns}
     * @param depth   length of the sum
     * @param a       A by columns: element (i, k) at aAt + k · tileRows + i
     * @param b       B by rows: element (k, j) at bAt + k · bStride + j
     * @param c       C by rows: element (i, j) at cAt + i · cStride + j
     * @param add     whether to add to what C holds; otherwise C is overwritten
     */
    void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt,
              int cStride, boolean add);
}

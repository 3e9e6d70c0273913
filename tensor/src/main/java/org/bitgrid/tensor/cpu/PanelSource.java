package org.bitgrid.tensor.cpu;

/**
 * One operand of a matrix product, able to bring any part of itself into panels: runs of {@code width} rows of A or
 * columns of B, in which element k of all of them lies together.
 */
interface PanelSource {
    /**
     * Packs one panel: element (k, j) goes to at + (k - firstK) · width + (j - first). Places from {@code count} to
     * {@code width} may be left with any finite value: they meet only sums that nobody reads.
     *
     * @param firstK first index along K
     * @param depth  how many along K
     * @param first  first row of A or column of B
     * @param count  how many of them exist; at most {@code width}
     * @param to     has room for a vector more behind the panel
     */
    void pack(int firstK, int depth, int first, int count, int width, float[] to, int at);

    /**
     * Packs the panels of {@code count} columns from {@code first}, one behind the other, each {@code width} wide but
     * the last, which is as wide as a multiple of {@code step} allows.
     */
    default void packAll(int firstK, int depth, int first, int count, int width, int step, float[] to) {
        for (int done = 0; done < count; done += width) {
            int columns = Math.min(width, count - done);
            pack(firstK, depth, first + done, columns, columns == width ? width : Gemm.roundUp(columns, step), to,
                    done * depth);
        }
    }
}

package org.bitgrid.tensor.cpu;

/**
 * An operand of a matrix product, left or right, able to bring any panel of itself together: {@code width} rows of A or
 * columns of B, in which element k of all of them lies side by side.
 */
interface PanelSource extends BlockSource {
    /**
     * Packs one panel: element (k, j) goes to at + (k - firstK) · width + (j - first). Places from {@code count} to
     * {@code width} may be left with any value: they meet only sums that nobody reads.
     *
     * @param firstK first index along K
     * @param depth  how many along K
     * @param first  first row of A or column of B
     * @param count  how many of them exist; at most {@code width}
     * @param to     has room for a vector more behind the panel
     */
    void pack(int firstK, int depth, int first, int count, int width, float[] to, int at);

    @Override
    default void packAll(int firstK, int depth, int first, int count, int width, int step, float[] to) {
        for (int done = 0; done < count; done += width) {
            int columns = Math.min(width, count - done);
            pack(firstK, depth, first + done, columns, columns == width ? width : Gemm.roundUp(columns, step), to,
                    done * depth);
        }
    }
}

package org.bitgrid.tensor.cpu;

/** The right operand of a matrix product, able to bring a block of itself into panels. */
interface BlockSource {
    /**
     * Packs the panels of {@code count} columns from {@code first}, one behind the other, each {@code width} wide but
     * the last, which is as wide as a multiple of {@code step} allows. In a panel, element (k, j) lies at
     * (k - firstK) · width + j. Places for columns that do not exist may be left with any value: they meet only sums
     * that nobody reads.
     *
     * @param firstK first index along K
     * @param depth  how many along K
     * @param to     has room for a vector more behind the last panel
     */
    void packAll(int firstK, int depth, int first, int count, int width, int step, float[] to);
}

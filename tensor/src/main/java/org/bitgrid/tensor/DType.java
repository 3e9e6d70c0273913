package org.bitgrid.tensor;

/** Element types. Names and promotion follow PyTorch. */
public enum DType {
    BOOL("bool", 1, Category.BOOLEAN),
    UINT8("uint8", 1, Category.INTEGER),
    INT8("int8", 1, Category.INTEGER),
    INT32("int32", 4, Category.INTEGER),
    INT64("int64", 8, Category.INTEGER),
    FLOAT32("float32", 4, Category.FLOATING),
    /** Computed by the reference backend, naively: for checks, not for speed. */
    FLOAT64("float64", 8, Category.FLOATING);

    private enum Category { BOOLEAN, INTEGER, FLOATING }

    private final String label;
    private final int byteSize;
    private final Category category;

    DType(String label, int byteSize, Category category) {
        this.label = label;
        this.byteSize = byteSize;
        this.category = category;
    }

    /** Size of one element in bytes. */
    public int byteSize() {
        return byteSize;
    }

    public boolean isFloating() {
        return category == Category.FLOATING;
    }

    public boolean isInteger() {
        return category == Category.INTEGER;
    }

    /**
     * The type of a result whose operands have these types: the higher category wins, then the wider type.
     * UINT8 with INT8 gives INT32, the narrowest type here that holds both (PyTorch gives int16).
     */
    public static DType promote(DType a, DType b) {
        if (a == b) {
            return a;
        }
        if (a.category != b.category) {
            return a.category.compareTo(b.category) > 0 ? a : b;
        }
        if (a.byteSize == b.byteSize) {
            return INT32;
        }
        return a.byteSize > b.byteSize ? a : b;
    }

    /** PyTorch's name, such as {@code float32}. */
    @Override
    public String toString() {
        return label;
    }
}

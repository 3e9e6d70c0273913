package org.bitgrid.tensor;

/** Shapes, dimensions or indices that do not fit an operation. */
public final class ShapeException extends BitgridException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    /**
     * @param operation name of the operation that refused
     * @param fault     what is wrong, with what was got and what was expected
     */
    public ShapeException(String operation, String fault) {
        super(operation + ": " + fault);
        this.operation = operation;
    }

    /** Name of the operation that refused, such as {@code conv2d}. */
    public String operation() {
        return operation;
    }
}

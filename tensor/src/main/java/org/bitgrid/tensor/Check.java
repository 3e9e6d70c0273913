package org.bitgrid.tensor;

import java.util.List;

/** Argument checks shared by operators; each throws in the house style {@code operation: fault; got …; expected …}. */
public final class Check {
    private Check() {
    }

    /** The tensor must have this many dimensions. */
    public static void rank(String operation, String argument, TensorSpec spec, int expected) {
        if (spec.shape().rank() != expected) {
            throw new ShapeException(operation, argument + " must have " + expected + " dimensions; got "
                    + spec.shape());
        }
    }

    /** The tensor must hold floating-point numbers. */
    public static void floating(String operation, String argument, TensorSpec spec) {
        if (!spec.dtype().isFloating()) {
            throw new DTypeException(operation, argument + " must be floating point; got " + spec.dtype()
                    + "; cast it with .to(DType.FLOAT32)");
        }
    }

    /** The tensor must hold booleans. */
    public static void bool(String operation, String argument, TensorSpec spec) {
        if (spec.dtype() != DType.BOOL) {
            throw new DTypeException(operation, argument + " must be bool; got " + spec.dtype());
        }
    }

    /** Two floating tensors of one operation must have one type. */
    public static void sameType(String operation, String first, TensorSpec a, String second, TensorSpec b) {
        if (a.dtype() != b.dtype()) {
            throw new DTypeException(operation, first + " and " + second + " must have one type; got " + a.dtype()
                    + " and " + b.dtype() + "; cast one with .to(DType)");
        }
    }

    /** The tensor must have exactly this shape. */
    public static void shape(String operation, String argument, TensorSpec spec, Shape expected) {
        if (!spec.shape().equals(expected)) {
            throw new ShapeException(operation, argument + " has the wrong shape; got " + spec.shape()
                    + "; expected " + expected);
        }
    }

    /** The number of inputs of an operator. */
    public static void count(String operation, List<TensorSpec> inputs, int least, int most) {
        if (inputs.size() < least || inputs.size() > most) {
            throw new ShapeException(operation, "got " + inputs.size() + " tensors; expected " + least
                    + (most == least ? "" : " to " + most));
        }
    }
}

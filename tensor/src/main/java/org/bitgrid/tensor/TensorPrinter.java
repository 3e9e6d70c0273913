package org.bitgrid.tensor;

import java.util.Locale;

/** Text of a tensor for people: all elements when few, else three from each end of every dimension. */
final class TensorPrinter {
    private static final int SUMMARIZE_ABOVE = 1000;
    private static final int EDGE_ITEMS = 3;

    private TensorPrinter() {
    }

    static String print(Tensor tensor) {
        TensorSpec spec = tensor.spec();
        if (spec.device().isMeta() || tensor.storage() instanceof DeviceStorage || tensor.storage().isReleased()) {
            return "tensor(..., " + describe(spec) + (tensor.storage().isReleased() ? ", released" : "") + ")";
        }
        StringBuilder text = new StringBuilder("tensor(");
        boolean summarize = tensor.numel() > SUMMARIZE_ABOVE;
        int[] index = new int[spec.shape().rank()];
        append(text, tensor, index, 0, summarize);
        if (spec.dtype() != DType.FLOAT32 && spec.dtype() != DType.INT64 && spec.dtype() != DType.BOOL
                || tensor.numel() == 0) {
            text.append(", ").append(describe(spec));
        }
        return text.append(')').toString();
    }

    private static String describe(TensorSpec spec) {
        return "size=" + spec.shape() + ", dtype=" + spec.dtype() + (spec.device().isCpu() ? ""
                : ", device=" + spec.device());
    }

    // Recursion is over dimensions, of which there are few, not over a graph.
    private static void append(StringBuilder text, Tensor tensor, int[] index, int axis, boolean summarize) {
        if (axis == index.length) {
            text.append(number(tensor.dtype(), tensor.at(index)));
            return;
        }
        int size = tensor.spec().shape().dim(axis);
        text.append('[');
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                text.append(',').append(axis == index.length - 1 ? " " : "\n" + " ".repeat(8 + axis));
            }
            if (summarize && size > 2 * EDGE_ITEMS && i == EDGE_ITEMS) {
                text.append("...,").append(axis == index.length - 1 ? " " : "\n" + " ".repeat(8 + axis));
                i = size - EDGE_ITEMS;
            }
            index[axis] = i;
            append(text, tensor, index, axis + 1, summarize);
        }
        text.append(']');
    }

    private static String number(DType dtype, double value) {
        if (dtype == DType.BOOL) {
            return value != 0 ? "True" : "False";
        }
        if (!dtype.isFloating()) {
            return Long.toString((long) value);
        }
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        double magnitude = Math.abs(value);
        return magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e6) ? String.format(Locale.ROOT, "%.4e", value)
                : String.format(Locale.ROOT, "%.4f", value);
    }
}

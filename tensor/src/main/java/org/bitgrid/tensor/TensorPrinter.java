package org.bitgrid.tensor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Text of a tensor as PyTorch prints it with its default settings: four digits, lines of 80 characters, all elements
 * when there are at most a thousand, else three from each end of every dimension; in scientific notation when the
 * largest and the smallest magnitude are far apart.
 */
final class TensorPrinter {
    private static final int SUMMARIZE_ABOVE = 1000;
    private static final int EDGE_ITEMS = 3;
    private static final int LINE_WIDTH = 80;
    private static final int DIGITS = 4;
    private static final String PREFIX = "tensor(";
    private static final double SMALLEST_FIXED = 1e-4;
    private static final double LARGEST_FIXED = 1e8;
    private static final double LARGEST_FIXED_RATIO = 1000;

    /** How numbers are written. */
    private enum Style { INTEGER, WHOLE, FIXED, SCIENTIFIC }

    private final Tensor tensor;
    private final Shape shape;
    private final boolean summarize;
    private Style style = Style.INTEGER;
    private int width = 1;

    private TensorPrinter(Tensor tensor) {
        this.tensor = tensor;
        this.shape = tensor.spec().shape();
        this.summarize = tensor.numel() > SUMMARIZE_ABOVE;
    }

    static String print(Tensor tensor) {
        TensorSpec spec = tensor.spec();
        if (spec.device().isMeta() || tensor.storage().isReleased()) {
            return "tensor(..., " + describe(spec) + (tensor.storage().isReleased() ? ", released" : "") + ")";
        }
        return new TensorPrinter(tensor).text();
    }

    private static String describe(TensorSpec spec) {
        return "size=" + spec.shape() + ", dtype=" + spec.dtype() + (spec.device().isCpu() ? ""
                : ", device=" + spec.device());
    }

    private String text() {
        DType dtype = tensor.dtype();
        List<String> suffixes = new ArrayList<>();
        String elements = "[]";
        if (tensor.numel() == 0) {
            if (shape.rank() != 1) {
                suffixes.add("size=" + shape);
            }
            if (dtype != DType.FLOAT32) {
                suffixes.add("dtype=torch." + dtype);
            }
        } else {
            chooseStyle();
            elements = append(new int[shape.rank()], 0, PREFIX.length());
            if (dtype != DType.FLOAT32 && dtype != DType.INT64 && dtype != DType.BOOL) {
                suffixes.add("dtype=torch." + dtype);
            }
        }
        if (tensor.requiresGrad()) {
            suffixes.add("requires_grad=True");
        }
        return withSuffixes(PREFIX + elements, suffixes);
    }

    private static String withSuffixes(String text, List<String> suffixes) {
        StringBuilder all = new StringBuilder(text);
        int lastLine = text.length() - text.lastIndexOf('\n') + 1;
        for (String suffix : suffixes) {
            if (lastLine + suffix.length() + 2 > LINE_WIDTH) {
                all.append(",\n").append(" ".repeat(PREFIX.length())).append(suffix);
                lastLine = PREFIX.length() + suffix.length();
            } else {
                all.append(", ").append(suffix);
                lastLine += suffix.length() + 2;
            }
        }
        return all.append(')').toString();
    }

    // ------------------------------------------------------------------ elements

    /** Indices along a dimension that are printed; -1 stands for those left out. */
    private List<Integer> visible(int axis) {
        int size = shape.dim(axis);
        boolean shorten = summarize && size > 2 * EDGE_ITEMS;
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (shorten && i == EDGE_ITEMS) {
                indices.add(-1);
                i = size - EDGE_ITEMS;
            }
            indices.add(i);
        }
        return indices;
    }

    // Recursion is over dimensions, of which there are few, not over a graph.
    private String append(int[] index, int axis, int indent) {
        if (axis == index.length) {
            return padded(number(index));
        }
        List<String> parts = new ArrayList<>();
        boolean vector = axis == index.length - 1;
        for (int i : visible(axis)) {
            if (i < 0) {
                parts.add(vector ? " ..." : "...");
            } else {
                index[axis] = i;
                parts.add(append(index, axis + 1, indent + 1));
            }
        }
        if (!vector) {
            String separator = "," + "\n".repeat(index.length - axis - 1) + " ".repeat(indent + 1);
            return "[" + String.join(separator, parts) + "]";
        }
        int perLine = Math.max(1, (LINE_WIDTH - indent) / (width + 2));
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < parts.size(); start += perLine) {
            lines.add(String.join(", ", parts.subList(start, Math.min(parts.size(), start + perLine))));
        }
        return "[" + String.join(",\n" + " ".repeat(indent + 1), lines) + "]";
    }

    private String padded(String number) {
        return " ".repeat(Math.max(0, width - number.length())) + number;
    }

    private int position(int[] index) {
        int position = tensor.layout().offset();
        for (int i = 0; i < index.length; i++) {
            position += index[i] * tensor.layout().stride(i);
        }
        return position;
    }

    private String number(int[] index) {
        if (tensor.dtype() == DType.BOOL) {
            return Elements.asLong(tensor.onHost(), position(index)) != 0 ? "True" : "False";
        }
        if (!tensor.dtype().isFloating()) {
            return Long.toString(Elements.asLong(tensor.onHost(), position(index)));
        }
        return write(Elements.asDouble(tensor.onHost(), position(index)), true);
    }

    private String write(double value, boolean point) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String sign = Math.copySign(1, value) < 0 ? "-" : "";
        BigDecimal magnitude = new BigDecimal(Math.abs(value));
        return sign + switch (style) {
            case SCIENTIFIC -> scientific(magnitude);
            case FIXED -> magnitude.setScale(DIGITS, RoundingMode.HALF_EVEN).toPlainString();
            default -> magnitude.setScale(0, RoundingMode.HALF_EVEN).toPlainString() + (point ? "." : "");
        };
    }

    /** {@code 1.2346e-05}. */
    private static String scientific(BigDecimal magnitude) {
        if (magnitude.signum() == 0) {
            return "0.0000e+00";
        }
        BigDecimal rounded = magnitude.round(new MathContext(DIGITS + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent).setScale(DIGITS, RoundingMode.UNNECESSARY).toPlainString();
        int size = Math.abs(exponent);
        return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    // ------------------------------------------------------------------ style

    /** Looks at the elements that will be printed. */
    private void chooseStyle() {
        List<int[]> printed = new ArrayList<>();
        collect(new int[shape.rank()], 0, printed);
        if (!tensor.dtype().isFloating()) {
            printed.forEach(index -> width = Math.max(width, number(index).length()));
            return;
        }
        style = Style.WHOLE;
        List<Double> values = new ArrayList<>();
        double largest = 0;
        double smallest = Double.POSITIVE_INFINITY;
        boolean whole = true;
        for (int[] index : printed) {
            double value = Elements.asDouble(tensor.onHost(), position(index));
            if (value != 0 && !Double.isNaN(value) && !Double.isInfinite(value)) {
                values.add(value);
                largest = Math.max(largest, Math.abs(value));
                smallest = Math.min(smallest, Math.abs(value));
                whole &= value == Math.rint(value);
            }
        }
        if (values.isEmpty()) {
            return;
        }
        boolean wide = largest / smallest > LARGEST_FIXED_RATIO || largest > LARGEST_FIXED;
        if (wide || !whole && smallest < SMALLEST_FIXED) {
            style = Style.SCIENTIFIC;
        } else if (!whole) {
            style = Style.FIXED;
        }
        int point = style == Style.WHOLE ? 1 : 0;
        values.forEach(value -> width = Math.max(width, write(value, false).length() + point));
    }

    private void collect(int[] index, int axis, List<int[]> found) {
        if (axis == index.length) {
            found.add(index.clone());
            return;
        }
        for (int i : visible(axis)) {
            if (i >= 0) {
                index[axis] = i;
                collect(index, axis + 1, found);
            }
        }
    }
}

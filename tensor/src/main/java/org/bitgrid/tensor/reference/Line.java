package org.bitgrid.tensor.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.bitgrid.tensor.Shape;

/** The elements of a row-major array along one dimension, all other coordinates fixed. */
record Line(int start, int stride, int length) {
    /** All lines along {@code axis}, in row-major order of the other coordinates. */
    static List<Line> along(Shape shape, int axis) {
        if (shape.rank() == 0) {
            return List.of(new Line(0, 1, 1));
        }
        int index = shape.checkedAxis("line", axis);
        int length = shape.dim(index);
        int stride = (int) shape.slice(index + 1, shape.rank()).numel();
        int outer = (int) shape.slice(0, index).numel();
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < stride; j++) {
                lines.add(new Line(i * length * stride + j, stride, length));
            }
        }
        return lines;
    }

    /** Position in the array of the line's i-th element. */
    int at(int i) {
        return start + i * stride;
    }

    void fill(double[] out, IntToDoubleFunction value) {
        for (int i = 0; i < length; i++) {
            out[at(i)] = value.applyAsDouble(at(i));
        }
    }

    double sum(IntToDoubleFunction term) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += term.applyAsDouble(at(i));
        }
        return sum;
    }

    /** max + log of the sum of exp(x - max). */
    double logSumExp(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[at(i)]);
        }
        double shift = Double.isInfinite(max) ? 0 : max;
        return shift + StrictMath.log(sum(i -> StrictMath.exp(x[i] - shift)));
    }
}

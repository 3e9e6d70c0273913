package org.bitgrid.nn;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.op.Window2d;

/** Sizes given as one number for all dimensions or as one for each; printed forms keep which it was. */
final class Sizes {
    private Sizes() {
    }

    static List<Integer> oneOrTwo(String layer, String setting, int... sizes) {
        if (sizes.length != 1 && sizes.length != 2) {
            throw new ShapeException(layer, setting + " takes one number, or one for height and one for width; got "
                    + sizes.length);
        }
        return Arrays.stream(sizes).boxed().toList();
    }

    static Window2d window(List<Integer> kernel, List<Integer> stride, List<Integer> padding,
                           List<Integer> dilation) {
        return new Window2d(first(kernel), last(kernel), first(stride), last(stride), first(padding), last(padding),
                first(dilation), last(dilation));
    }

    static int first(List<Integer> sizes) {
        return sizes.get(0);
    }

    static int last(List<Integer> sizes) {
        return sizes.get(sizes.size() - 1);
    }
}

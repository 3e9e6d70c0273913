package org.bitgrid.opencl;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;

/**
 * Elements of a tensor in groups, of which something is computed each: where each group starts, and how its elements
 * follow each other.
 *
 * @param count    number of groups
 * @param length   elements of each
 * @param kept     walks from group to group
 * @param folded   walks through a group
 */
record ClGroups(int count, int length, ClStrides kept, ClStrides folded) {
    /** Groups of the elements that differ in the dimensions that are folded only. */
    static ClGroups of(Layout layout, boolean[] folded) {
        Layout groups = part(layout, folded, false);
        Layout members = part(layout, folded, true);
        return new ClGroups((int) groups.shape().numel(), (int) members.shape().numel(),
                ClStrides.of(groups.shape(), groups), ClStrides.of(members.shape(), members));
    }

    /** Groups that share one element of a shape that broadcasts to that of the layout. */
    static ClGroups sharing(Layout layout, Shape small) {
        Shape shape = layout.shape();
        boolean[] folded = new boolean[shape.rank()];
        int lead = shape.rank() - small.rank();
        for (int i = 0; i < folded.length; i++) {
            folded[i] = i < lead || small.dim(i - lead) == 1;
        }
        return of(layout, folded);
    }

    private static Layout part(Layout layout, boolean[] folded, boolean wanted) {
        List<Integer> dims = new ArrayList<>();
        List<Integer> strides = new ArrayList<>();
        for (int i = 0; i < folded.length; i++) {
            if (folded[i] == wanted) {
                dims.add(layout.shape().dim(i));
                strides.add(layout.stride(i));
            }
        }
        return Layout.of(Shape.of(dims.stream().mapToInt(Integer::intValue).toArray()),
                strides.stream().mapToInt(Integer::intValue).toArray(), 0);
    }

    /** Into how many chunks each group is cut. */
    int chunks() {
        return ClSums.chunks(count, length);
    }
}

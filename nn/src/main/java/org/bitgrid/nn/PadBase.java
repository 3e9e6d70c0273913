package org.bitgrid.nn;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Pad;

/** Adds elements around the last one to three dimensions of x. Sizes are before and after the last, and so on. */
public abstract class PadBase extends Module {
    private final List<Integer> sizes;
    private final Pad.Mode mode;
    private final double value;

    PadBase(int dimensions, Pad.Mode mode, double value, int... sizes) {
        if (sizes.length != 1 && sizes.length != 2 * dimensions) {
            throw new ShapeException(typeName(), "takes one size, or one for each of " + 2 * dimensions
                    + " sides; got " + sizes.length + " sizes");
        }
        int[] all = sizes;
        if (sizes.length == 1) {
            all = new int[2 * dimensions];
            Arrays.fill(all, sizes[0]);
        }
        this.sizes = Arrays.stream(all).boxed().toList();
        this.mode = mode;
        this.value = value;
    }

    final String sizesText() {
        return PythonText.tuple(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    protected final Tensor forward(Tensor x) {
        return F.pad(x, sizes, mode, value);
    }

    @Override
    protected String extraRepr() {
        return sizesText();
    }
}

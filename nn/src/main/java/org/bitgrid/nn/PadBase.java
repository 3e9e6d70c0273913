package org.bitgrid.nn;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Pad;

/** Adds rows and columns around x (…, H, W). Sizes are left, right, top and bottom. */
public abstract class PadBase extends Module {
    private final List<Integer> sizes;
    private final Pad.Mode mode;
    private final double value;

    PadBase(Pad.Mode mode, double value, int... sizes) {
        if (sizes.length != 1 && sizes.length != 4) {
            throw new ShapeException(typeName(), "takes one size, or left, right, top and bottom; got "
                    + sizes.length + " sizes");
        }
        int[] all = sizes.length == 4 ? sizes : new int[] {sizes[0], sizes[0], sizes[0], sizes[0]};
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

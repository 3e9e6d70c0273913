package org.bitgrid.quant.functional;

import java.util.List;
import java.util.Locale;
import org.bitgrid.nn.F;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Interpolate.Mode;

/**
 * Images at another size: {@code input, size = None, scale_factor = None, mode = nearest, align_corners = None}, with
 * either a size or a factor.
 */
public final class Interpolate extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        Tensor x = arguments.tensor(0, "input");
        Shape shape = x.spec().shape();
        List<Integer> size = arguments.integers(1, "size");
        double factor = arguments.number(2, "scale_factor", 0);
        if (shape.rank() != 4 || size.isEmpty() == (factor == 0)) {
            throw arguments.fault("size", "one of size and scale_factor, for images (N, C, H, W)", size);
        }
        Mode mode = Mode.valueOf(arguments.text(3, "mode", "nearest").toUpperCase(Locale.ROOT));
        boolean align = arguments.flag(4, "align_corners", false);
        return one(size.isEmpty() ? F.interpolate(x, factor, mode, align)
                : F.interpolate(x, size.get(0), size.get(size.size() - 1), mode, align));
    }
}

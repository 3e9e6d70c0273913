package org.bitgrid.quant.functional;

import java.util.List;
import org.bitgrid.tensor.op.Window2d;

/** Windows as Python's pooling functions take them. */
final class Windows {
    private Windows() {
    }

    /** @param dilationIndex position of the argument {@code dilation}, or -1 when the function has none */
    static Window2d of(CallArguments arguments, int dilationIndex) {
        List<Integer> kernel = pair(arguments, 1, "kernel_size", List.of());
        List<Integer> stride = pair(arguments, 2, "stride", kernel);
        List<Integer> padding = pair(arguments, 3, "padding", List.of(0, 0));
        List<Integer> dilation = dilationIndex < 0 ? List.of(1, 1)
                : pair(arguments, dilationIndex, "dilation", List.of(1, 1));
        return new Window2d(kernel.get(0), kernel.get(1), stride.get(0), stride.get(1), padding.get(0),
                padding.get(1), dilation.get(0), dilation.get(1));
    }

    private static List<Integer> pair(CallArguments arguments, int index, String name, List<Integer> otherwise) {
        List<Integer> given = arguments.integers(index, name);
        List<Integer> pair = given.isEmpty() ? otherwise : given.size() == 1 ? List.of(given.get(0), given.get(0))
                : given;
        if (pair.size() != 2) {
            throw arguments.fault(name, "one size or two", given.isEmpty() ? null : given);
        }
        return pair;
    }
}

package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;

/** Compares products on the device with those of the CPU. */
final class Products {
    private static final double ROUNDING = 0x1p-24;

    private Products() {
    }

    /** Everything that is shipped, each once, by where it is first used. */
    static Map<String, Tiles> shipped() {
        Map<Tiles, String> names = new LinkedHashMap<>();
        for (String kind : List.of("cpu", "gpu")) {
            TuningDb.defaults(kind).forEach((shape, tiles) -> names.putIfAbsent(tiles, kind + " " + shape.key()));
        }
        names.putIfAbsent(TuningDb.SMALL, "small");
        Map<String, Tiles> tiles = new LinkedHashMap<>();
        names.forEach((each, name) -> tiles.put(name, each));
        return tiles;
    }

    /**
     * Runs an operator twice on the device, with these tiles or with null its own: the same bits both times, and as near
     * to the CPU's result as both may be away from the exact one, (K + 2) · 2^-24 · M with M the sum of magnitudes.
     */
    static void check(Tiles tiles, Op op, Tensor... inputs) {
        Tensor expected = Dispatch.apply(op, inputs);
        Tensor[] magnitudes = Arrays.stream(inputs).map(Tensor::abs).toArray(Tensor[]::new);
        float[] size = Dispatch.apply(op, magnitudes).toFloatArray();
        List<TensorSpec> specs = Arrays.stream(inputs).map(Tensor::spec).toList();
        double roundings = 2 * (op.reductionLength(specs) + 2) * ROUNDING;
        Tensor[] onDevice = OnDevice.move(inputs);
        float[] first;
        float[] second;
        TuningDb.force(tiles);
        try {
            Tensor result = Dispatch.apply(op, onDevice);
            assertThat(result.shape()).isEqualTo(expected.shape());
            first = OnDevice.back(result).toFloatArray();
            second = OnDevice.back(Dispatch.apply(op, onDevice)).toFloatArray();
        } finally {
            TuningDb.force(null);
        }
        assertThat(first).as("the same bits in both runs").isEqualTo(second);
        float[] want = expected.toFloatArray();
        for (int i = 0; i < want.length; i++) {
            if (!(Math.abs((double) first[i] - want[i]) <= roundings * size[i])) {
                throw new AssertionError(op + " of " + specs + " differs at element " + i + "; got " + first[i]
                        + "; expected " + want[i] + " within " + roundings * size[i]);
            }
        }
    }
}

package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.tensor.Shape;

/**
 * Numbers that stand in lists within lists, all lists of a level of one length.
 *
 * @param items the numbers, row-major
 */
record NestedNumbers(List<JsonValue> items, Shape shape) {
    private static final int MOST_DIMENSIONS = 8;

    static NestedNumbers of(JsonValue json) {
        List<JsonValue> level = List.of(json);
        List<Integer> sizes = new ArrayList<>();
        while (level.get(0).isArray()) {
            int size = level.get(0).size();
            if (size == 0 || sizes.size() == MOST_DIMENSIONS) {
                throw level.get(0).error("must not be empty, nor nested more than " + MOST_DIMENSIONS + " deep");
            }
            List<JsonValue> inner = new ArrayList<>();
            for (JsonValue list : level) {
                if (list.size() != size) {
                    throw list.error("must have as many items as the list before it; got " + list.size()
                            + "; expected " + size);
                }
                inner.addAll(list.items());
            }
            sizes.add(size);
            level = inner;
        }
        level.forEach(JsonValue::asDouble); // each must be a number
        return new NestedNumbers(level, Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray()));
    }
}

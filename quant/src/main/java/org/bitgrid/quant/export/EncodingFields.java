package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.Grid;

/** Checked reading of the fields that encodings are made of. Every error names the place in the file. */
final class EncodingFields {
    private EncodingFields() {
    }

    /** Refuses fields that nobody would look at: most are misspelt. */
    static void allow(JsonValue object, Set<String> known) {
        for (String key : object.keys()) {
            if (!known.contains(key)) {
                throw object.error("has an unknown field \"" + key + "\"; expected "
                        + known.stream().sorted().toList());
            }
        }
    }

    static int bitwidth(JsonValue json) {
        int bits = json.asInt();
        if (bits < 1 || bits > Grid.MOST_BITS) {
            throw json.error("must lie between 1 and " + Grid.MOST_BITS + "; got " + bits);
        }
        return bits;
    }

    static float scale(JsonValue json) {
        float scale = number(json);
        if (!(scale > 0)) {
            throw json.error("must be positive; got " + json);
        }
        return scale;
    }

    /** A number that is a finite float. */
    static float number(JsonValue json) {
        float value = (float) json.asDouble();
        if (!Float.isFinite(value)) {
            throw json.error("is too large for a float; got " + json);
        }
        return value;
    }

    /** The code of the lowest number: zero lies on the grid. */
    static long lowest(JsonValue json, int bitwidth) {
        long lowest = json.asLong();
        long steps = (1L << bitwidth) - 1;
        if (lowest < -steps || lowest > 0) {
            throw json.error("must lie between -" + steps + " and 0 for " + bitwidth + " bits; got " + lowest);
        }
        return lowest;
    }

    static List<Float> scales(JsonValue json) {
        List<Float> all = new ArrayList<>();
        json.items().forEach(item -> all.add(scale(item)));
        if (all.isEmpty()) {
            throw json.error("must not be empty");
        }
        return all;
    }

    static List<Long> lowests(JsonValue json, int bitwidth, int count) {
        List<Long> all = new ArrayList<>();
        json.items().forEach(item -> all.add(lowest(item, bitwidth)));
        if (all.size() != count) {
            throw json.error("must have as many items as there are scales; got " + all.size() + "; expected " + count);
        }
        return all;
    }

    static int positive(JsonValue json) {
        int value = json.asInt();
        if (value < 1) {
            throw json.error("must be at least 1; got " + value);
        }
        return value;
    }
}

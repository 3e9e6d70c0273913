package org.bitgrid.quant.export;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.FloatFormat;

/** ONNX's names of the types of codes. */
final class OutputTypes {
    private static final Set<Integer> WIDTHS = Set.of(2, 4, 8, 16, 32);
    private static final Map<String, FloatFormat> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("float16", FloatFormat.FLOAT16);
        FORMATS.put("bfloat16", FloatFormat.BFLOAT16);
        FORMATS.put("float8e4m3fn", FloatFormat.FLOAT8_E4M3FN);
        FORMATS.put("float8e4m3fnuz", FloatFormat.FLOAT8_E4M3FNUZ);
        FORMATS.put("float8e5m2", FloatFormat.FLOAT8_E5M2);
        FORMATS.put("float8e5m2fnuz", FloatFormat.FLOAT8_E5M2FNUZ);
        FORMATS.put("float4e2m1", FloatFormat.FLOAT4_E2M1FN);
    }

    private OutputTypes() {
    }

    /** {@code int8}, {@code uint16}, {@code float8e4m3fn}, …. */
    static String name(NamedEncoding named) {
        FileEncoding encoding = named.encoding();
        if (encoding.isFloat()) {
            for (Map.Entry<String, FloatFormat> format : FORMATS.entrySet()) {
                if (format.getValue().equals(encoding.format())) {
                    return format.getKey();
                }
            }
            throw new FormatException("encodings: version 2 has no name for this floating-point format; got "
                    + encoding.format() + " for " + named.name() + "; expected one of " + FORMATS.keySet());
        }
        if (!WIDTHS.contains(encoding.bitwidth())) {
            throw new FormatException("encodings: version 2 has no integers of this many bits; got "
                    + encoding.bitwidth() + " for " + named.name() + "; expected 2, 4, 8, 16 or 32; use version 1.0.0");
        }
        return (encoding.grid().signed() ? "int" : "uint") + encoding.bitwidth();
    }

    /** The floating-point format of this name, or null. */
    static FloatFormat format(String name) {
        return FORMATS.get(name);
    }

    /** Number of bits of an integer type. */
    static int bits(JsonValue json) {
        String name = json.asString();
        for (int width : WIDTHS) {
            if (name.equals("int" + width) || name.equals("uint" + width)) {
                return width;
            }
        }
        throw json.error("must be int or uint of 2, 4, 8, 16 or 32 bits, or one of " + FORMATS.keySet() + "; got "
                + json);
    }
}

package org.bitgrid.quant.export;

import java.util.Arrays;
import org.bitgrid.nn.io.FormatException;

/** Versions of encodings files. */
public enum EncodingsVersion {
    /** One object for each scale, under the tensor's name. */
    V0_6_1("0.6.1"),
    /** {@link #V0_6_1} with this version. */
    V0_6_2("0.6.2"),
    /** Lists of objects with lists of scales and offsets. */
    V1_0_0("1.0.0"),
    /** One list, in the terms of ONNX's QuantizeLinear. */
    V2_0_0("2.0.0"),
    /** {@link #V2_0_0}, where scales may be quantized themselves. */
    V2_1_0("2.1.0");

    private final String text;

    EncodingsVersion(String text) {
        this.text = text;
    }

    /** The version of this text, such as {@code 1.0.0}. */
    public static EncodingsVersion of(String text) {
        return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst().orElseThrow(() ->
                new FormatException("encodings: no such version; got \"" + text + "\"; expected one of "
                        + Arrays.toString(values())));
    }

    /** Whether activations and parameters are one list in the terms of ONNX. */
    public boolean isOnnxStyle() {
        return compareTo(V2_0_0) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}

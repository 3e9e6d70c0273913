package org.bitgrid.quant.export.onnx;

import java.util.List;

/**
 * An input or output of a graph.
 *
 * @param dims a Long where the size is fixed, a String that names it where it is not
 */
public record OnnxValue(String name, OnnxType type, List<Object> dims) {
    public OnnxValue {
        dims = List.copyOf(dims);
    }
}

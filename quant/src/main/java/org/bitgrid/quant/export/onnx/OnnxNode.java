package org.bitgrid.quant.export.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of a graph.
 *
 * @param type ONNX's operator, such as {@code Conv}
 * @param inputs names of tensors; empty where an optional one is left out
 * @param attributes Long, Float, String, {@link OnnxTensor}, or a list of Longs, Floats or Strings, by name
 */
public record OnnxNode(String name, String type, List<String> inputs, List<String> outputs,
                       Map<String, Object> attributes) {
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}

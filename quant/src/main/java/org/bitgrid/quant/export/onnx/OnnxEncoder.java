package org.bitgrid.quant.export.onnx;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** ONNX messages as protobuf; field numbers are those of onnx.proto. */
final class OnnxEncoder {
    /** Numbers of the kinds of attributes. */
    static final int FLOAT = 1;
    static final int INT = 2;
    static final int STRING = 3;
    static final int TENSOR = 4;
    static final int FLOATS = 6;
    static final int INTS = 7;
    static final int STRINGS = 8;

    private OnnxEncoder() {
    }

    static ProtobufWriter model(OnnxModel model) {
        ProtobufWriter out = new ProtobufWriter();
        out.integer(1, model.irVersion());
        out.text(2, model.producerName());
        out.text(3, model.producerVersion());
        out.message(7, graph(model.graph()));
        ProtobufWriter opset = new ProtobufWriter();
        opset.text(1, "");
        opset.integer(2, model.opset());
        out.message(8, opset);
        model.metadata().forEach((key, value) -> {
            ProtobufWriter entry = new ProtobufWriter();
            entry.text(1, key);
            entry.text(2, value);
            out.message(14, entry);
        });
        return out;
    }

    private static ProtobufWriter graph(OnnxGraph graph) {
        ProtobufWriter out = new ProtobufWriter();
        graph.nodes().forEach(node -> out.message(1, node(node)));
        out.text(2, graph.name());
        graph.initializers().forEach(tensor -> out.message(5, tensor(tensor)));
        graph.inputs().forEach(value -> out.message(11, value(value)));
        graph.outputs().forEach(value -> out.message(12, value(value)));
        return out;
    }

    private static ProtobufWriter node(OnnxNode node) {
        ProtobufWriter out = new ProtobufWriter();
        node.inputs().forEach(input -> out.text(1, input));
        node.outputs().forEach(output -> out.text(2, output));
        out.text(3, node.name());
        out.text(4, node.type());
        node.attributes().forEach((name, value) -> out.message(5, attribute(name, value)));
        return out;
    }

    private static ProtobufWriter attribute(String name, Object value) {
        ProtobufWriter out = new ProtobufWriter();
        out.text(1, name);
        int kind;
        if (value instanceof Float number) {
            out.number(2, number);
            kind = FLOAT;
        } else if (value instanceof Long number) {
            out.integer(3, number);
            kind = INT;
        } else if (value instanceof String text) {
            out.bytes(4, text.getBytes(StandardCharsets.UTF_8));
            kind = STRING;
        } else if (value instanceof OnnxTensor tensor) {
            out.message(5, tensor(tensor));
            kind = TENSOR;
        } else {
            kind = list(out, (List<?>) value);
        }
        out.integer(20, kind);
        return out;
    }

    private static int list(ProtobufWriter out, List<?> values) {
        if (!values.isEmpty() && values.get(0) instanceof Float) {
            values.forEach(value -> out.number(7, (Float) value));
            return FLOATS;
        }
        if (!values.isEmpty() && values.get(0) instanceof String) {
            values.forEach(value -> out.text(9, (String) value));
            return STRINGS;
        }
        values.forEach(value -> out.integer(8, (Long) value));
        return INTS;
    }

    private static ProtobufWriter tensor(OnnxTensor tensor) {
        ProtobufWriter out = new ProtobufWriter();
        tensor.dims().forEach(dim -> out.integer(1, dim));
        out.integer(2, tensor.type().number());
        out.text(8, tensor.name());
        out.bytes(9, tensor.data());
        return out;
    }

    private static ProtobufWriter value(OnnxValue value) {
        ProtobufWriter shape = new ProtobufWriter();
        for (Object size : value.dims()) {
            ProtobufWriter dim = new ProtobufWriter();
            if (size instanceof Long fixed) {
                dim.integer(1, fixed);
            } else {
                dim.text(2, (String) size);
            }
            shape.message(1, dim);
        }
        ProtobufWriter tensorType = new ProtobufWriter();
        tensorType.integer(1, value.type().number());
        tensorType.message(2, shape);
        ProtobufWriter type = new ProtobufWriter();
        type.message(1, tensorType);
        ProtobufWriter out = new ProtobufWriter();
        out.text(1, value.name());
        out.message(2, type);
        return out;
    }
}

package org.bitgrid.quant.export.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.FormatException;

/**
 * ONNX messages from protobuf: what {@link OnnxEncoder} writes and the same as other exporters write it (constants in
 * typed fields, packed lists). Fields without a counterpart here are skipped.
 */
final class OnnxDecoder {
    private OnnxDecoder() {
    }

    static OnnxModel model(ProtobufReader in) {
        long irVersion = 0;
        long opset = 0;
        String producer = "";
        String producerVersion = "";
        OnnxGraph graph = null;
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> irVersion = in.integer();
                case 2 -> producer = in.text();
                case 3 -> producerVersion = in.text();
                case 7 -> graph = graph(in.message());
                case 8 -> opset = Math.max(opset, opset(in.message()));
                case 14 -> metadata(in.message(), metadata);
                default -> in.skip();
            }
        }
        if (graph == null) {
            throw in.error("not an ONNX model: it has no graph");
        }
        return new OnnxModel(irVersion, opset, producer, producerVersion, graph, metadata);
    }

    /** Version of the standard operators, 0 for those of another domain. */
    private static long opset(ProtobufReader in) {
        String domain = "";
        long version = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> domain = in.text();
                case 2 -> version = in.integer();
                default -> in.skip();
            }
        }
        return domain.isEmpty() || domain.equals("ai.onnx") ? version : 0;
    }

    private static void metadata(ProtobufReader in, Map<String, String> metadata) {
        String key = "";
        String value = "";
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> key = in.text();
                case 2 -> value = in.text();
                default -> in.skip();
            }
        }
        metadata.put(key, value);
    }

    private static OnnxGraph graph(ProtobufReader in) {
        String name = "";
        List<OnnxNode> nodes = new ArrayList<>();
        List<OnnxTensor> initializers = new ArrayList<>();
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> nodes.add(node(in.message()));
                case 2 -> name = in.text();
                case 5 -> initializers.add(tensor(in.message()));
                case 11 -> inputs.add(value(in.message()));
                case 12 -> outputs.add(value(in.message()));
                default -> in.skip();
            }
        }
        return new OnnxGraph(name, nodes, initializers, inputs, outputs);
    }

    private static OnnxNode node(ProtobufReader in) {
        String name = "";
        String type = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> type = in.text();
                case 5 -> attribute(in.message(), attributes);
                default -> in.skip();
            }
        }
        return new OnnxNode(name, type, inputs, outputs, attributes);
    }

    private static void attribute(ProtobufReader in, Map<String, Object> attributes) {
        String name = "";
        Object single = null;
        int kind = 0;
        List<Object> list = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> name = in.text();
                case 2 -> single = in.number();
                case 3 -> single = in.integer();
                case 4 -> single = in.text();
                case 5 -> single = tensor(in.message());
                case 7 -> numbers(in, list);
                case 8 -> integers(in, list);
                case 9 -> list.add(in.text());
                case 20 -> kind = (int) in.integer();
                default -> in.skip();
            }
        }
        boolean isList = kind == OnnxEncoder.FLOATS || kind == OnnxEncoder.INTS || kind == OnnxEncoder.STRINGS
                || single == null;
        attributes.put(name, isList ? List.copyOf(list) : single);
    }

    private static void numbers(ProtobufReader in, List<Object> list) {
        if (in.isPacked()) {
            for (ProtobufReader packed = in.message(); packed.hasMore();) {
                list.add(packed.packedNumber());
            }
        } else {
            list.add(in.number());
        }
    }

    private static void integers(ProtobufReader in, List<? super Long> list) {
        if (in.isPacked()) {
            for (ProtobufReader packed = in.message(); packed.hasMore();) {
                list.add(packed.packedInteger());
            }
        } else {
            list.add(in.integer());
        }
    }

    private static OnnxTensor tensor(ProtobufReader in) {
        String name = "";
        OnnxType type = null;
        List<Long> dims = new ArrayList<>();
        byte[] raw = null;
        List<Object> typed = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> integers(in, dims);
                case 2 -> type = OnnxType.numbered(in.integer(), in);
                case 4 -> numbers(in, typed);
                case 5, 7 -> integers(in, typed);
                case 8 -> name = in.text();
                case 9 -> raw = in.bytes();
                case 10 -> doubles(in, typed);
                case 13, 14 -> throw in.error("tensor \"" + name + "\" keeps its elements in another file, which is"
                        + " not supported");
                default -> in.skip();
            }
        }
        if (type == null) {
            throw in.error("tensor \"" + name + "\" has no element type");
        }
        return new OnnxTensor(name, type, dims, raw != null ? raw : bytes(type, typed, in));
    }

    private static void doubles(ProtobufReader in, List<Object> list) {
        for (ProtobufReader packed = in.message(); packed.hasMore();) {
            list.add(packed.packedDouble());
        }
    }

    /** Elements given one by one, as little-endian bytes. */
    private static byte[] bytes(OnnxType type, List<Object> values, ProtobufReader in) {
        long size = type.byteSize(values.size());
        if (size > Integer.MAX_VALUE) {
            throw in.error("tensor is too large; got " + values.size() + " elements");
        }
        ByteBuffer data = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        if (type == OnnxType.UINT4 || type == OnnxType.INT4) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            values.forEach(value -> packed.write(((Number) value).intValue()));
            return packed.toByteArray();
        }
        for (Object value : values) {
            Number number = (Number) value;
            switch ((int) type.byteSize(1)) {
                case 1 -> data.put(number.byteValue());
                case 2 -> data.putShort(number.shortValue());
                case 4 -> {
                    if (type == OnnxType.FLOAT) {
                        data.putFloat(number.floatValue());
                    } else {
                        data.putInt(number.intValue());
                    }
                }
                default -> {
                    if (type == OnnxType.DOUBLE) {
                        data.putDouble(number.doubleValue());
                    } else {
                        data.putLong(number.longValue());
                    }
                }
            }
        }
        return data.array();
    }

    private static OnnxValue value(ProtobufReader in) {
        String name = "";
        OnnxType type = null;
        List<Object> dims = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                name = in.text();
            } else if (field == 2) {
                type = type(in.message(), dims);
            } else {
                in.skip();
            }
        }
        if (type == null) {
            throw new FormatException(in.error("\"" + name + "\" is not a tensor").getMessage());
        }
        return new OnnxValue(name, type, dims);
    }

    private static OnnxType type(ProtobufReader in, List<Object> dims) {
        OnnxType type = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                ProtobufReader tensor = in.message();
                for (int part = tensor.next(); part != 0; part = tensor.next()) {
                    if (part == 1) {
                        type = OnnxType.numbered(tensor.integer(), tensor);
                    } else if (part == 2) {
                        shape(tensor.message(), dims);
                    } else {
                        tensor.skip();
                    }
                }
            } else {
                in.skip();
            }
        }
        return type;
    }

    private static void shape(ProtobufReader in, List<Object> dims) {
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field != 1) {
                in.skip();
                continue;
            }
            ProtobufReader dim = in.message();
            Object size = "";
            for (int part = dim.next(); part != 0; part = dim.next()) {
                switch (part) {
                    case 1 -> size = dim.integer();
                    case 2 -> size = dim.text();
                    default -> dim.skip();
                }
            }
            dims.add(size);
        }
    }
}

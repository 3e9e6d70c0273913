package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.export.onnx.OnnxGraph;
import org.bitgrid.quant.export.onnx.OnnxModel;
import org.bitgrid.quant.export.onnx.OnnxNode;
import org.bitgrid.quant.export.onnx.OnnxTensor;
import org.bitgrid.quant.export.onnx.OnnxType;
import org.bitgrid.quant.export.onnx.OnnxValue;

/**
 * A graph with its quantization in it: each tensor {@code T} that has an encoding goes through QuantizeLinear to
 * {@code T_q} and DequantizeLinear to {@code T_qdq}, which is what its users read; scale and zero point are the
 * constants {@code T_scale} and {@code T_zero_point}. Outputs keep their names: what goes into their quantization is called
 * {@code output__}.
 */
final class QdqGraph {
    private static final Set<Integer> WIDTHS = Set.of(4, 8, 16);

    private final OnnxGraph graph;
    private final Map<String, FileEncoding> encodings;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> initializers;
    private final Map<String, String> readAs = new HashMap<>();
    private final Map<String, String> writtenAs = new HashMap<>();

    private QdqGraph(OnnxGraph graph, Map<String, FileEncoding> encodings) {
        this.graph = graph;
        this.encodings = encodings;
        this.initializers = new ArrayList<>(graph.initializers());
    }

    /**
     * Puts quantization into a model.
     *
     * @param encodings by tensor; those of other kinds than integers of 4, 8 and 16 bits are an error
     */
    static OnnxModel of(OnnxModel model, List<NamedEncoding> encodings) {
        Map<String, FileEncoding> byName = new LinkedHashMap<>();
        encodings.forEach(each -> byName.put(each.name(), each.encoding()));
        OnnxGraph graph = new QdqGraph(model.graph(), byName).build();
        return new OnnxModel(model.irVersion(), model.opset(), model.producerName(), model.producerVersion(), graph,
                model.metadata());
    }

    private OnnxGraph build() {
        graph.outputs().forEach(output -> {
            if (encodings.containsKey(output.name())) {
                writtenAs.put(output.name(), output.name() + "__");
            }
        });
        graph.inputs().stream().map(OnnxValue::name).forEach(this::quantize);
        graph.initializers().stream().map(OnnxTensor::name).forEach(this::quantize);
        for (OnnxNode node : graph.nodes()) {
            nodes.add(new OnnxNode(node.name(), node.type(),
                    node.inputs().stream().map(name -> readAs.getOrDefault(name, name)).toList(),
                    node.outputs().stream().map(name -> writtenAs.getOrDefault(name, name)).toList(),
                    node.attributes()));
            node.outputs().forEach(this::quantize);
        }
        OnnxGraph built = new OnnxGraph(graph.name(), nodes, initializers, graph.inputs(), graph.outputs());
        built.check();
        return built;
    }

    private void quantize(String name) {
        FileEncoding encoding = encodings.get(name);
        if (encoding == null) {
            return;
        }
        if (encoding.isFloat() || !WIDTHS.contains(encoding.bitwidth()) || encoding.zeroPointShift() != 0) {
            throw new FormatException("QDQ export: cannot be written with QuantizeLinear; got " + name + " with "
                    + encoding.bitwidth() + " bits" + (encoding.isFloat() ? " of floating point" : "")
                    + "; expected integers of 4, 8 or 16 bits");
        }
        boolean output = writtenAs.containsKey(name);
        String source = writtenAs.getOrDefault(name, name);
        String result = output ? name : name + "_qdq";
        readAs.put(name, result);
        Grid grid = encoding.grid();
        List<Long> dims = encoding.shape().rank() == 0 ? List.of()
                : Arrays.stream(encoding.shape().toArray()).mapToObj(dim -> (long) dim).toList();
        initializers.add(OnnxTensor.ofFloats(name + "_scale", encoding.scale(), dims));
        initializers.add(OnnxTensor.ofCodes(name + "_zero_point", type(encoding),
                encoding.lowest().stream().map(lowest -> grid.qmin() - lowest).toList(), dims));
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (!encoding.isPerTensor()) {
            attributes.put("axis", (long) encoding.axis());
        }
        if (encoding.blockSize() > 0) {
            attributes.put("block_size", (long) encoding.blockSize());
        }
        nodes.add(new OnnxNode(name + "_q", "QuantizeLinear", List.of(source, name + "_scale", name + "_zero_point"),
                List.of(name + "_q"), attributes));
        nodes.add(new OnnxNode(name + "_dq", "DequantizeLinear", List.of(name + "_q", name + "_scale",
                name + "_zero_point"), List.of(result), attributes));
    }

    private static OnnxType type(FileEncoding encoding) {
        boolean signed = encoding.grid().signed();
        return switch (encoding.bitwidth()) {
            case 4 -> signed ? OnnxType.INT4 : OnnxType.UINT4;
            case 8 -> signed ? OnnxType.INT8 : OnnxType.UINT8;
            default -> signed ? OnnxType.INT16 : OnnxType.UINT16;
        };
    }
}

package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.quant.export.onnx.OnnxGraph;
import org.bitgrid.quant.export.onnx.OnnxNode;
import org.bitgrid.quant.export.onnx.OnnxTensor;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;

/** Encodings of tensors that have no quantizer and need none: their numbers lie on a grid that is known already. */
final class DerivedEncodings {
    /** Steps whose output holds numbers of their first input and no others. */
    private static final Set<String> DATA_MOVEMENT = Set.of("Reshape", "Transpose", "Slice", "Split", "Squeeze",
            "Unsqueeze", "Flatten", "Expand", "Tile", "Gather", "DepthToSpace", "SpaceToDepth", "MaxPool", "Identity");
    private static final int CONSTANT_BITS = 8;

    private DerivedEncodings() {
    }

    /** Finds them in the order of the steps. */
    static List<FurtherEncoding> of(OnnxGraph graph, Map<String, FileEncoding> known, ExportOptions options) {
        Map<String, FileEncoding> all = new LinkedHashMap<>(known);
        Map<String, Tensor> constants = constants(graph);
        List<FurtherEncoding> found = new ArrayList<>();
        for (OnnxNode node : graph.nodes()) {
            List<FurtherEncoding> here = List.of();
            if (options.dataMovement() && DATA_MOVEMENT.contains(node.type())) {
                here = inherited(node, all);
            } else if (options.rescaling() && (node.type().equals("Mul") || node.type().equals("Div"))) {
                here = rescaled(node, all, constants);
            }
            here.forEach(encoding -> all.put(encoding.name(), encoding.encoding()));
            found.addAll(here);
        }
        return found;
    }

    private static Map<String, Tensor> constants(OnnxGraph graph) {
        Map<String, Tensor> constants = new HashMap<>();
        for (OnnxNode node : graph.nodes()) {
            if (node.type().equals("Constant") && node.attributes().get("value") instanceof OnnxTensor value
                    && value.tensor().dtype() == DType.FLOAT32 && value.tensor().numel() == 1) {
                constants.put(node.outputs().get(0), value.tensor());
            }
        }
        return constants;
    }

    private static List<FurtherEncoding> inherited(OnnxNode node, Map<String, FileEncoding> known) {
        String input = node.inputs().get(0);
        FileEncoding encoding = known.get(input);
        if (encoding == null || !encoding.isPerTensor() && !encoding.isFloat()) {
            return List.of();
        }
        return node.outputs().stream().filter(output -> !known.containsKey(output))
                .map(output -> new FurtherEncoding(output, FurtherEncoding.Kind.INHERITED, input, encoding)).toList();
    }

    private static List<FurtherEncoding> rescaled(OnnxNode node, Map<String, FileEncoding> known,
                                                  Map<String, Tensor> constants) {
        boolean division = node.type().equals("Div");
        int constantAt = constants.containsKey(node.inputs().get(1)) ? 1 : 0;
        String number = node.inputs().get(constantAt);
        String input = node.inputs().get(1 - constantAt);
        FileEncoding encoding = known.get(input);
        String output = node.outputs().get(0);
        boolean possible = constants.containsKey(number) && (!division || constantAt == 1) && encoding != null
                && encoding.isPerTensor() && !encoding.isFloat() && !known.containsKey(output);
        if (!possible) {
            return List.of();
        }
        float factor = (float) constants.get(number).item();
        FileEncoding after = factor == 0 || !Float.isFinite(factor) ? null : rescaled(encoding, factor, division);
        if (after == null) {
            return List.of();
        }
        List<FurtherEncoding> found = new ArrayList<>();
        found.add(new FurtherEncoding(output, FurtherEncoding.Kind.RESCALED, input, after));
        if (!known.containsKey(number)) {
            // The constant is one step of its own grid, above zero or below.
            found.add(new FurtherEncoding(number, FurtherEncoding.Kind.CONSTANT, "", FileEncoding.perTensor(
                    CONSTANT_BITS, false, false, Math.abs(factor), factor > 0 ? 0 : -1)));
        }
        return found;
    }

    /** Codes stay what they are; for a negative factor the grid is turned around. */
    private static FileEncoding rescaled(FileEncoding encoding, float factor, boolean division) {
        float magnitude = Math.abs(factor);
        float scale = division ? encoding.scale().get(0) / magnitude : encoding.scale().get(0) * magnitude;
        if (!(scale > 0) || !Float.isFinite(scale)) {
            return null;
        }
        long lowest = factor > 0 ? encoding.lowest().get(0) : -encoding.steps() - encoding.lowest().get(0);
        boolean symmetric = encoding.symmetric() && factor > 0;
        return FileEncoding.perTensor(encoding.bitwidth(), symmetric, encoding.signed().orElse(symmetric), scale,
                lowest);
    }
}

package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.export.onnx.OnnxExport;
import org.bitgrid.quant.export.onnx.OnnxWriter;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.quant.sim.SlotQuantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * The graph of a simulated model with a tensor for every quantizer. Where two quantizers that differ would be listed
 * under one tensor (a layer that does nothing when evaluated, two layers that quantize one input each in its own way),
 * one gets a tensor of its own behind a step of type Identity.
 */
final class ExportPlan {
    private static final int MOST_ROUNDS = 4;

    private final QuantizationSimModel sim;
    private final Tensor[] sample;
    private final Map<String, Tensor> quantizedParameters = new LinkedHashMap<>();
    private final Set<SlotId> ownTensors = new HashSet<>();
    private OnnxExport export;
    private final Map<SlotId, List<String>> tensors = new LinkedHashMap<>();
    private final Map<String, FileEncoding> activations = new LinkedHashMap<>();
    private final List<SlotId> idle = new ArrayList<>();

    ExportPlan(QuantizationSimModel sim, Tensor... sample) {
        this.sim = sim;
        this.sample = sample;
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            quantizeParameters();
            for (int round = 0; round < MOST_ROUNDS; round++) {
                export = writer().write(sim.model(), sample);
                if (assign()) {
                    break;
                }
            }
        }
        checkCalibrated();
    }

    private void quantizeParameters() {
        sim.quantizedModules().forEach((path, module) -> module.paramNames().forEach(name -> {
            if (module.paramQuantizer(name) != null && module.ownParameters().get(name) != null) {
                quantizedParameters.put(path + "." + name, module.quantizedParameter(name).detach());
            }
        }));
    }

    private OnnxWriter writer() {
        OnnxWriter writer = new OnnxWriter().producer(ExportBundle.PRODUCER, ExportBundle.PRODUCER_VERSION)
                .values(quantizedParameters)
                .standIn(ExportPlan::layer);
        ownTensors.forEach(slot -> {
            if (slot.kind() == SlotId.Kind.INPUT) {
                writer.ownInput(slot.module(), slot.index());
            } else {
                writer.ownOutput(slot.module(), slot.index());
            }
        });
        return writer;
    }

    /** What a quantized module wraps, in evaluation mode; the wrapper sets its own mode whenever it runs it. */
    private static Module layer(Module module) {
        return module instanceof QuantizedModule quantized ? quantized.layer().eval() : module;
    }

    /** Finds the tensors of all quantizers; false when some must get tensors of their own first. */
    private boolean assign() {
        tensors.clear();
        activations.clear();
        idle.clear();
        Map<String, Quantizer> owners = new LinkedHashMap<>();
        List<SlotQuantizer> later = new ArrayList<>();
        boolean settled = true;
        // What a step gives is its output's first of all; inputs and layers that do nothing come second.
        for (SlotQuantizer each : sim.slotQuantizers()) {
            if (each.slot().kind() == SlotId.Kind.OUTPUT && changes(each.slot().module())) {
                settled &= claim(each, owners);
            } else if (each.slot().kind() != SlotId.Kind.PARAM) {
                later.add(each);
            }
        }
        for (SlotQuantizer each : later) {
            settled &= claim(each, owners);
        }
        return settled;
    }

    private boolean changes(String path) {
        return export.calls().stream().anyMatch(call -> call.path().equals(path) && call.changes());
    }

    private boolean claim(SlotQuantizer each, Map<String, Quantizer> owners) {
        SlotId slot = each.slot();
        List<String> names = new ArrayList<>();
        boolean oneForAll = slot.kind() == SlotId.Kind.OUTPUT && sim.quantizedModule(slot.module()).outputCount() == 1;
        for (OnnxExport.ModuleTensors call : export.calls()) {
            if (call.path().equals(slot.module())) {
                List<String> all = slot.kind() == SlotId.Kind.INPUT ? call.arguments() : call.outputs();
                List<String> mine = oneForAll ? all : slot.index() < all.size() ? List.of(all.get(slot.index()))
                        : List.of();
                mine.stream().filter(name -> !name.isEmpty()).forEach(names::add);
            }
        }
        if (names.isEmpty()) {
            idle.add(slot);
            return true;
        }
        FileEncoding encoding = each.quantizer().encoding() == null ? null
                : FileEncoding.of(each.quantizer().encoding());
        for (String name : names) {
            Quantizer owner = owners.putIfAbsent(name, each.quantizer());
            boolean same = owner == null || owner == each.quantizer()
                    || encoding != null && encoding.equals(activations.get(name));
            if (!same) {
                return !ownTensors.add(slot);
            }
            if (encoding != null) {
                activations.putIfAbsent(name, encoding);
            }
        }
        tensors.put(slot, names);
        return true;
    }

    private void checkCalibrated() {
        List<String> missing = sim.slotQuantizers().stream()
                .filter(each -> !each.quantizer().isInitialized() && !idle.contains(each.slot()))
                .map(each -> each.slot().toString()).toList();
        if (!missing.isEmpty()) {
            throw new StateException("export: " + missing.size() + " of " + sim.slotQuantizers().size()
                    + " quantizers know no range; got " + missing + "; calibrate with computeEncodings and data that"
                    + " reaches them, or take them out");
        }
    }

    OnnxExport export() {
        return export;
    }

    /** Names of the tensors that each quantizer of inputs and outputs quantizes. */
    Map<SlotId, List<String>> tensors() {
        return tensors;
    }

    /** Encodings of inputs and outputs by tensor, in the order of the layers. */
    Map<String, FileEncoding> activations() {
        return activations;
    }

    /** Quantizers that never see a tensor: their input is a number. */
    List<SlotId> idle() {
        return idle;
    }

    /** Parameters as their quantizers make them, by path. */
    Map<String, Tensor> quantizedParameters() {
        return quantizedParameters;
    }
}

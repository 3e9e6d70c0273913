package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.FloatQuantizeDequantize;
import org.bitgrid.quant.quantizer.GroupedBlockQuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.quant.sim.SlotQuantizer;
import org.bitgrid.tensor.StateException;

/**
 * Gives the quantizers of a simulation the ranges of an encodings file. Everything is checked first; a fault changes
 * nothing, and all faults are named at once. Quantizers that may not be overwritten keep their range.
 */
public final class EncodingsLoader {
    private final QuantizationSimModel sim;
    private final LoadOptions options;
    private final List<String> faults = new ArrayList<>();
    private final Map<SlotId, FileEncoding> bySlot = new LinkedHashMap<>();
    private final Map<Quantizer, FileEncoding> byQuantizer = new IdentityHashMap<>();

    private EncodingsLoader(QuantizationSimModel sim, LoadOptions options) {
        this.sim = sim;
        this.options = options;
    }

    /**
     * Loads encodings by module.
     *
     * @return slots that got a range, parameters first
     * @throws StateException naming every entry that fits no quantizer
     */
    public static List<SlotId> load(QuantizationSimModel sim, ModuleEncodings encodings, LoadOptions options) {
        return new EncodingsLoader(sim, options).load(encodings);
    }

    private List<SlotId> load(ModuleEncodings encodings) {
        if (encodings.parameters().isEmpty() && encodings.activations().isEmpty()) {
            throw new StateException("loadEncodings: the file has no encodings; expected those of parameters, inputs "
                    + "or outputs");
        }
        for (NamedEncoding parameter : encodings.parameters()) {
            int dot = parameter.name().lastIndexOf('.');
            add(new SlotId(dot < 0 ? "" : parameter.name().substring(0, dot), SlotId.Kind.PARAM,
                    parameter.name().substring(dot + 1)), parameter.encoding());
        }
        for (SlotEncoding slot : encodings.activations()) {
            add(new SlotId(slot.module(), slot.isInput() ? SlotId.Kind.INPUT : SlotId.Kind.OUTPUT,
                    Integer.toString(slot.index())), slot.encoding());
        }
        if (!faults.isEmpty()) {
            throw new StateException("loadEncodings: " + faults.size() + " of " + (encodings.parameters().size()
                    + encodings.activations().size()) + " encodings fit no quantizer; got " + String.join("; ", faults)
                    + "; nothing was changed");
        }
        apply();
        return List.copyOf(bySlot.keySet());
    }

    private void add(SlotId slot, FileEncoding encoding) {
        QuantizedModule module = sim.quantizedModules().get(slot.module());
        if (module == null || !exists(module, slot)) {
            if (options.strict()) {
                faults.add(slot + ": the simulation has no such " + slot.kind().name().toLowerCase(
                        Locale.ROOT));
            }
            return;
        }
        Quantizer quantizer = sim.quantizer(slot);
        if (quantizer == null) {
            if (options.strict()) {
                faults.add(slot + ": is not quantized");
            }
            return;
        }
        if (!quantizer.isOverwriteAllowed()) {
            bySlot.put(slot, encoding); // it has an encoding, and so stays; only its range is frozen
            return;
        }
        String fault = fault(quantizer, encoding);
        if (fault != null) {
            faults.add(slot + ": " + fault);
            return;
        }
        FileEncoding before = byQuantizer.putIfAbsent(quantizer, encoding);
        if (before != null && !before.sameNumbers(encoding)) {
            faults.add(slot + ": shares a quantizer that has another encoding elsewhere in the file");
        }
        bySlot.put(slot, encoding);
    }

    private static boolean exists(QuantizedModule module, SlotId slot) {
        return switch (slot.kind()) {
            case PARAM -> module.paramNames().contains(slot.name());
            case INPUT -> slot.index() < module.inputCount();
            case OUTPUT -> slot.index() < module.outputCount();
        };
    }

    private static String fault(Quantizer quantizer, FileEncoding encoding) {
        if (quantizer instanceof FloatQuantizeDequantize floating) {
            return encoding.isFloat() && encoding.bitwidth() == floating.bitwidth() ? null
                    : "expected floating point of " + floating.bitwidth() + " bits; got "
                    + (encoding.isFloat() ? "floating point" : "integers") + " of " + encoding.bitwidth();
        }
        if (encoding.isFloat()) {
            return "expected integers; got floating point";
        }
        AffineQuantizer affine = (AffineQuantizer) quantizer;
        if (encoding.scale().size() != affine.shape().numel()) {
            return "expected " + affine.shape().numel() + " scales; got " + encoding.scale().size();
        }
        if (encoding.zeroPointShift() != affine.zeroPointShift()) {
            return "expected a grid with zero point shift " + affine.zeroPointShift() + "; got "
                    + encoding.zeroPointShift();
        }
        if (affine instanceof GroupedBlockQuantizeDequantize
                && (encoding.bitwidth() != affine.bitwidth() || !encoding.symmetric())) {
            return "expected " + affine.bitwidth() + " bits, symmetric; got " + encoding.bitwidth()
                    + (encoding.symmetric() ? "" : ", asymmetric");
        }
        long centre = -(1L << encoding.bitwidth() - 1);
        if (encoding.symmetric() && encoding.lowest().stream().anyMatch(lowest -> lowest != centre)) {
            return "expected offset " + centre + " of a symmetric encoding; got " + encoding.lowest();
        }
        return null;
    }

    private void apply() {
        byQuantizer.forEach((quantizer, encoding) -> {
            if (quantizer instanceof AffineQuantizer affine) {
                // As AIMET: signed when symmetric; but a quantizer of the same symmetry keeps the sign it has.
                boolean keeps = affine.isSymmetric() == encoding.symmetric() && affine.grid().hasSign();
                boolean signed = keeps ? affine.grid().signed() : encoding.symmetric();
                affine.setGrid(Grid.ofBits(encoding.bitwidth(), signed));
                affine.setSymmetric(encoding.symmetric());
                EncodingRanges.set(affine, encoding);
            }
            options.requiresGrad().ifPresent(learns ->
                    quantizer.namedParameters().values().forEach(parameter -> parameter.requiresGrad(learns)));
            quantizer.allowOverwrite(options.allowOverwrite());
        });
        if (!options.partial()) {
            Set<SlotId> listed = Collections.unmodifiableSet(bySlot.keySet());
            for (SlotQuantizer each : sim.slotQuantizers()) {
                if (!listed.contains(each.slot())) {
                    sim.set(each.slot(), null);
                }
            }
        }
    }
}

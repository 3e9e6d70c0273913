package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.Quantizer;

/** The quantizers of a quantized module by slot. */
final class Slots {
    private Slots() {
    }

    /** All slots of a module: parameters, inputs, outputs. */
    static List<SlotId> of(String path, QuantizedModule module) {
        List<SlotId> slots = new ArrayList<>();
        module.paramNames().forEach(name -> slots.add(SlotId.param(path, name)));
        for (int i = 0; i < module.inputCount(); i++) {
            slots.add(SlotId.input(path, i));
        }
        for (int i = 0; i < module.outputCount(); i++) {
            slots.add(SlotId.output(path, i));
        }
        return slots;
    }

    static boolean exists(QuantizedModule module, SlotId slot) {
        return switch (slot.kind()) {
            case PARAM -> module.paramNames().contains(slot.name());
            case INPUT -> slot.index() < module.inputCount();
            case OUTPUT -> slot.index() < module.outputCount();
        };
    }

    static Quantizer get(QuantizedModule module, SlotId slot) {
        return switch (slot.kind()) {
            case PARAM -> module.paramQuantizer(slot.name());
            case INPUT -> module.inputQuantizer(slot.index());
            case OUTPUT -> module.outputQuantizer(slot.index());
        };
    }

    static void set(QuantizedModule module, SlotId slot, Quantizer quantizer) {
        switch (slot.kind()) {
            case PARAM -> module.setParamQuantizer(slot.name(), quantizer);
            case INPUT -> module.setInputQuantizer(slot.index(), quantizer);
            case OUTPUT -> module.setOutputQuantizer(slot.index(), quantizer);
        }
    }
}

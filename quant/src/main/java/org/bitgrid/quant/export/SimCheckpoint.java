package org.bitgrid.quant.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.nn.io.SafeTensorsFile;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.quant.sim.SlotQuantizer;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * The whole state of a simulation in one safetensors file: parameters and buffers of the model, ranges and settings of
 * the quantizers, and which slot has which quantizer. It is loaded into a simulation made in the same way.
 */
public final class SimCheckpoint {
    private static final String SLOTS = "bitgrid.slots";

    private SimCheckpoint() {
    }

    /** What is noted of a slot: the first slot of the same quantizer, and what may change. */
    private record SlotNote(String first, boolean overwrite, List<String> learning) {
        Map<String, Object> toJson() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("quantizer", first);
            fields.put("overwrite", overwrite);
            fields.put("learning", learning);
            return fields;
        }

        static SlotNote of(JsonValue json) {
            return new SlotNote(json.get("quantizer").asString(), json.get("overwrite").asBoolean(),
                    json.get("learning").asStrings());
        }
    }

    /** Writes the state of a simulation, whole or not at all. */
    public static void save(QuantizationSimModel sim, Path file) {
        Map<String, Object> slots = new LinkedHashMap<>();
        notes(sim).forEach((path, note) -> slots.put(path, note.toJson()));
        SafeTensors.write(file, sim.model().stateDict(), Map.of(SLOTS, Json.format(slots, JsonStyle.LINE)));
    }

    private static Map<String, SlotNote> notes(QuantizationSimModel sim) {
        Map<Quantizer, String> first = new IdentityHashMap<>();
        Map<String, SlotNote> notes = new LinkedHashMap<>();
        for (SlotQuantizer each : sim.slotQuantizers()) {
            Quantizer quantizer = each.quantizer();
            first.putIfAbsent(quantizer, each.slot().path());
            List<String> learning = quantizer.namedParameters().entrySet().stream()
                    .filter(one -> one.getValue().requiresGrad()).map(Map.Entry::getKey).toList();
            notes.put(each.slot().path(), new SlotNote(first.get(quantizer), quantizer.isOverwriteAllowed(), learning));
        }
        return notes;
    }

    /**
     * Gives a simulation the state of a file. Quantizers that the file does not have are taken away.
     *
     * @throws FormatException when the file is no checkpoint
     * @throws StateException  when it is of a simulation with other quantizers; nothing is changed then
     */
    public static void load(QuantizationSimModel sim, Path file) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        Map<String, SlotNote> saved = new LinkedHashMap<>();
        try (SafeTensorsFile open = SafeTensorsFile.open(file)) {
            String slots = open.metadata().get(SLOTS);
            if (slots == null) {
                throw new FormatException("loadCheckpoint: not a checkpoint of a simulation; got " + file
                        + "; expected a file of saveCheckpoint");
            }
            Json.parse(slots, file + " metadata").fields().forEach((path, note) -> saved.put(path, SlotNote.of(note)));
            open.names().forEach(name -> state.put(name, open.tensor(name)));
        }
        check(sim, saved);
        Map<SlotId, Quantizer> removed = new LinkedHashMap<>();
        for (SlotQuantizer each : sim.slotQuantizers()) {
            if (!saved.containsKey(each.slot().path())) {
                removed.put(each.slot(), each.quantizer());
                sim.set(each.slot(), null);
            }
        }
        Map<String, Tensor> before = new LinkedHashMap<>();
        sim.model().stateDict().forEach((name, tensor) -> before.put(name, tensor.clone()));
        try {
            sim.model().loadStateDict(state);
        } catch (BitgridException failure) {
            sim.model().loadStateDict(before);
            removed.forEach(sim::set);
            throw failure;
        }
        setFlags(sim, saved);
    }

    private static void check(QuantizationSimModel sim, Map<String, SlotNote> saved) {
        Map<String, SlotNote> present = notes(sim);
        List<String> faults = new ArrayList<>();
        saved.forEach((path, note) -> {
            SlotNote mine = present.get(path);
            if (mine == null) {
                faults.add(path + " has no quantizer");
            } else if (present.containsKey(note.first()) && !mine.first().equals(present.get(note.first()).first())) {
                faults.add(path + " does not share the quantizer of " + note.first());
            }
        });
        if (!faults.isEmpty()) {
            throw new StateException("loadCheckpoint: the file is of a simulation with other quantizers; got "
                    + String.join("; ", faults) + "; expected a simulation made with the same options; nothing was "
                    + "changed");
        }
    }

    /** A range of which one end may change stays so where the file and the simulation agree. */
    private static void setFlags(QuantizationSimModel sim, Map<String, SlotNote> saved) {
        for (SlotQuantizer each : sim.slotQuantizers()) {
            SlotNote note = saved.get(each.slot().path());
            if (each.quantizer().isOverwriteAllowed() != note.overwrite()) {
                each.quantizer().allowOverwrite(note.overwrite());
            }
            each.quantizer().namedParameters().forEach((name, one) ->
                    one.requiresGrad(note.learning().contains(name)));
        }
    }
}

package org.bitgrid.quant.sim;

import java.util.List;
import java.util.Optional;

/**
 * Where quantizers go, slot by slot, in the order in which layers run.
 *
 * @param slots    all slots; the slots of a layer are together: parameters, inputs, outputs
 * @param warnings what the target may not like
 */
public record Placement(List<SlotPlan> slots, List<String> warnings) {
    public Placement {
        slots = List.copyOf(slots);
        warnings = List.copyOf(warnings);
    }

    /** The plan for a slot. */
    public Optional<SlotPlan> find(SlotId slot) {
        return slots.stream().filter(plan -> plan.slot().equals(slot)).findFirst();
    }

    /** The plans for the slots of a layer. */
    public List<SlotPlan> of(String module) {
        return slots.stream().filter(plan -> plan.slot().module().equals(module)).toList();
    }

    /** A table: each slot, what is there, and which rule decided. */
    public String explain() {
        int slotWidth = slots.stream().mapToInt(plan -> plan.slot().toString().length()).max().orElse(0);
        int formatWidth = slots.stream().mapToInt(plan -> plan.format().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (SlotPlan plan : slots) {
            String detail = plan.detail().isEmpty() || !plan.quantized() ? "" : "; " + plan.detail();
            text.append(pad(plan.slot().toString(), slotWidth)).append("  ")
                    .append(pad(plan.format(), formatWidth)).append("  ").append(plan.rule()).append(detail).append('\n');
        }
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        return text.toString();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    @Override
    public String toString() {
        return explain();
    }
}

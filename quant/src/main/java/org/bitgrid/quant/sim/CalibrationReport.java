package org.bitgrid.quant.sim;

import java.util.List;

/**
 * What calibration found.
 *
 * @param enabled   number of quantizers that could have been calibrated
 * @param unseen    slots whose quantizers saw no data, so that they are as they were before
 * @param warnings  what looks wrong, such as data that are not finite, by slot
 */
public record CalibrationReport(int enabled, List<SlotId> unseen, List<String> warnings) {
    public CalibrationReport {
        unseen = List.copyOf(unseen);
        warnings = List.copyOf(warnings);
    }

    /** Whether every quantizer saw data, all of them finite. */
    public boolean isComplete() {
        return unseen.isEmpty() && warnings.isEmpty();
    }

    /** One line for each thing that is not as it should be; empty when all is well. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (!unseen.isEmpty()) {
            text.append("calibrate: ").append(unseen.size()).append(" of ").append(enabled)
                    .append(" enabled quantizers saw no data: ")
                    .append(String.join(", ", unseen.stream().map(SlotId::toString).toList()))
                    .append("; were they reached by the calibration batches?\n");
        }
        warnings.forEach(warning -> text.append("calibrate: ").append(warning).append('\n'));
        return text.toString();
    }
}

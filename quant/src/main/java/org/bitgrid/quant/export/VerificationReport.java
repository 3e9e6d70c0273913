package org.bitgrid.quant.export;

import java.util.List;

/**
 * What a check of exported files found.
 *
 * @param prefix   of the files
 * @param faults   everything that is not as it must be, one line each
 * @param entries  number of encodings of quantizers
 * @param further  encodings that no quantizer gave, each with the reason that the model gives for it
 */
public record VerificationReport(String prefix, List<String> faults, int entries, List<String> further) {
    public VerificationReport {
        faults = List.copyOf(faults);
        further = List.copyOf(further);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return faults.isEmpty();
    }

    /** One line, then faults, then further encodings. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(prefix).append(": ").append(entries).append(" encodings, ")
                .append(further.size()).append(" further ones, ")
                .append(faults.isEmpty() ? "nothing differs" : faults.size() + " faults");
        faults.forEach(fault -> text.append("\n  fault: ").append(fault));
        further.forEach(each -> text.append("\n  ").append(each));
        return text.toString();
    }
}

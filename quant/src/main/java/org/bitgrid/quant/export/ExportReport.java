package org.bitgrid.quant.export;

import java.nio.file.Path;
import java.util.List;

/**
 * What an export wrote.
 *
 * @param files    ONNX model, weights, encodings by tensor, encodings by module
 * @param entries  number of encodings that come from quantizers
 * @param further  encodings that no quantizer gave and the version lists all the same
 * @param idle     slots with a quantizer that never sees a tensor, such as {@code module_sub.input[1]}
 */
public record ExportReport(List<Path> files, int entries, List<FurtherEncoding> further, List<String> idle) {
    public ExportReport {
        files = List.copyOf(files);
        further = List.copyOf(further);
        idle = List.copyOf(idle);
    }

    /** One line, and one for each encoding that no quantizer gave. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("exported ").append(entries).append(" encodings and ")
                .append(further.size()).append(" further ones to ").append(files.get(0).toAbsolutePath().getParent());
        further.forEach(each -> text.append("\n  ").append(each.name()).append(": ").append(each.kind())
                .append(each.from().isEmpty() ? "" : " from " + each.from()));
        idle.forEach(slot -> text.append("\n  ").append(slot).append(": its input is a number"));
        return text.toString();
    }
}

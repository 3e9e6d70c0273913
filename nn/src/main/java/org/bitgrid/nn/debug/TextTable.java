package org.bitgrid.nn.debug;

import java.util.ArrayList;
import java.util.List;

/** Lines of cells, the first column to the left, the others to the right, with a rule under the heading. */
final class TextTable {
    private final List<List<String>> lines = new ArrayList<>();

    TextTable(String... heading) {
        lines.add(List.of(heading));
    }

    void add(String... cells) {
        lines.add(List.of(cells));
    }

    @Override
    public String toString() {
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < lines.size(); row++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = lines.get(row).get(i);
                String gap = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + gap : "  " + gap + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
            if (row == 0) {
                text.append("-".repeat(line.length())).append('\n');
            }
        }
        return text.toString();
    }
}

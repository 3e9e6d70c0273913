package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Module trees as PyTorch prints them: {@code Name(settings)}, children on lines of their own, indented by two. */
final class ModulePrinter {
    private ModulePrinter() {
    }

    // Recursion is over the module tree, whose depth its author wrote down, not over a graph.
    static String print(Module module) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> child : module.printedChildren().entrySet()) {
            lines.add("(" + child.getKey() + "): " + child.getValue().replace("\n", "\n  "));
        }
        String extra = module.extraRepr();
        if (lines.isEmpty() && extra.indexOf('\n') < 0) {
            return module.typeName() + "(" + extra + ")";
        }
        StringBuilder text = new StringBuilder(module.typeName()).append("(\n");
        if (!extra.isEmpty()) {
            text.append("  ").append(extra.replace("\n", "\n  ")).append('\n');
        }
        for (String line : lines) {
            text.append("  ").append(line).append('\n');
        }
        return text.append(')').toString();
    }
}

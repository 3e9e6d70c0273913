package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bitgrid.nn.Module;

/**
 * Pictures of a graph: as DOT, the language of Graphviz, and as SVG, which browsers show. In the SVG each step stands
 * one row below the lowest of its inputs, and in a row steps stand in the order of their inputs.
 */
public final class GraphDrawing {
    private static final int BOX_HEIGHT = 46;
    private static final int ROW_HEIGHT = 84;
    private static final int GAP = 24;
    private static final int MARGIN = 16;
    private static final double CHARACTER_WIDTH = 7.3;
    private static final int MOST_CHARACTERS = 100;

    private GraphDrawing() {
    }

    /** A directed graph in DOT: one box for each step, one arrow for each use of its result. */
    public static String dot(GraphModule module) {
        StringBuilder text = new StringBuilder("digraph model {\n");
        text.append("  node [shape=box, style=filled, fontname=\"monospace\"];\n");
        for (Node node : module.graph().nodes()) {
            text.append("  \"").append(node.name()).append("\" [label=\"").append(dotText(title(module, node)))
                    .append("\\n").append(dotText(shapes(node))).append("\", fillcolor=\"").append(colour(node))
                    .append("\"];\n");
        }
        for (Node node : module.graph().nodes()) {
            for (Node input : node.inputs()) {
                text.append("  \"").append(input.name()).append("\" -> \"").append(node.name()).append("\";\n");
            }
        }
        return text.append("}\n").toString();
    }

    private static String dotText(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** First line of a box: the name and what the step does. */
    private static String title(GraphModule module, Node node) {
        String what = "";
        if (node instanceof Node.CallModule call) {
            Module target = module.get(call.path());
            what = target.namedChildren().isEmpty() ? target.toString() : target.typeName();
        } else if (node instanceof Node.CallOp call) {
            what = call.signature().target();
        } else if (node instanceof Node.Placeholder) {
            what = "input";
        } else if (node instanceof Node.GetAttr read) {
            what = read.path();
        }
        String title = what.isEmpty() ? node.name() : node.name() + ": " + what;
        return title.length() <= MOST_CHARACTERS ? title : title.substring(0, MOST_CHARACTERS - 1) + "…";
    }

    private static String shapes(Node node) {
        return node.specs().stream().map(spec -> spec.shape() + " " + spec.dtype()).collect(Collectors.joining(", "));
    }

    private static String colour(Node node) {
        if (node instanceof Node.Placeholder || node instanceof Node.Output) {
            return "#d5e8d4";
        }
        if (node instanceof Node.CallModule) {
            return "#dae8fc";
        }
        return node instanceof Node.CallOp ? "#fff2cc" : "#f5f5f5";
    }

    // ------------------------------------------------------------------ SVG

    /** Where a box is. */
    private record Box(double x, double y, double width) {
        double centre() {
            return x + width / 2;
        }
    }

    /** A picture of its own, with nothing fetched from elsewhere. */
    public static String svg(GraphModule module) {
        Map<Node, Box> boxes = layout(module);
        double width = boxes.values().stream().mapToDouble(box -> box.x() + box.width()).max().orElse(0) + MARGIN;
        double height = boxes.values().stream().mapToDouble(Box::y).max().orElse(0) + BOX_HEIGHT + MARGIN;
        StringBuilder text = new StringBuilder();
        text.append(format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                + "font-family=\"monospace\" font-size=\"12\">%n", width, height));
        for (Node node : module.graph().nodes()) {
            for (Node input : node.inputs()) {
                text.append(edge(boxes.get(input), boxes.get(node)));
            }
        }
        boxes.forEach((node, box) -> {
            text.append(format("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"5\" fill=\"%s\" "
                    + "stroke=\"#555\"/>%n", box.x(), box.y(), box.width(), BOX_HEIGHT, colour(node)));
            text.append(label(box, 19, title(module, node))).append(label(box, 36, shapes(node)));
        });
        return text.append("</svg>\n").toString();
    }

    private static String edge(Box from, Box to) {
        double startY = from.y() + BOX_HEIGHT;
        double bend = (to.y() - startY) / 2;
        return format("<path d=\"M %.1f %.1f C %.1f %.1f, %.1f %.1f, %.1f %.1f\" fill=\"none\" stroke=\"#888\"/>%n",
                from.centre(), startY, from.centre(), startY + bend, to.centre(), to.y() - bend, to.centre(), to.y());
    }

    private static String label(Box box, int below, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>%n", box.centre(), box.y() + below,
                escaped);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
    }

    private static Map<Node, Box> layout(GraphModule module) {
        Map<Node, Integer> depths = new IdentityHashMap<>();
        List<List<Node>> rows = new ArrayList<>();
        for (Node node : module.graph().nodes()) { // inputs come before their users
            int depth = node.inputs().stream().mapToInt(input -> depths.get(input) + 1).max().orElse(0);
            depths.put(node, depth);
            while (rows.size() <= depth) {
                rows.add(new ArrayList<>());
            }
            rows.get(depth).add(node);
        }
        double widest = rows.stream().mapToDouble(row -> rowWidth(module, row)).max().orElse(0);
        Map<Node, Box> boxes = new LinkedHashMap<>();
        for (int depth = 0; depth < rows.size(); depth++) {
            List<Node> row = rows.get(depth);
            row.sort((a, b) -> Double.compare(meanOfInputs(a, boxes), meanOfInputs(b, boxes)));
            double x = MARGIN + (widest - rowWidth(module, row)) / 2;
            for (Node node : row) {
                double width = boxWidth(module, node);
                boxes.put(node, new Box(x, MARGIN + depth * ROW_HEIGHT, width));
                x += width + GAP;
            }
        }
        return boxes;
    }

    private static double meanOfInputs(Node node, Map<Node, Box> boxes) {
        return node.inputs().stream().mapToDouble(input -> boxes.get(input).centre()).average().orElse(0);
    }

    private static double rowWidth(GraphModule module, List<Node> row) {
        return row.stream().mapToDouble(node -> boxWidth(module, node)).sum() + GAP * (row.size() - 1);
    }

    private static double boxWidth(GraphModule module, Node node) {
        return Math.max(title(module, node).length(), shapes(node).length()) * CHARACTER_WIDTH + 2 * 8;
    }
}

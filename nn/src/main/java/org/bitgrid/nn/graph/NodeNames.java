package org.bitgrid.nn.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names for nodes, chosen as torch.fx chooses them: the wish made a Python identifier, with a number behind it when it
 * is taken or means something in Python ({@code getattr_1}, {@code relu_2}).
 */
final class NodeNames {
    private static final Pattern NUMBERED = Pattern.compile("(.*)_(\\d+)");
    private static final Set<String> RESERVED = Set.of(
            // keywords
            "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
            "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
            "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
            // names of Python and torch that printed code uses or would hide
            "abs", "all", "any", "bin", "bool", "bytes", "chr", "complex", "dict", "dir", "divmod", "enumerate",
            "eval", "exec", "filter", "float", "format", "getattr", "hasattr", "hash", "hex", "id", "input", "int",
            "isinstance", "iter", "len", "list", "map", "max", "min", "next", "object", "oct", "open", "ord", "pow",
            "print", "property", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "str",
            "sum", "super", "tuple", "type", "vars", "zip", "inf", "nan", "NoneType", "torch", "device", "fx_pytree",
            "pytree");

    private final Set<String> used = new HashSet<>();
    private final Map<String, Integer> last = new HashMap<>();

    /** The same names taken. */
    NodeNames copy() {
        NodeNames copy = new NodeNames();
        copy.used.addAll(used);
        copy.last.putAll(last);
        return copy;
    }

    /** A free name close to {@code wish}. */
    String take(String wish) {
        String candidate = wish.replaceAll("[^0-9a-zA-Z_]", "_");
        if (candidate.isEmpty()) {
            candidate = "_unnamed";
        } else if (Character.isDigit(candidate.charAt(0))) {
            candidate = "_" + candidate;
        }
        Matcher numbered = NUMBERED.matcher(candidate);
        String base = candidate;
        int number = 0;
        if (numbered.matches() && numbered.group(2).length() < 9) {
            base = numbered.group(1);
            number = Integer.parseInt(numbered.group(2));
            candidate = base + "_" + number;
        }
        if (number == 0) {
            number = last.getOrDefault(base, 0);
        }
        while (used.contains(candidate) || RESERVED.contains(candidate)) {
            number++;
            candidate = base + "_" + number;
        }
        used.add(candidate);
        last.put(base, number);
        return candidate;
    }
}

package org.bitgrid.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bitgrid.nn.io.PythonFloat;

/** Values as Python prints them, for the printed forms of modules and graphs. */
public final class PythonText {
    private PythonText() {
    }

    /** The shortest decimal number that reads back as this one: {@code 0.1}, {@code 1e-05}, {@code 2.0}, {@code inf}. */
    public static String number(double value) {
        return PythonFloat.repr(value);
    }

    /** {@code True} or {@code False}. */
    public static String bool(boolean value) {
        return value ? "True" : "False";
    }

    /** {@code (3, 3)}, {@code (16,)}. */
    public static String tuple(int... values) {
        String inner = Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return "(" + inner + (values.length == 1 ? ",)" : ")");
    }

    /** One number where all are to be the same and the user gave one, else a tuple. */
    static String sizes(List<Integer> given) {
        return given.size() == 1 ? given.get(0).toString()
                : tuple(given.stream().mapToInt(Integer::intValue).toArray());
    }
}

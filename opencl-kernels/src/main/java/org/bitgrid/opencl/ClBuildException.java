package org.bitgrid.opencl;

import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A device's compiler refused a program. The message holds its log and the lines of the source it speaks of. */
public final class ClBuildException extends OpenClException {
    private static final long serialVersionUID = 1L;
    /** "file:LINE:column:" of clang and the compilers made from it; PoCL has a word before it. */
    private static final Pattern PLACE = Pattern.compile(":(\\d{1,7}):\\d{1,7}:");
    private static final int MOST_LINES = 20;

    ClBuildException(String program, ClDevice device, String source, String log, OpenClException cause) {
        super("opencl: " + program + " failed to build on \"" + device.name() + "\" (driver " + device.driver() + "): "
                + log + quote(source, log), cause.status(), cause);
    }

    /** The lines of the source that the log names, each with its number. */
    static String quote(String source, String log) {
        TreeSet<Integer> numbers = new TreeSet<>();
        Matcher place = PLACE.matcher(log);
        while (place.find() && numbers.size() < MOST_LINES) {
            numbers.add(Integer.parseInt(place.group(1)));
        }
        String[] lines = source.split("\n", -1);
        StringBuilder quoted = new StringBuilder();
        for (int number : numbers) {
            if (number >= 1 && number <= lines.length) {
                quoted.append("\n  line ").append(number).append(": ").append(lines[number - 1].strip());
            }
        }
        return quoted.toString();
    }
}

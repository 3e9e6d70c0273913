package org.bitgrid.opencl;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bitgrid.tensor.DeviceException;

/** How many bytes of a device may be used: {@code -Dbitgrid.opencl.memory=6g}, else most of what it has. */
final class ClBudget {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kmg]?)", Pattern.CASE_INSENSITIVE);

    private ClBudget() {
    }

    static long bytes(ClDevice device) {
        String asked = System.getProperty("bitgrid.opencl.memory", "");
        if (!asked.isEmpty()) {
            return parse(asked);
        }
        // A CPU as device shares its memory with the heap and everything else.
        return device.gpu() ? device.globalMemory() / 10 * 9 : device.globalMemory() / 2;
    }

    /** Bytes, or with k, m or g units of 1024. */
    static long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new DeviceException("opencl: cannot read -Dbitgrid.opencl.memory; got " + text
                    + "; expected a number of bytes, or one with k, m or g");
        }
        int shift = switch (size.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
        return Long.parseLong(size.group(1)) << shift;
    }
}

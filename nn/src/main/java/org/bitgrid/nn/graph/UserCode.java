package org.bitgrid.nn.graph;

import java.lang.StackWalker.StackFrame;
import java.util.List;

/** Finds the line of the user's code that is being run. */
final class UserCode {
    private static final List<String> LIBRARY = List.of("org.bitgrid.tensor", "org.bitgrid.autograd",
            "org.bitgrid.nn", "org.bitgrid.quant", "java", "jdk");

    private UserCode() {
    }

    /** The innermost frame outside the library, as {@code Net.forward (Net.java:41)}, or empty. */
    static String line() {
        return StackWalker.getInstance().walk(frames -> frames.filter(frame -> !isLibrary(frame.getClassName()))
                .findFirst().map(UserCode::text).orElse(""));
    }

    private static boolean isLibrary(String className) {
        return LIBRARY.stream().anyMatch(prefix -> className.startsWith(prefix)
                && className.length() > prefix.length() && className.charAt(prefix.length()) == '.');
    }

    private static String text(StackFrame frame) {
        String className = frame.getClassName();
        String simple = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        return simple + "." + frame.getMethodName() + " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
    }
}

package org.bitgrid.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The text of a program, whose equality is the key under which it is compiled once.
 *
 * @param name    for messages: the file or the family
 * @param text    OpenCL C, without what {@code common.cl} holds
 * @param defines lines {@code #define NAME VALUE} that come before it
 */
record ClSource(String name, String text, String defines) {
    private static final Map<String, String> FILES = new ConcurrentHashMap<>();

    /** A {@code .cl} file of this package with these macros, given as name, value, name, value… */
    static ClSource file(String name, Object... macros) {
        return files(new String[] {name}, macros);
    }

    /** Some {@code .cl} files of this package, one after the other, with macros as in {@link #file}. */
    static ClSource files(String[] names, Object... macros) {
        StringBuilder defines = new StringBuilder();
        for (int i = 0; i < macros.length; i += 2) {
            defines.append("#define ").append(macros[i]).append(' ').append(macros[i + 1]).append('\n');
        }
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(resource(name));
        }
        return new ClSource(String.join(" + ", names), text.toString(), defines.toString());
    }

    private static String resource(String name) {
        return FILES.computeIfAbsent(name, ClSource::read);
    }

    private static String read(String name) {
        try (InputStream in = ClSource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("opencl: no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What the compiler gets. */
    String whole() {
        return defines + resource("common.cl") + text;
    }
}

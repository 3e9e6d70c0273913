package org.bitgrid.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON (RFC 8259), read strictly: no comments, no trailing commas, no NaN or Infinity, no key twice, nothing after the
 * value, nesting at most {@value #MAX_DEPTH} deep. Errors name the source, line and column. Numbers are written as
 * Python's {@code repr} writes them, so that files compare equal to those of Python tools.
 */
public final class Json {
    /** Deepest nesting of arrays and objects that is read or written. */
    public static final int MAX_DEPTH = 200;
    /** Largest file that is read, in bytes. */
    public static final long MAX_FILE_BYTES = 1L << 29;

    private Json() {
    }

    /** The value that {@code text} holds. */
    public static JsonValue parse(String text) {
        return parse(text, "text");
    }

    /**
     * The value that {@code text} holds.
     *
     * @param source what errors call the text, such as a file name
     * @throws FormatException when the text is not JSON
     */
    public static JsonValue parse(String text, String source) {
        return new JsonParser(text, source).parse();
    }

    /** The value in UTF-8 bytes; malformed UTF-8 is an error. */
    public static JsonValue parse(byte[] utf8, String source) {
        return parse(decode(utf8, source), source);
    }

    /** Reads a UTF-8 file. */
    public static JsonValue read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw new FormatException("json: file is too large; got " + size + " bytes in " + file
                        + "; expected at most " + MAX_FILE_BYTES);
            }
            return parse(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw FileException.of("json", file, e);
        }
    }

    private static String decode(byte[] utf8, String source) {
        ByteBuffer bytes = ByteBuffer.wrap(utf8);
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("json: " + source + " is not UTF-8; got an invalid sequence at byte "
                    + bytes.position() + " of " + utf8.length, e);
        }
    }

    /**
     * The text of a value.
     *
     * @param value null, a String, Boolean, Number, {@link JsonValue}, a Map with String keys, an Iterable, or an array
     *     of int, long, float or double; NaN and infinities are errors
     */
    public static String format(Object value, JsonStyle style) {
        return new JsonWriter(style).write(value);
    }

    /** Writes a value as a UTF-8 file, whole or not at all. */
    public static void write(Path file, Object value, JsonStyle style) {
        AtomicFiles.write(file, format(value, style));
    }
}

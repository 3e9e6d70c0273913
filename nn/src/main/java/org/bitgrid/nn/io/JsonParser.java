package org.bitgrid.nn.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive descent over one text; depth is limited, so the call stack is too. */
final class JsonParser {
    private final String text;
    private final String source;
    private int position;
    private int line = 1;
    private int lineStart;

    JsonParser(String text, String source) {
        this.text = text;
        this.source = source;
    }

    JsonValue parse() {
        skipSpace();
        JsonValue value = value(null, null, 0);
        skipSpace();
        if (position < text.length()) {
            throw error("got " + found() + " after the value", "the end");
        }
        return value;
    }

    private JsonValue value(JsonValue parent, Object step, int depth) {
        if (depth > Json.MAX_DEPTH) {
            throw error("nesting is too deep", "at most " + Json.MAX_DEPTH + " levels");
        }
        JsonValue.Place place = new JsonValue.Place(parent, step, source, line, position - lineStart + 1);
        char c = peek();
        return switch (c) {
            case '{' -> object(place, depth);
            case '[' -> array(place, depth);
            case '"' -> new JsonValue(JsonValue.Kind.STRING, string(), place);
            case 't' -> word("true", new JsonValue(JsonValue.Kind.BOOLEAN, Boolean.TRUE, place));
            case 'f' -> word("false", new JsonValue(JsonValue.Kind.BOOLEAN, Boolean.FALSE, place));
            case 'n' -> word("null", new JsonValue(JsonValue.Kind.NULL, "null", place));
            default -> {
                if (c != '-' && !isDigit(c)) {
                    throw error("got " + found(), "a value");
                }
                yield new JsonValue(JsonValue.Kind.NUMBER, number(), place);
            }
        };
    }

    private JsonValue object(JsonValue.Place place, int depth) {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        JsonValue object = new JsonValue(JsonValue.Kind.OBJECT, fields, place);
        position++;
        skipSpace();
        if (peek() == '}') {
            position++;
            return object;
        }
        while (true) {
            if (peek() != '"') {
                throw error("got " + found(), "a key in double quotes");
            }
            int keyStart = position;
            String key = string();
            if (fields.containsKey(key)) {
                position = keyStart;
                throw error("key \"" + shorten(key) + "\" appears twice in one object", "each key once");
            }
            skipSpace();
            if (peek() != ':') {
                throw error("got " + found(), "':' after a key");
            }
            position++;
            skipSpace();
            fields.put(key, value(object, key, depth + 1));
            skipSpace();
            if (peek() == '}') {
                position++;
                return object;
            }
            if (peek() != ',') {
                throw error("got " + found(), "',' or '}'");
            }
            position++;
            skipSpace();
        }
    }

    private JsonValue array(JsonValue.Place place, int depth) {
        List<JsonValue> items = new ArrayList<>();
        JsonValue array = new JsonValue(JsonValue.Kind.ARRAY, items, place);
        position++;
        skipSpace();
        if (peek() == ']') {
            position++;
            return array;
        }
        while (true) {
            items.add(value(array, items.size(), depth + 1));
            skipSpace();
            if (peek() == ']') {
                position++;
                return array;
            }
            if (peek() != ',') {
                throw error("got " + found(), "',' or ']'");
            }
            position++;
            skipSpace();
        }
    }

    private String string() {
        position++;
        StringBuilder out = null;
        int start = position;
        while (true) {
            char c = peek();
            if (c == '"') {
                String tail = text.substring(start, position);
                position++;
                return out == null ? tail : out.append(tail).toString();
            }
            if (c < 0x20) {
                throw error("got " + found() + " inside a string", "control characters as \\u00xx");
            }
            if (c == '\\') {
                if (out == null) {
                    out = new StringBuilder();
                }
                out.append(text, start, position);
                escape(out);
                start = position;
            } else {
                position++;
            }
        }
    }

    private void escape(StringBuilder out) {
        position++;
        char c = peek();
        switch (c) {
            case '"', '\\', '/' -> out.append(c);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> {
                char unit = hexUnit();
                if (Character.isLowSurrogate(unit)) {
                    throw error("got half of a surrogate pair", "both halves");
                }
                out.append(unit);
                if (Character.isHighSurrogate(unit)) {
                    position++;
                    if (peek() != '\\' || position + 1 >= text.length() || text.charAt(position + 1) != 'u') {
                        throw error("got half of a surrogate pair", "both halves");
                    }
                    position++;
                    char low = hexUnit();
                    if (!Character.isLowSurrogate(low)) {
                        throw error("got half of a surrogate pair", "both halves");
                    }
                    out.append(low);
                }
            }
            default -> throw error("got " + found() + " after a backslash", "one of \" \\ / b f n r t u");
        }
        position++;
    }

    /** Reads the four digits after the 'u' at the position and stops at the last. */
    private char hexUnit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            position++;
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                throw error("got " + found() + " in a \\u escape", "four hexadecimal digits");
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private String number() {
        int start = position;
        if (peek() == '-') {
            position++;
        }
        if (current() == '0') {
            position++;
            if (isDigit(current())) {
                throw error("number starts with 0", "no leading zeros");
            }
        } else {
            digits();
        }
        if (current() == '.') {
            position++;
            digits();
        }
        if (current() == 'e' || current() == 'E') {
            position++;
            if (current() == '+' || current() == '-') {
                position++;
            }
            digits();
        }
        String number = text.substring(start, position);
        if (Double.isInfinite(Double.parseDouble(number))) {
            position = start;
            throw error("number is too large; got " + shorten(number), "at most 1.8e308");
        }
        return number;
    }

    private void digits() {
        if (!isDigit(peek())) {
            throw error("got " + found() + " in a number", "a digit");
        }
        while (isDigit(current())) {
            position++;
        }
    }

    private JsonValue word(String word, JsonValue value) {
        if (!text.startsWith(word, position)) {
            throw error("got " + found(), "a value");
        }
        position += word.length();
        return value;
    }

    private void skipSpace() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '\n') {
                line++;
                lineStart = position + 1;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
            position++;
        }
    }

    /** The character at the position; the end of the text is an error. */
    private char peek() {
        if (position >= text.length()) {
            throw error("got the end of the text", "more");
        }
        return text.charAt(position);
    }

    /** The character at the position, or 0 at the end. */
    private char current() {
        return position < text.length() ? text.charAt(position) : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private String found() {
        if (position >= text.length()) {
            return "the end of the text";
        }
        char c = text.charAt(position);
        return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format("character U+%04X", (int) c);
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private FormatException error(String fault, String expected) {
        return new FormatException("json: " + fault + "; at line " + line + ", column " + (position - lineStart + 1)
                + " of " + source + "; expected " + expected);
    }
}

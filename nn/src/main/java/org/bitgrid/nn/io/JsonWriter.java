package org.bitgrid.nn.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes plain objects as JSON, laid out and escaped as Python's json module does. */
final class JsonWriter {
    private final JsonStyle style;
    private final StringBuilder out = new StringBuilder();

    JsonWriter(JsonStyle style) {
        this.style = style;
    }

    String write(Object value) {
        value(value, 0);
        return out.toString();
    }

    private void value(Object value, int depth) {
        if (depth > Json.MAX_DEPTH) {
            throw new FormatException("json: nesting is too deep to write; expected at most " + Json.MAX_DEPTH
                    + " levels; does a container contain itself?");
        }
        if (value == null) {
            out.append("null");
        } else if (value instanceof String string) {
            string(string);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Map<?, ?> map) {
            object(map, depth);
        } else if (value instanceof JsonValue json) {
            json(json, depth);
        } else if (value instanceof Collection<?> items) {
            array(items, depth);
        } else if (value instanceof Iterable<?> items) {
            List<Object> list = new ArrayList<>();
            items.forEach(list::add);
            array(list, depth);
        } else if (value instanceof int[] ints) {
            array(Arrays.stream(ints).boxed().toList(), depth);
        } else if (value instanceof long[] longs) {
            array(Arrays.stream(longs).boxed().toList(), depth);
        } else if (value instanceof double[] doubles) {
            array(Arrays.stream(doubles).boxed().toList(), depth);
        } else if (value instanceof float[] floats) {
            List<Object> list = new ArrayList<>();
            for (float item : floats) {
                list.add((double) item);
            }
            array(list, depth);
        } else {
            throw new FormatException("json: cannot write an object of class " + value.getClass().getName()
                    + "; expected null, String, Boolean, Number, Map, Iterable or an array of numbers");
        }
    }

    private void json(JsonValue json, int depth) {
        switch (json.kind()) {
            case OBJECT -> object(json.fields(), depth);
            case ARRAY -> array(json.items(), depth);
            case NUMBER -> number(json.number());
            case STRING -> string(json.asString());
            case BOOLEAN -> out.append(json.asBoolean());
            case NULL -> out.append("null");
        }
    }

    private void object(Map<?, ?> map, int depth) {
        Map<String, Object> fields = style.sortKeys() ? new TreeMap<>() : new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String)) {
                throw new FormatException("json: keys must be strings; got " + key);
            }
            fields.put((String) key, value);
        });
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            separate(first, depth + 1);
            first = false;
            string(field.getKey());
            out.append(style.spaced() ? ": " : ":");
            value(field.getValue(), depth + 1);
        }
        if (!first) {
            newLine(depth);
        }
        out.append('}');
    }

    private void array(Collection<?> items, int depth) {
        out.append('[');
        boolean first = true;
        for (Object item : items) {
            separate(first, depth + 1);
            first = false;
            value(item, depth + 1);
        }
        if (!first) {
            newLine(depth);
        }
        out.append(']');
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.append(style.indent() == 0 && style.spaced() ? ", " : ",");
        }
        newLine(depth);
    }

    private void newLine(int depth) {
        if (style.indent() > 0) {
            out.append('\n').append(" ".repeat(depth * style.indent()));
        }
    }

    private void number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (!Double.isFinite(value)) {
                throw new FormatException("json: numbers must be finite; got " + value
                        + "; write null or a string instead");
            }
            out.append(number instanceof Float single ? PythonFloat.repr((float) single) : PythonFloat.repr(value));
        } else if (number instanceof Long || number instanceof Integer || number instanceof Short
                || number instanceof Byte) {
            out.append(number.longValue());
        } else {
            throw new FormatException("json: cannot write a number of class " + number.getClass().getName()
                    + "; expected Byte, Short, Integer, Long, Float or Double");
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

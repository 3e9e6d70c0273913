package org.bitgrid.nn.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value read from JSON that knows where it stood, so that a reader who finds the wrong thing can say so:
 * {@code config.json: $.defaults.strict must be a boolean; got a number at line 3, column 19}.
 */
public final class JsonValue {
    /** What kind of value it is. */
    public enum Kind {
        OBJECT("an object"), ARRAY("an array"), STRING("a string"), NUMBER("a number"), BOOLEAN("a boolean"),
        NULL("null");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** Where a value stood. The step from the parent is a key or an index. */
    record Place(JsonValue parent, Object step, String source, int line, int column) {
    }

    private final Kind kind;
    private final Object content;
    private final Place place;

    JsonValue(Kind kind, Object content, Place place) {
        this.kind = kind;
        this.content = content;
        this.place = place;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isObject() {
        return kind == Kind.OBJECT;
    }

    public boolean isArray() {
        return kind == Kind.ARRAY;
    }

    public boolean isString() {
        return kind == Kind.STRING;
    }

    public boolean isNumber() {
        return kind == Kind.NUMBER;
    }

    public boolean isBoolean() {
        return kind == Kind.BOOLEAN;
    }

    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /** The way here from the outermost value: {@code $.layers[2].name}. */
    public String path() {
        List<Object> steps = new ArrayList<>();
        for (JsonValue value = this; value.place.parent() != null; value = value.place.parent()) {
            steps.add(value.place.step());
        }
        Collections.reverse(steps);
        StringBuilder path = new StringBuilder("$");
        for (Object step : steps) {
            if (step instanceof Integer) {
                path.append('[').append(step).append(']');
            } else {
                path.append('.').append(step);
            }
        }
        return path.toString();
    }

    /** {@code line 3, column 19}. */
    public String location() {
        return "line " + place.line() + ", column " + place.column();
    }

    /** An error about this value: {@code source: path fault; at line …, column …}. */
    public FormatException error(String fault) {
        return new FormatException(place.source() + ": " + path() + " " + fault + "; at " + location());
    }

    /** The fields of an object in the order of the text; not modifiable. */
    public Map<String, JsonValue> fields() {
        return Collections.unmodifiableMap(fieldMap());
    }

    /** The keys of an object in the order of the text. */
    public List<String> keys() {
        return List.copyOf(fieldMap().keySet());
    }

    /** The field of an object; a missing one is an error. */
    public JsonValue get(String key) {
        JsonValue value = fieldMap().get(key);
        if (value == null) {
            throw error("has no field \"" + key + "\"; got " + keys());
        }
        return value;
    }

    /** The field of an object, if there is one. */
    public Optional<JsonValue> find(String key) {
        return Optional.ofNullable(fieldMap().get(key));
    }

    public boolean has(String key) {
        return fieldMap().containsKey(key);
    }

    /** The items of an array; not modifiable. */
    public List<JsonValue> items() {
        return Collections.unmodifiableList(itemList());
    }

    /** The item of an array; an index outside is an error. */
    public JsonValue get(int index) {
        List<JsonValue> items = itemList();
        if (index < 0 || index >= items.size()) {
            throw error("has " + items.size() + " items; got index " + index);
        }
        return items.get(index);
    }

    /** Number of fields or items. */
    public int size() {
        return kind == Kind.OBJECT ? fieldMap().size() : itemList().size();
    }

    public String asString() {
        check(Kind.STRING);
        return (String) content;
    }

    public boolean asBoolean() {
        check(Kind.BOOLEAN);
        return (Boolean) content;
    }

    public double asDouble() {
        check(Kind.NUMBER);
        return Double.parseDouble((String) content);
    }

    /** Whether it is a number written without fraction and exponent. */
    public boolean isInteger() {
        if (kind != Kind.NUMBER) {
            return false;
        }
        String number = (String) content;
        return number.indexOf('.') < 0 && number.indexOf('e') < 0 && number.indexOf('E') < 0;
    }

    /** A whole number that fits 64 bits; anything else is an error. */
    public long asLong() {
        check(Kind.NUMBER);
        try {
            return Long.parseLong((String) content);
        } catch (NumberFormatException e) {
            throw error("must be a whole number of at most 64 bits; got " + shortNumber());
        }
    }

    /** A whole number that fits 32 bits; anything else is an error. */
    public int asInt() {
        long value = asLong();
        if (value != (int) value) {
            throw error("must be a whole number of at most 32 bits; got " + shortNumber());
        }
        return (int) value;
    }

    /** The numbers of an array. */
    public double[] asDoubles() {
        return itemList().stream().mapToDouble(JsonValue::asDouble).toArray();
    }

    /** The whole numbers of an array. */
    public int[] asInts() {
        return itemList().stream().mapToInt(JsonValue::asInt).toArray();
    }

    /** The strings of an array. */
    public List<String> asStrings() {
        return itemList().stream().map(JsonValue::asString).toList();
    }

    /**
     * Plain objects: Map, List, String, Boolean, null, Long for whole numbers that fit and Double for other numbers.
     */
    public Object toJava() {
        return switch (kind) {
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                fieldMap().forEach((key, value) -> map.put(key, value.toJava()));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                itemList().forEach(value -> list.add(value.toJava()));
                yield list;
            }
            case NUMBER -> number();
            case NULL -> null;
            default -> content;
        };
    }

    Number number() {
        if (isInteger()) {
            try {
                return Long.valueOf((String) content);
            } catch (NumberFormatException e) {
                return asDouble();
            }
        }
        return asDouble();
    }

    private String shortNumber() {
        String number = (String) content;
        return number.length() <= 60 ? number : number.substring(0, 57) + "...";
    }

    private void check(Kind expected) {
        if (kind != expected) {
            throw error("must be " + expected + "; got " + kind);
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, JsonValue> fieldMap() {
        check(Kind.OBJECT);
        return (Map<String, JsonValue>) content;
    }

    @SuppressWarnings("unchecked")
    private List<JsonValue> itemList() {
        check(Kind.ARRAY);
        return (List<JsonValue>) content;
    }

    /** The value as JSON on one line. */
    @Override
    public String toString() {
        return Json.format(this, JsonStyle.LINE);
    }
}

package org.bitgrid.nn.io;

/**
 * How JSON is laid out.
 *
 * @param indent spaces for each level, or 0 to write all on one line
 * @param sortKeys whether the keys of objects are written in code point order instead of the map's
 * @param spaced whether separators are followed by a space when all is on one line
 */
public record JsonStyle(int indent, boolean sortKeys, boolean spaced) {
    /** One line, {@code {"a": 1, "b": 2}}, as Python's json.dumps writes it. */
    public static final JsonStyle LINE = new JsonStyle(0, false, true);
    /** One line without spaces. */
    public static final JsonStyle COMPACT = new JsonStyle(0, false, false);
    /** Four spaces for each level and sorted keys, as encodings files are. */
    public static final JsonStyle INDENTED_SORTED = new JsonStyle(4, true, true);
    /** Four spaces for each level, keys in the order of the map. */
    public static final JsonStyle INDENTED = new JsonStyle(4, false, true);

    public JsonStyle {
        if (indent < 0 || indent > 16) {
            throw new FormatException("JsonStyle: indent is out of range; got " + indent + "; expected 0 to 16");
        }
    }
}

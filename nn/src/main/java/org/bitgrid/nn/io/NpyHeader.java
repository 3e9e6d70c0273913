package org.bitgrid.nn.io;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bitgrid.tensor.Shape;

/**
 * The head of a {@code .npy} file: magic bytes, version, and a Python dictionary of type, order and shape.
 *
 * @param type         element type
 * @param byteOrder    order of the bytes of an element
 * @param fortranOrder whether the first index runs fastest
 * @param shape        sizes
 * @param dataStart    first byte of the elements
 */
record NpyHeader(ElementType type, ByteOrder byteOrder, boolean fortranOrder, Shape shape, int dataStart) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int MAX_RANK = 64;
    private static final Pattern FIELD = Pattern.compile(
            "\\s*(['\"])(\\w+)\\1\\s*:\\s*((['\"])[^'\"]*\\4|True|False|\\([0-9L,\\s]*\\)|\\[.*\\])\\s*(,|$)");
    private static final Map<String, ElementType> TYPES = Map.ofEntries(Map.entry("b1", ElementType.BOOL),
            Map.entry("i1", ElementType.I8), Map.entry("u1", ElementType.U8), Map.entry("i2", ElementType.I16),
            Map.entry("u2", ElementType.U16), Map.entry("i4", ElementType.I32), Map.entry("u4", ElementType.U32),
            Map.entry("i8", ElementType.I64), Map.entry("u8", ElementType.U64), Map.entry("f2", ElementType.F16),
            Map.entry("f4", ElementType.F32), Map.entry("f8", ElementType.F64));

    /** Reads the head of a file and checks that just the elements follow it. */
    static NpyHeader parse(byte[] bytes, String source) {
        if (bytes.length < 10 || !startsWith(bytes)) {
            throw fault(source, "is no npy file; got " + bytes.length + " bytes without the magic \\x93NUMPY at byte 0");
        }
        int version = bytes[6];
        if (version < 1 || version > 3 || bytes[7] != 0) {
            throw fault(source, "has an unknown version at byte 6; got " + (version & 0xff) + "." + (bytes[7] & 0xff)
                    + "; expected 1.0, 2.0 or 3.0");
        }
        int start = version == 1 ? 10 : 12;
        long length = bytes.length < start ? Long.MAX_VALUE : version == 1 ? (bytes[8] & 0xff) | (bytes[9] & 0xff) << 8
                : (bytes[8] & 0xffL) | (bytes[9] & 0xffL) << 8 | (bytes[10] & 0xffL) << 16 | (bytes[11] & 0xffL) << 24;
        if (length > bytes.length - start) {
            throw fault(source, "is truncated in its header; got " + bytes.length + " bytes; expected "
                    + (length == Long.MAX_VALUE ? "at least 12" : length + start));
        }
        String text = new String(bytes, start, (int) length,
                version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        NpyHeader header = of(fields(text, source), source, start + (int) length);
        long expected = Math.multiplyExact(header.shape.numel(), (long) header.type.byteSize());
        if (bytes.length - header.dataStart != expected) {
            throw fault(source, "has a wrong number of bytes of elements; got " + (bytes.length - header.dataStart)
                    + "; expected " + expected + " for " + header.type + " " + header.shape);
        }
        return header;
    }

    private static boolean startsWith(byte[] bytes) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static FormatException fault(String source, String fault) {
        return new FormatException("npy: " + source + " " + fault);
    }

    private static Map<String, String> fields(String text, String source) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
            throw fault(source, "has a header that is no dictionary; got " + shorten(trimmed));
        }
        String inside = trimmed.substring(1, trimmed.length() - 1).strip();
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = FIELD.matcher(inside);
        int at = 0;
        while (at < inside.length()) {
            if (!matcher.find() || matcher.start() != at) {
                throw fault(source, "has a header that cannot be read; got " + shorten(inside.substring(at))
                        + "; expected 'descr', 'fortran_order' and 'shape'");
            }
            if (fields.put(matcher.group(2), matcher.group(3)) != null) {
                throw fault(source, "has a header with a field twice; got " + matcher.group(2));
            }
            at = matcher.end();
        }
        if (fields.size() != 3 || !fields.containsKey("descr") || !fields.containsKey("fortran_order")
                || !fields.containsKey("shape")) {
            throw fault(source, "has a header with wrong fields; got " + fields.keySet()
                    + "; expected descr, fortran_order and shape");
        }
        return fields;
    }

    private static String shorten(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }

    private static NpyHeader of(Map<String, String> fields, String source, int dataStart) {
        String descriptor = fields.get("descr");
        String code = descriptor.length() > 3 ? descriptor.substring(1, descriptor.length() - 1) : "";
        if (code.contains("O")) {
            throw fault(source, "holds Python objects, which would run code when read; got type " + descriptor
                    + "; expected numbers; save it with allow_pickle=False");
        }
        ElementType type = code.isEmpty() ? null : TYPES.get(code.substring(1));
        char order = code.isEmpty() ? '?' : code.charAt(0);
        if (type == null || "<>|=".indexOf(order) < 0 || order == '|' && type.byteSize() > 1) {
            throw fault(source, "has elements of a type that is not read; got " + shorten(descriptor)
                    + "; expected <, > or | and one of " + TYPES.keySet().stream().sorted().toList());
        }
        String fortran = fields.get("fortran_order");
        if (!fortran.equals("True") && !fortran.equals("False")) {
            throw fault(source, "has a wrong fortran_order; got " + shorten(fortran) + "; expected True or False");
        }
        return new NpyHeader(type, order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                fortran.equals("True"), shape(fields.get("shape"), source), dataStart);
    }

    private static Shape shape(String text, String source) {
        if (!text.startsWith("(")) {
            throw fault(source, "has a wrong shape; got " + shorten(text) + "; expected a tuple");
        }
        String inside = text.substring(1, text.length() - 1).replace("L", "").strip();
        String[] parts = inside.isEmpty() ? new String[0] : inside.split("\\s*,\\s*");
        if (parts.length > MAX_RANK) {
            throw fault(source, "has too many dimensions; got " + parts.length + "; expected at most " + MAX_RANK);
        }
        int[] dims = new int[parts.length];
        long elements = 1;
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("[0-9]{1,10}") || Long.parseLong(parts[i]) > Integer.MAX_VALUE) {
                throw fault(source, "has a wrong shape; got " + shorten(text) + "; expected sizes from 0 to "
                        + Integer.MAX_VALUE);
            }
            dims[i] = Integer.parseInt(parts[i]);
            elements *= Math.max(1, dims[i]);
            if (elements > Integer.MAX_VALUE) {
                throw fault(source, "has too many elements; got shape " + shorten(text));
            }
        }
        return Shape.of(dims);
    }

    /** The head of a file of version 1, padded so that the elements start at a multiple of 64 bytes, as NumPy does. */
    static byte[] format(ElementType type, Shape shape) {
        String code = TYPES.entrySet().stream().filter(entry -> entry.getValue() == type).findFirst().orElseThrow()
                .getKey();
        StringBuilder dims = new StringBuilder();
        for (int i = 0; i < shape.rank(); i++) {
            dims.append(i == 0 ? "" : " ").append(shape.dim(i)).append(i < shape.rank() - 1 || shape.rank() == 1 ? "," : "");
        }
        String text = "{'descr': '" + (type.byteSize() == 1 ? "|" : "<") + code + "', 'fortran_order': False, 'shape': ("
                + dims + "), }";
        int padding = ALIGNMENT - (MAGIC.length + 4 + text.length() + 1) % ALIGNMENT;
        byte[] dictionary = (text + " ".repeat(padding % ALIGNMENT) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] head = new byte[MAGIC.length + 4 + dictionary.length];
        System.arraycopy(MAGIC, 0, head, 0, MAGIC.length);
        head[6] = 1;
        head[8] = (byte) dictionary.length;
        head[9] = (byte) (dictionary.length >>> 8);
        System.arraycopy(dictionary, 0, head, 10, dictionary.length);
        return head;
    }
}

package org.bitgrid.nn.io;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Python's pickle format, protocols 0 to 5, as far as plain data go: None, booleans, numbers, texts, lists,
 * tuples, dictionaries. A pickle is a program that may call anything; this one calls nothing but the functions that its
 * {@link Builder} knows by name, and refuses every other name.
 *
 * <p>Integers become Long (or BigInteger), floats Double, texts String, lists and tuples List, dictionaries
 * LinkedHashMap, None null.
 */
final class Unpickler {
    private static final Object MARK = new Object();
    private static final int LONGEST_INTEGER_BYTES = 64;

    /** Makes what plain data cannot hold. */
    interface Builder {
        /** The object behind a global name, or null when it is refused. */
        Object global(String module, String name);

        /** The result of a call of a global; {@code fault} makes errors. */
        Object call(Object function, List<Object> arguments);

        /** The object behind a persistent identifier. */
        Object persistent(Object identifier);
    }

    /** A tuple: unlike a list it never changes, and may be a key. */
    record Tuple(List<Object> items) {
    }

    private final ByteBuffer in;
    private final String source;
    private final Builder builder;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    /**
     * @param in     starts at a pickle; afterwards stands behind it
     * @param source begins error messages
     */
    Unpickler(ByteBuffer in, String source, Builder builder) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.source = source;
        this.builder = builder;
    }

    FormatException fault(String fault) {
        return new FormatException(source + " " + fault);
    }

    /** Reads one pickle. */
    Object load() {
        while (true) {
            int at = in.position();
            int code = octet();
            if (code == '.') {
                Object result = pop();
                if (!stack.isEmpty()) {
                    throw fault("has a pickle that leaves objects over at byte " + at);
                }
                return result;
            }
            step(code, at);
        }
    }

    private void step(int code, int at) {
        switch (code) {
            case 0x80 -> protocol(at);
            case 0x95 -> in.position(in.position() + bounded(in.getLong(need(8))));
            case '(' -> stack.add(MARK);
            case '0' -> pop();
            case '1' -> toMark();
            case '2' -> stack.add(top());
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'I' -> stack.add(integerLine());
            case 'L' -> stack.add(plain(bigInteger(line().replaceAll("L$", ""))));
            case 'J' -> stack.add((long) in.getInt(need(4)));
            case 'K' -> stack.add((long) octet());
            case 'M' -> stack.add((long) (in.getShort(need(2)) & 0xffff));
            case 0x8a -> stack.add(littleEndianInteger(octet()));
            case 0x8b -> stack.add(littleEndianInteger(in.getInt(need(4))));
            case 'F' -> stack.add(floatLine());
            case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(in.getLong(need(8)))));
            case 'V' -> stack.add(line());
            case 'X' -> stack.add(text(in.getInt(need(4)) & 0xffffffffL));
            case 0x8c -> stack.add(text(octet()));
            case 0x8d -> stack.add(text(in.getLong(need(8))));
            case ')' -> stack.add(new Tuple(List.of()));
            case 't' -> stack.add(tuple(toMark()));
            case 0x85 -> stack.add(tuple(take(1)));
            case 0x86 -> stack.add(tuple(take(2)));
            case 0x87 -> stack.add(tuple(take(3)));
            case ']' -> stack.add(new ArrayList<>());
            case 'l' -> stack.add(new ArrayList<>(toMark()));
            case 'a' -> append(take(1));
            case 'e' -> append(toMark());
            case '}' -> stack.add(new LinkedHashMap<>());
            case 'd' -> {
                List<Object> items = toMark();
                stack.add(new LinkedHashMap<>());
                setItems(items);
            }
            case 's' -> setItems(take(2));
            case 'u' -> setItems(toMark());
            case 'p' -> memo.put(number(line()), top());
            case 'q' -> memo.put((long) octet(), top());
            case 'r' -> memo.put(in.getInt(need(4)) & 0xffffffffL, top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'g' -> stack.add(recall(number(line())));
            case 'h' -> stack.add(recall((long) octet()));
            case 'j' -> stack.add(recall(in.getInt(need(4)) & 0xffffffffL));
            case 'c' -> stack.add(global(line(), line()));
            case 0x93 -> {
                List<Object> names = take(2);
                stack.add(global(string(names.get(0)), string(names.get(1))));
            }
            case 'R' -> {
                List<Object> call = take(2);
                stack.add(call(call.get(0), call.get(1)));
            }
            case 'Q' -> stack.add(builder.persistent(pop()));
            case 'b' -> build();
            default -> throw fault("has a pickle instruction that is refused; got " + instruction(code) + " at byte " + at
                    + "; expected plain data and tensors");
        }
    }

    private static String instruction(int code) {
        return switch (code) {
            case 0x81, 0x92 -> "the making of an object (0x" + Integer.toHexString(code) + ")";
            case 'i', 'o' -> "the making of an object (" + (char) code + ")";
            case 0x82, 0x83, 0x84 -> "an extension (0x" + Integer.toHexString(code) + ")";
            default -> "0x" + Integer.toHexString(code);
        };
    }

    private void protocol(int at) {
        int protocol = octet();
        if (protocol > 5) {
            throw fault("has an unknown pickle protocol at byte " + at + "; got " + protocol + "; expected 0 to 5");
        }
    }

    // ------------------------------------------------------------------ bytes

    private int octet() {
        need(1);
        return in.get() & 0xff;
    }

    /** Moves on by so many bytes and returns where they start. */
    private int need(int bytes) {
        int start = in.position();
        if (bytes > in.remaining()) {
            throw fault("ends in the middle of a pickle; got " + in.remaining() + " more bytes at byte " + start
                    + "; expected " + bytes);
        }
        if (bytes > 1) {
            in.position(start + bytes);
        }
        return start;
    }

    private int bounded(long length) {
        if (length < 0 || length > in.remaining()) {
            throw fault("has a length in a pickle that goes beyond its end; got " + length + " at byte " + in.position()
                    + "; expected at most " + in.remaining());
        }
        return 0;
    }

    private String text(long length) {
        bounded(length);
        ByteBuffer part = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(part).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(source + " has a text in a pickle that is no UTF-8", e);
        }
    }

    private String line() {
        int start = in.position();
        while (octet() != '\n') {
            // the line feed ends it
        }
        return text(start, in.position() - 1);
    }

    private String text(int start, int end) {
        byte[] bytes = new byte[end - start];
        in.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8).replace("\r", "");
    }

    // ------------------------------------------------------------------ numbers

    private Object integerLine() {
        String text = line();
        return switch (text) {
            case "01" -> (Object) true;
            case "00" -> (Object) false;
            default -> plain(bigInteger(text));
        };
    }

    private BigInteger bigInteger(String text) {
        if (text.length() <= LONGEST_INTEGER_BYTES && text.matches("[-+]?[0-9]+")) {
            return new BigInteger(text.startsWith("+") ? text.substring(1) : text);
        }
        throw fault("has a wrong integer in a pickle; got " + shorten(text));
    }

    private Object littleEndianInteger(int length) {
        if (length < 0 || length > LONGEST_INTEGER_BYTES) {
            throw fault("has an integer that is too long; got " + length + " bytes; expected at most "
                    + LONGEST_INTEGER_BYTES);
        }
        byte[] bytes = new byte[length + 1];
        for (int i = 0; i < length; i++) {
            bytes[length - i] = (byte) octet();
        }
        bytes[0] = (byte) (length > 0 && bytes[1] < 0 ? -1 : 0);
        return plain(new BigInteger(bytes));
    }

    private static Object plain(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
    }

    private long number(String text) {
        return bigInteger(text).longValue();
    }

    private Double floatLine() {
        String text = line();
        try {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.valueOf(text);
            };
        } catch (NumberFormatException e) {
            throw new FormatException(source + " has a wrong number in a pickle; got " + shorten(text), e);
        }
    }

    /** A value in an error message; containers, which may be endless, by their kind only. */
    static String describe(Object value) {
        boolean scalar = value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
        return scalar ? shorten(String.valueOf(value)) : value.getClass().getSimpleName();
    }

    static String shorten(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }

    // ------------------------------------------------------------------ stack

    private Object top() {
        if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
            throw fault("has a pickle that uses an object that is not there, before byte " + in.position());
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        Object value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    private List<Object> take(int count) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(pop());
        }
        Collections.reverse(items);
        return items;
    }

    private List<Object> toMark() {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw fault("has a pickle that ends a group that was not begun, before byte " + in.position());
        }
        List<Object> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private Object recall(long key) {
        if (!memo.containsKey(key)) {
            throw fault("has a pickle that recalls what it did not remember; got " + key + " before byte "
                    + in.position());
        }
        return memo.get(key);
    }

    private static Tuple tuple(List<Object> items) {
        return new Tuple(items);
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> items) {
        if (!(top() instanceof ArrayList<?> list)) {
            throw fault("has a pickle that appends to what is no list, before byte " + in.position());
        }
        ((List<Object>) list).addAll(items);
    }

    @SuppressWarnings("unchecked")
    private void setItems(List<Object> items) {
        if (!(top() instanceof LinkedHashMap<?, ?> map) || items.size() % 2 != 0) {
            throw fault("has a pickle that sets entries of what is no dictionary, before byte " + in.position());
        }
        for (int i = 0; i < items.size(); i += 2) {
            Object key = items.get(i);
            if (!(key instanceof String || key instanceof Long || key instanceof Boolean || key instanceof Double)) {
                throw fault("has a dictionary key that is no text or number, before byte " + in.position());
            }
            ((Map<Object, Object>) map).put(key, items.get(i + 1));
        }
    }

    private String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw fault("has a name in a pickle that is no text, before byte " + in.position());
    }

    private Object global(String module, String name) {
        Object found = builder.global(module, name);
        if (found == null) {
            throw fault("refers to " + shorten(module + "." + name) + ", which is refused; expected tensors and plain "
                    + "data only; save a state_dict, not a whole model");
        }
        return found;
    }

    private Object call(Object function, Object arguments) {
        if (!(arguments instanceof Tuple tuple)) {
            throw fault("has a pickle that calls something without a tuple of arguments, before byte " + in.position());
        }
        return builder.call(function, tuple.items());
    }

    /** Attributes of an ordered dictionary, such as {@code _metadata} of a state dict, are dropped. */
    private void build() {
        pop();
        if (!(top() instanceof LinkedHashMap<?, ?>)) {
            throw fault("has a pickle that sets the attributes of an object, which is refused, before byte "
                    + in.position());
        }
    }
}

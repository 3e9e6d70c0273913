package org.bitgrid.quant.export.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bitgrid.nn.io.FormatException;

/**
 * Reads the fields of one message in protobuf's wire format, in the order of the bytes. Every length is checked against
 * the bytes that are left before anything is made of it.
 */
final class ProtobufReader {
    private static final int MOST_VARINT_BITS = 64;

    private final byte[] bytes;
    private final String source;
    private final int end;
    private int position;
    private int wireType;

    ProtobufReader(byte[] bytes, String source) {
        this(bytes, source, 0, bytes.length);
    }

    private ProtobufReader(byte[] bytes, String source, int position, int end) {
        this.bytes = bytes;
        this.source = source;
        this.position = position;
        this.end = end;
    }

    /** Goes on to the next field and returns its number, or 0 at the end of the message. */
    int next() {
        if (position == end) {
            return 0;
        }
        long key = varint();
        wireType = (int) (key & 7);
        long field = key >>> 3;
        if (field < 1 || field > (1 << 29) - 1) {
            throw error("field number is out of range; got " + field);
        }
        return (int) field;
    }

    long integer() {
        expect(ProtobufWriter.VARINT, "an integer");
        return varint();
    }

    float number() {
        expect(ProtobufWriter.FIXED32, "a float");
        return Float.intBitsToFloat((int) fixed(Integer.BYTES));
    }

    String text() {
        int start = open("text");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, position - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(source + ": text at byte " + start + " is not UTF-8", e);
        }
    }

    byte[] bytes() {
        int start = open("bytes");
        return Arrays.copyOfRange(bytes, start, position);
    }

    /** A nested message. */
    ProtobufReader message() {
        int start = open("a message");
        return new ProtobufReader(bytes, source, start, position);
    }

    /** Whether the field holds several numbers packed into one run of bytes. */
    boolean isPacked() {
        return wireType == ProtobufWriter.LENGTH_DELIMITED;
    }

    /** Whether a message that is a run of packed numbers has more of them. */
    boolean hasMore() {
        return position < end;
    }

    /** The next of packed integers. */
    long packedInteger() {
        return varint();
    }

    /** The next of packed floats. */
    float packedNumber() {
        return Float.intBitsToFloat((int) fixed(Integer.BYTES));
    }

    /** The next of packed doubles. */
    double packedDouble() {
        return Double.longBitsToDouble(fixed(Long.BYTES));
    }

    void skip() {
        switch (wireType) {
            case ProtobufWriter.VARINT -> varint();
            case ProtobufWriter.FIXED64 -> fixed(Long.BYTES);
            case ProtobufWriter.FIXED32 -> fixed(Integer.BYTES);
            case ProtobufWriter.LENGTH_DELIMITED -> open("a field");
            default -> throw error("wire type is not one of 0, 1, 2, 5; got " + wireType);
        }
    }

    FormatException error(String fault) {
        return new FormatException(source + ": " + fault + "; at byte " + position);
    }

    /** Steps over a run of bytes and returns where it starts. */
    private int open(String what) {
        expect(ProtobufWriter.LENGTH_DELIMITED, what);
        long size = varint();
        if (size < 0 || size > end - position) {
            throw error(what + " of " + size + " bytes is longer than the " + (end - position) + " that are left");
        }
        int start = position;
        position += (int) size;
        return start;
    }

    private void expect(int expected, String what) {
        if (wireType != expected) {
            throw error("expected " + what + " (wire type " + expected + "); got wire type " + wireType);
        }
    }

    private long fixed(int size) {
        if (size > end - position) {
            throw error("number of " + size + " bytes is cut off");
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes[position++] & 0xFFL) << Byte.SIZE * i;
        }
        return value;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < MOST_VARINT_BITS; shift += 7) {
            if (position == end) {
                throw error("integer is cut off");
            }
            byte next = bytes[position++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw error("integer is longer than 10 bytes");
    }
}

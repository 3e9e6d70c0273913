package org.bitgrid.quant.export.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A message in protobuf's wire format. Nested messages and large byte fields are kept by reference, so that a model's
 * weights are not copied once for each level of nesting.
 */
final class ProtobufWriter {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private static final int COPIED_AT_MOST = 64;

    private final List<byte[]> finished = new ArrayList<>();
    private byte[] open = new byte[64];
    private int openLength;
    private long length;

    /** Number of bytes so far. */
    long length() {
        return length;
    }

    void integer(int field, long value) {
        key(field, VARINT);
        varint(value);
    }

    void number(int field, float value) {
        key(field, FIXED32);
        int bits = Float.floatToRawIntBits(value);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            put(bits >>> shift);
        }
    }

    void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The array must not change until the message is written. */
    void bytes(int field, byte[] value) {
        key(field, LENGTH_DELIMITED);
        varint(value.length);
        append(value);
    }

    void message(int field, ProtobufWriter message) {
        key(field, LENGTH_DELIMITED);
        varint(message.length);
        message.finished.forEach(this::append);
        append(Arrays.copyOf(message.open, message.openLength));
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] segment : finished) {
            out.write(segment);
        }
        out.write(open, 0, openLength);
    }

    private void append(byte[] value) {
        if (value.length <= COPIED_AT_MOST) {
            for (byte b : value) {
                put(b);
            }
            return;
        }
        finished.add(Arrays.copyOf(open, openLength));
        openLength = 0;
        finished.add(value);
        length += value.length;
    }

    private void key(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            put((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        put((int) rest);
    }

    private void put(int value) {
        if (openLength == open.length) {
            open = Arrays.copyOf(open, 2 * openLength);
        }
        open[openLength++] = (byte) value;
        length++;
    }
}

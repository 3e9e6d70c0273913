package org.bitgrid.tensor.cpu;

import java.util.Arrays;

/** An operand of an elementwise float kernel: a tensor seen through a {@link StridedReader}, or one number. */
final class FloatOperand {
    private final StridedReader reader;
    private final float number;

    private FloatOperand(StridedReader reader, float number) {
        this.reader = reader;
        this.number = number;
    }

    static FloatOperand of(StridedReader reader) {
        return new FloatOperand(reader, 0);
    }

    static FloatOperand constant(float number) {
        return new FloatOperand(null, number);
    }

    /** Whether runs are limited to {@link Blocks#BLOCK} elements, as they have to be copied. */
    boolean isStaged() {
        return reader == null || !reader.isDirect();
    }

    /** A place to read from, for one thread. */
    Cursor cursor() {
        return new Cursor(this);
    }

    /** Where the elements asked for last lie. */
    static final class Cursor {
        float[] array;
        int at;
        private final FloatOperand operand;

        private Cursor(FloatOperand operand) {
            this.operand = operand;
            if (operand.isStaged()) {
                array = new float[Blocks.BLOCK];
                if (operand.reader == null) {
                    Arrays.fill(array, operand.number);
                } else if (operand.reader.isConstant()) {
                    operand.reader.read(0, 1, array, 0);
                    Arrays.fill(array, array[0]);
                }
            } else {
                array = operand.reader.array();
            }
        }

        /** Puts elements start to start + count at {@link #array}[{@link #at}] and following. */
        void seek(int start, int count) {
            if (!operand.isStaged()) {
                at = operand.reader.offset() + start;
            } else if (operand.reader != null && !operand.reader.isConstant()) {
                operand.reader.read(start, count, array, 0);
            }
        }
    }
}

package org.bitgrid.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Option values that are whole numbers of a certain range. */
public final class WholeNumbers {
    private WholeNumbers() {
    }

    /** 0, 1, 2, … */
    public static final class FromZero implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 0);
        }
    }

    /** 1, 2, 3, … */
    public static final class FromOne implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1);
        }
    }

    /** 2, 3, 4, … */
    public static final class FromTwo implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 2);
        }
    }

    /** Any 64-bit number. */
    public static final class Any implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return Long.valueOf(text.trim());
            } catch (NumberFormatException notANumber) {
                throw new TypeConversionException(
                        "expected a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE);
            }
        }
    }

    private static int parse(String text, int smallest) {
        try {
            int number = Integer.parseInt(text.trim());
            if (number >= smallest) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the one message that covers both faults.
        }
        throw new TypeConversionException("expected a whole number from " + smallest + " to " + Integer.MAX_VALUE);
    }
}

package org.bitgrid.testing;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bitgrid.tensor.Shape;

/** Writes operators, shapes and numbers as Java expressions, for tests that are made of what a fuzzer found. */
final class OpText {
    private OpText() {
    }

    /** An expression that makes this value: a record, an enum constant, a list, a shape or a number. */
    static String of(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Enum<?> constant) {
            return name(constant.getDeclaringClass()) + "." + constant.name();
        }
        if (value instanceof Shape shape) {
            return "Shape.of(" + Arrays.stream(shape.toArray()).mapToObj(String::valueOf)
                    .collect(Collectors.joining(", ")) + ")";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(OpText::of).collect(Collectors.joining(", ", "List.of(", ")"));
        }
        if (value instanceof Record record) {
            return record(record);
        }
        return number(value);
    }

    private static String record(Record record) {
        StringBuilder text = new StringBuilder("new ").append(name(record.getClass())).append('(');
        String separator = "";
        try {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                text.append(separator).append(of(component.getAccessor().invoke(record)));
                separator = ", ";
            }
        } catch (ReflectiveOperationException failed) {
            throw new AssertionError("attributes of " + record + " cannot be read", failed);
        }
        return text.append(')').toString();
    }

    private static String name(Class<?> type) {
        return type.isMemberClass() ? name(type.getDeclaringClass()) + "." + type.getSimpleName() : type.getSimpleName();
    }

    private static String number(Object value) {
        if (value instanceof Long number) {
            return number == Long.MAX_VALUE ? "Long.MAX_VALUE" : number + "L";
        }
        if (value instanceof Double number) {
            return number.isNaN() ? "Double.NaN" : !number.isInfinite() ? number.toString()
                    : number > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
        }
        if (value instanceof Float number) {
            return number.isNaN() ? "Float.NaN" : !number.isInfinite() ? number + "f"
                    : number > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        }
        return value.toString();
    }
}

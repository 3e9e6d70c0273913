package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How torch.fx writes a call of an operator, so that traced graphs print as Python readers know them.
 *
 * @param target    what is called when the call is a function, such as {@code torch.flatten}
 * @param infix     the operator sign when the function is written between its operands, such as {@code +}, else empty
 * @param arguments {@link Input} for a tensor, {@link IntegerAttribute} for an integer of {@link Rebindable}, else a literal
 *                  (number, boolean, string, list, null for None)
 * @param keywords  keyword arguments in order, of the same kinds
 */
public record Signature(String target, String infix, List<Object> arguments, Map<String, Object> keywords) {
    /** The input tensor with this index; -1 stands for all inputs, one after the other. */
    public record Input(int index) {
    }

    /** All inputs as one list, as {@code torch.cat} takes them. */
    public record InputList() {
    }

    /** The integer attribute with this index among {@link Rebindable#integers()}. */
    public record IntegerAttribute(int index) {
    }

    private static final Input ALL_INPUTS = new Input(-1);

    /** A call with all inputs in order and nothing else. */
    public static Signature function(String target) {
        return new Signature(target, "", List.of(ALL_INPUTS), Map.of());
    }

    /** An operator sign between two operands. */
    public static Signature infix(String target, String sign) {
        return new Signature(target, sign, List.of(ALL_INPUTS), Map.of());
    }

    /** The same call with literals after the tensors. */
    public Signature with(Object... literals) {
        List<Object> all = new ArrayList<>(arguments);
        all.addAll(List.of(literals));
        return new Signature(target, infix, List.copyOf(all), keywords);
    }

    /** The same call with the tensors passed as one list. */
    public Signature withInputList() {
        return new Signature(target, infix, List.of(new InputList()), keywords);
    }

    /** The same call with the integers {@code first} (inclusive) to {@code end} (exclusive) of {@link Rebindable}. */
    public Signature withIntegers(int first, int end) {
        List<Object> all = new ArrayList<>(arguments);
        for (int i = first; i < end; i++) {
            all.add(new IntegerAttribute(i));
        }
        return new Signature(target, infix, List.copyOf(all), keywords);
    }

    /** The same call with one more keyword argument. */
    public Signature keyword(String name, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(keywords);
        all.put(name, value);
        return new Signature(target, infix, arguments, Collections.unmodifiableMap(all));
    }
}

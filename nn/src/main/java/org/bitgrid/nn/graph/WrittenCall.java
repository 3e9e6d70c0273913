package org.bitgrid.nn.graph;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Dispatch;

/**
 * How the source of a network wrote a call. Graphs print operators in a canonical form; code that runs a network read
 * from elsewhere says by this how it was written there.
 *
 * @param arguments {@link org.bitgrid.tensor.op.Signature.Input} for a tensor, else a literal
 * @param keywords  literals by name, in order
 */
public record WrittenCall(List<Object> arguments, Map<String, Object> keywords) {
    private static final ThreadLocal<WrittenCall> CURRENT = new ThreadLocal<>();

    /** Has the operators of this thread be recorded as written so until the scope is closed. */
    public static Dispatch.Scope as(List<Object> arguments, Map<String, Object> keywords) {
        WrittenCall before = CURRENT.get();
        CURRENT.set(new WrittenCall(arguments, keywords));
        return () -> CURRENT.set(before);
    }

    /** What is in force on this thread, or null. */
    static WrittenCall current() {
        return CURRENT.get();
    }
}

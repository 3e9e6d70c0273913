package org.bitgrid.tensor.op;

import java.util.List;

/**
 * An operator whose integer attributes may come from sizes of other tensors, as in {@code x.view(x.size(0), -1)}. A
 * tracer finds those that do, and a traced graph sets them anew on each run.
 */
public interface Rebindable extends Op {
    /** The integer attributes, in the order in which {@link #signature} shows them. */
    List<Long> integers();

    /** The same operator with other integer attributes. */
    Op withIntegers(List<Long> values);
}

package org.bitgrid.nn.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keyword arguments of a module call, last among its arguments, as in {@code self.module_mean(x, 1, keepdim = True)}.
 *
 * @param values values by name; null stands for Python's None
 */
public record Keywords(Map<String, Object> values) {
    public Keywords {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}

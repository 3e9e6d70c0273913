package org.bitgrid.autograd;

import java.util.List;
import org.bitgrid.tensor.Tensor;

/**
 * How to walk a graph backwards. Start from {@link #DEFAULT} and change what differs.
 *
 * @param gradOutputs gradients of the outputs, one for each; empty when every output is a scalar that starts with 1
 * @param createGraph whether the gradients can be differentiated again; keeps the graph, too
 * @param retainGraph whether the graph can be walked once more
 * @param allowUnused whether an input that no output depends on gets null instead of an error
 */
public record GradOptions(List<Tensor> gradOutputs, boolean createGraph, boolean retainGraph, boolean allowUnused) {
    public static final GradOptions DEFAULT = new GradOptions(List.of(), false, false, false);

    public GradOptions {
        gradOutputs = List.copyOf(gradOutputs);
    }

    public GradOptions withGradOutputs(Tensor... gradients) {
        return new GradOptions(List.of(gradients), createGraph, retainGraph, allowUnused);
    }

    public GradOptions withCreateGraph() {
        return new GradOptions(gradOutputs, true, retainGraph, allowUnused);
    }

    public GradOptions withRetainGraph() {
        return new GradOptions(gradOutputs, createGraph, true, allowUnused);
    }

    public GradOptions withAllowUnused() {
        return new GradOptions(gradOutputs, createGraph, retainGraph, true);
    }
}

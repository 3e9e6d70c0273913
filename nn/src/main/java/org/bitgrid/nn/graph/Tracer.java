package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * Turns a module into a graph by running it on tensors without elements. It runs twice, with two prime numbers in
 * place of the batch size; integers that differ between the runs are traced back to the sizes they were read from, so
 * that the graph runs on any batch size. Generators, running statistics and hooks are not touched.
 *
 * <p>Dimension 0 of the first input is the batch size, and so is dimension 0 of every other input when it is the same
 * in the sample.
 */
public final class Tracer {
    private static final int FIRST_BATCH = 1009;
    private static final int SECOND_BATCH = 2003;
    private static final String[] INPUT_NAMES = {"x", "y", "z"};

    private LeafPolicy leaves = LeafPolicy.libraryLayers();
    private List<String> inputNames = List.of();

    /** Sets which modules stay one step; the library's layers by default. Returns this. */
    public Tracer leaves(LeafPolicy policy) {
        leaves = policy;
        return this;
    }

    /** Names of the graph's inputs; x, y, z by default. Returns this. */
    public Tracer inputNames(String... names) {
        inputNames = List.of(names);
        return this;
    }

    /** Traces a module as {@code root.call(sample)} would run it; only shapes and types of the sample matter. */
    public GraphModule trace(Module root, Tensor... sample) {
        return traceWith(root, Arrays.asList((Object[]) sample));
    }

    /**
     * Traces a module as {@code root.callWith(arguments)} would run it; literals become part of the graph.
     *
     * @throws TraceException when the module reads values, or depends on the batch size in a way that a graph cannot
     *                        follow; the message names the line
     */
    public GraphModule traceWith(Module root, List<Object> arguments) {
        List<TensorSpec> specs = new ArrayList<>();
        arguments.forEach(argument -> {
            if (argument instanceof Tensor tensor) {
                specs.add(tensor.spec());
            }
        });
        Recording first;
        Recording second;
        try {
            first = Recording.of(root, leaves, withBatch(arguments, FIRST_BATCH));
            second = Recording.of(root, leaves, withBatch(arguments, SECOND_BATCH));
        } catch (ShapeException wrongShape) {
            // Either the sample is wrong, which this run reports, or the module works for one batch size only.
            first = Recording.of(root, leaves, withBatch(arguments, -1));
            second = first;
        }
        GraphBuilder builder = new GraphBuilder(root, first, second, names(specs.size()));
        Graph graph = builder.build();
        GraphModule module = GraphModule.of(root, graph, builder.constants());
        ShapeProp.run(module, specs);
        return module;
    }

    private List<String> names(int count) {
        if (!inputNames.isEmpty() && inputNames.size() != count) {
            throw new TraceException("trace: got " + inputNames.size() + " input names for " + count + " tensors");
        }
        List<String> names = new ArrayList<>(inputNames);
        for (int i = names.size(); i < count; i++) {
            names.add(i < INPUT_NAMES.length ? INPUT_NAMES[i] : "x" + i);
        }
        return names;
    }

    private static List<Object> withBatch(List<Object> arguments, int batch) {
        List<Object> replaced = new ArrayList<>();
        int sampleBatch = -1;
        for (Object argument : arguments) {
            if (argument instanceof Tensor tensor) {
                Shape shape = tensor.spec().shape();
                if (sampleBatch < 0 && shape.rank() > 0) {
                    sampleBatch = shape.dim(0);
                }
                boolean batched = batch > 0 && shape.rank() > 0 && shape.dim(0) == sampleBatch;
                replaced.add(Tensor.meta(batched ? shape.with(0, batch) : shape, tensor.dtype()));
            } else {
                replaced.add(argument);
            }
        }
        return replaced;
    }
}

package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.Op;

/**
 * Other shapes of a sample's inputs, made without knowing the operator: dimensions of the same size belong together.
 * Which of them the operator takes, its shape rule says.
 */
public final class Variants {
    private static final long MOST_OUTPUTS = 200_000;
    private static final long MOST_FLOPS = 4_000_000;

    private Variants() {
    }

    /** Inputs and what was done to them. */
    public record Variant(String name, Tensor[] inputs) {
    }

    /** Inputs in which one dimension (and those that go with it) has no elements. */
    public static List<Variant> empty(Tensor[] inputs) {
        List<Variant> variants = new ArrayList<>();
        for (int size : sizes(inputs)) {
            variants.add(new Variant("size " + size + " made 0", resized(inputs, size, 0)));
        }
        return variants;
    }

    /** Inputs in which one dimension (and those that go with it) is longer; elements repeat. */
    public static List<Variant> longer(Tensor[] inputs, int length, int mostElements) {
        List<Variant> variants = new ArrayList<>();
        for (int size : sizes(inputs)) {
            if (elements(inputs, size, length) <= mostElements) {
                variants.add(new Variant("size " + size + " made " + length, resized(inputs, size, length)));
            }
        }
        return variants;
    }

    /** Elements of the largest input when every dimension of one size gets another. */
    private static double elements(Tensor[] inputs, int from, int to) {
        double most = 0;
        for (Tensor input : inputs) {
            double product = 1;
            for (int dim : input.shape().toArray()) {
                product *= dim == from ? to : dim;
            }
            most = Math.max(most, product);
        }
        return most;
    }

    /** Inputs of which one is broadcast: a dimension of size 1, fewer dimensions, none. */
    public static List<Variant> broadcast(Tensor[] inputs) {
        List<Variant> variants = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            int rank = inputs[i].rank();
            if (inputs[i].numel() == 0) {
                continue;
            }
            for (int axis = 0; axis < rank; axis++) {
                if (inputs[i].size(axis) > 1) {
                    variants.add(with(inputs, i, "dimension " + axis + " made 1", inputs[i].narrow(axis, 0, 1).clone()));
                }
            }
            if (rank > 0) {
                variants.add(with(inputs, i, "first dimension dropped", inputs[i].select(0, 0).clone()));
                variants.add(with(inputs, i, "all dimensions dropped", inputs[i].flatten(0).select(0, 0).clone()));
            }
            variants.add(with(inputs, i, "one more dimension", inputs[i].unsqueeze(0)));
        }
        return variants;
    }

    private static Variant with(Tensor[] inputs, int index, String what, Tensor replacement) {
        Tensor[] changed = inputs.clone();
        changed[index] = replacement;
        return new Variant("input " + index + ", " + what, changed);
    }

    private static TreeSet<Integer> sizes(Tensor[] inputs) {
        TreeSet<Integer> sizes = new TreeSet<>();
        for (Tensor input : inputs) {
            for (int dim : input.shape().toArray()) {
                if (dim > 0) {
                    sizes.add(dim);
                }
            }
        }
        return sizes;
    }

    private static Tensor[] resized(Tensor[] inputs, int from, int to) {
        long[] places = new long[to];
        Arrays.setAll(places, i -> i % from);
        Tensor index = Tensors.of(places, to);
        Tensor[] resized = inputs.clone();
        for (int i = 0; i < inputs.length; i++) {
            for (int axis = 0; axis < inputs[i].rank(); axis++) {
                if (inputs[i].size(axis) == from) {
                    resized[i] = Dispatch.apply(new IndexSelect(axis), resized[i], index);
                }
            }
        }
        return resized;
    }

    /**
     * Whether the operator's shape rule takes these inputs, any error but the library's own being thrown on, and they
     * cost little enough for a test.
     */
    public static boolean accepted(Op op, Tensor[] inputs) {
        try {
            List<TensorSpec> specs = specs(inputs);
            long elements = op.infer(specs).stream().mapToLong(spec -> spec.shape().numel()).sum();
            return elements <= MOST_OUTPUTS && op.flops(specs) <= MOST_FLOPS;
        } catch (BitgridException refused) {
            return false;
        }
    }

    /** Shapes and types. */
    public static List<TensorSpec> specs(Tensor[] inputs) {
        return Arrays.stream(inputs).map(Tensor::spec).toList();
    }
}

package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;

/**
 * Runs random chains of operators, each on the views and results of those before, and compares every step with the
 * operator's definition for the same operands: errors do not add up, and a step that fails is a test by itself. Such a
 * step is made smaller and printed as a JUnit method.
 */
public final class Fuzzer {
    private static final int MOST_STEPS = 9;
    private static final int MOST_ELEMENTS = 400;
    private static final double LARGEST = 100;
    /** Roundings of operators that the table of samples does not know. */
    private static final double UNKNOWN_ROUNDINGS = 4;

    private final Executor executor;
    private long steps;

    /** What is tested: runs an operator. */
    @FunctionalInterface
    public interface Executor {
        Tensor[] run(Op op, Tensor[] inputs);
    }

    /** A fuzzer of the backend that serves tensors in main memory. */
    public Fuzzer() {
        this((op, inputs) -> OpSample.run(op, inputs));
    }

    /** A fuzzer of something else. */
    public Fuzzer(Executor executor) {
        this.executor = executor;
    }

    /** How many operators were compared so far. */
    public long steps() {
        return steps;
    }

    /**
     * Runs one chain.
     *
     * @throws AssertionError when a step is wrong, with the smallest form of it that was found as a JUnit method
     */
    public void chain(String name, Rng rng) {
        try (TensorScope scope = TensorScope.open()) {
            FuzzSteps generator = new FuzzSteps(rng);
            List<Tensor> values = new ArrayList<>(List.of(generator.operand(generator.shape().toArray())));
            int length = 2 + rng.nextInt(MOST_STEPS - 1);
            for (int i = 0; i < length; i++) {
                Tensor x = values.get(rng.nextInt(3) == 0 ? rng.nextInt(values.size()) : values.size() - 1);
                FuzzSteps.Step step = generator.next(x, values);
                if (step == null || !Variants.accepted(step.op(), step.inputs())) {
                    continue;
                }
                steps++;
                String fault = fault(step.op(), step.inputs());
                if (fault != null) {
                    throw new AssertionError(report(name, step.op(), step.inputs(), fault));
                }
                Tensor next = executor.run(step.op(), step.inputs())[0];
                if (next.dtype() == DType.FLOAT32 && next.numel() <= MOST_ELEMENTS && isModerate(next)) {
                    values.add(next);
                }
            }
        }
    }

    private static boolean isModerate(Tensor tensor) {
        for (float value : tensor.toFloatArray()) {
            if (!(Math.abs(value) <= LARGEST)) {
                return false;
            }
        }
        return true;
    }

    /** Checks one operator; the methods that the fuzzer prints call this. */
    public static void check(Op op, Tensor... inputs) {
        String fault = new Fuzzer().fault(op, inputs);
        if (fault != null) {
            throw new AssertionError(fault);
        }
    }

    /** What is wrong with the operator for these inputs, or null. */
    private String fault(Op op, Tensor[] inputs) {
        Tensor[] expected;
        try {
            expected = Reference.run(op, inputs);
        } catch (BitgridException refused) {
            try {
                executor.run(op, inputs);
            } catch (BitgridException alike) {
                return null;
            }
            return op.name() + ": should have been refused: " + refused.getMessage();
        }
        try {
            Tensor[] copies = Inputs.copies(inputs);
            Tensor[] found = executor.run(op, inputs);
            double[][] magnitudes = Magnitude.SAMPLED.of(in -> Reference.run(op, in), Inputs.toDouble(inputs), expected);
            double roundings = OpSamples.roundings(op, Variants.specs(inputs), UNKNOWN_ROUNDINGS);
            for (int i = 0; i < expected.length; i++) {
                // A wrong element is looked for, not the last bit, which other tests see to.
                Arrays.fill(magnitudes[i], Arrays.stream(magnitudes[i]).max().orElse(0));
                Near.check(op + ", output " + i + " for " + Variants.specs(inputs), found[i], expected[i],
                        magnitudes[i], roundings);
            }
            for (int i = 0; i < inputs.length; i++) {
                Near.same(op + ", input " + i + " afterwards", inputs[i], copies[i]);
            }
            return null;
        } catch (AssertionError | RuntimeException failure) {
            return failure.toString();
        }
    }

    private String report(String name, Op op, Tensor[] inputs, String fault) {
        Tensor[] small = shrunk(op, inputs);
        String still = fault(op, small);
        StringBuilder method = new StringBuilder("\n    @Test\n    void ").append(op.name().replaceAll("\\W", ""))
                .append("FoundByFuzzing() {\n");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < small.length; i++) {
            names.add("x" + i);
            method.append("        Tensor x").append(i).append(" = ").append(Strided.text(small[i])).append(";\n");
        }
        method.append("        Fuzzer.check(").append(OpText.of(op)).append(", ").append(String.join(", ", names))
                .append(");\n    }\n");
        return name + " [repeat with -Dbitgrid.seed=" + Seeds.SEED + "]: " + fault + "\nsmallest form: "
                + (still == null ? fault : still) + "\n" + method;
    }

    /** The smallest inputs found for which the operator is still wrong. */
    private Tensor[] shrunk(Op op, Tensor[] inputs) {
        Tensor[] best = inputs;
        boolean smaller = true;
        for (int round = 0; smaller && round < 50; round++) {
            smaller = false;
            for (Tensor[] candidate : candidates(best)) {
                if (Variants.accepted(op, candidate) && fault(op, candidate) != null) {
                    best = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return best;
    }

    /** Simpler inputs: shorter dimensions, plain strides, simpler numbers. */
    private static List<Tensor[]> candidates(Tensor[] inputs) {
        List<Tensor[]> candidates = new ArrayList<>();
        TreeSet<Integer> sizes = new TreeSet<>();
        for (Tensor input : inputs) {
            for (int dim : input.shape().toArray()) {
                sizes.add(dim);
            }
        }
        for (int size : sizes) {
            for (int target : new TreeSet<>(List.of(1, size / 2, Math.max(0, size - 1)))) {
                if (target > 0 && target < size) {
                    candidates.add(narrowed(inputs, size, target));
                }
            }
        }
        for (int i = 0; i < inputs.length; i++) {
            if (!inputs[i].isContiguous() || inputs[i].storage().length() > inputs[i].numel()) {
                candidates.add(with(inputs, i, inputs[i].clone()));
            }
            for (Tensor compact : List.of(Guarded.transposed(inputs[i]), Guarded.stepped(inputs[i]))) {
                if (Strided.span(compact) < Strided.span(inputs[i])) {
                    candidates.add(with(inputs, i, compact));
                }
            }
            if (inputs[i].dtype() == DType.FLOAT32) {
                Tensor plain = inputs[i].round();
                if (!Arrays.equals(plain.toFloatArray(), inputs[i].toFloatArray())) {
                    candidates.add(with(inputs, i, refilled(inputs[i], plain)));
                }
                Tensor ones = Tensors.onesLike(plain);
                if (!Arrays.equals(ones.toFloatArray(), inputs[i].toFloatArray())) {
                    candidates.add(with(inputs, i, refilled(inputs[i], ones)));
                }
            }
        }
        return candidates;
    }

    /** Other numbers under the same strides. */
    private static Tensor refilled(Tensor layout, Tensor values) {
        return layout.isContiguous() ? values : Guarded.likeLayout(layout, values);
    }

    private static Tensor[] with(Tensor[] inputs, int index, Tensor replacement) {
        Tensor[] changed = inputs.clone();
        changed[index] = replacement;
        return changed;
    }

    private static Tensor[] narrowed(Tensor[] inputs, int from, int to) {
        Tensor[] narrowed = inputs.clone();
        for (int i = 0; i < inputs.length; i++) {
            for (int axis = 0; axis < inputs[i].rank(); axis++) {
                if (inputs[i].size(axis) == from) {
                    narrowed[i] = narrowed[i].narrow(axis, 0, to);
                }
            }
        }
        return narrowed;
    }
}

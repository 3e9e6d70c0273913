package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.NotDifferentiable;
import org.bitgrid.tensor.op.Op;

/**
 * One entry of {@link OpSamples}: an operator, inputs for it, and what a test must know beside.
 *
 * <p>Give different dimensions of one sample different sizes, and equal ones the same: tests that make a dimension
 * longer, 1 or 0 find those that belong together by their size.
 */
public final class OpSample {
    private final String name;
    private final Op op;
    private final Function<Rng, Tensor[]> generator;
    private final List<ErrorSample> errors = new ArrayList<>();
    private final Set<Integer> constants = new HashSet<>();
    private boolean exact;
    private boolean float32;
    private double roundings;
    private String roundingsReason = "each element is rounded once";
    private Magnitude magnitude = Magnitude.CONDITION;
    private int order = 2;
    private String orderReason = "";

    private OpSample(String name, Op op, Function<Rng, Tensor[]> generator) {
        this.name = name;
        this.op = op;
        this.generator = generator;
    }

    /** A sample with these float32 (or integer) inputs; generators avoid kinks. */
    static OpSample of(String name, Op op, Function<Rng, Tensor[]> generator) {
        return new OpSample(name, op, generator);
    }

    /** A sample with one input. */
    static OpSample one(String name, Op op, Function<Rng, Tensor> generator) {
        return new OpSample(name, op, rng -> new Tensor[] {generator.apply(rng)});
    }

    /** Roundings of a float32 kernel beside those of its sums, and what they are. */
    OpSample roundings(double count, String reason) {
        roundings = count;
        roundingsReason = reason;
        return this;
    }

    /** The definition works in float32, and kernels give the same bits. */
    OpSample exact(String reason) {
        exact = true;
        return definedInFloat32(Magnitude.OUTPUT).roundings(0, reason);
    }

    /** The definition works in float32, which comparisons with double precision would not know. */
    OpSample definedInFloat32(Magnitude rule) {
        float32 = true;
        return magnitude(rule);
    }

    OpSample magnitude(Magnitude rule) {
        magnitude = rule;
        return this;
    }

    /** These floating-point inputs get no gradient. */
    OpSample constant(int... inputs) {
        for (int input : inputs) {
            constants.add(input);
        }
        return this;
    }

    OpSample notDifferentiable(String reason) {
        order = 0;
        orderReason = reason;
        return this;
    }

    OpSample firstOrderOnly(String reason) {
        order = 1;
        orderReason = reason;
        return this;
    }

    /** Inputs that the operator must refuse, with the whole message as a regular expression. */
    OpSample refuses(Class<? extends BitgridException> type, String message, Tensor... inputs) {
        return refuses(() -> op, type, message, inputs);
    }

    /** Attributes or inputs that must be refused. */
    OpSample refuses(Supplier<Op> other, Class<? extends BitgridException> type, String message, Tensor... inputs) {
        errors.add(new ErrorSample(() -> Dispatch.applyAll(other.get(), inputs), type, message));
        return this;
    }

    public String name() {
        return name;
    }

    public Op op() {
        return op;
    }

    /** Inputs, the same for the same generator state; floating-point ones are FLOAT32. */
    public Tensor[] inputs(Rng rng) {
        return generator.apply(rng);
    }

    /** Inputs drawn from the generator of the sample's name. */
    public Tensor[] inputs() {
        return inputs(Seeds.rng(name));
    }

    /** What the operator's definition gives for these inputs, in double precision unless it is defined in float32. */
    public Tensor[] expected(Tensor... inputs) {
        return float32 ? Reference.runExactly(op, inputs) : Reference.run(op, inputs);
    }

    /**
     * Checks what some backend gave for these inputs.
     *
     * @param magnitude rule for M, the sample's own or a cheaper one
     */
    public void check(String what, Magnitude rule, Tensor[] inputs, Tensor[] outputs) {
        Tensor[] expected = expected(inputs);
        if (outputs.length != expected.length) {
            throw new AssertionError(what + ": got " + outputs.length + " outputs; expected " + expected.length);
        }
        double[][] magnitudes = exact ? null : rule.of(this::expected, float32 ? inputs : Inputs.toDouble(inputs),
                expected);
        for (int i = 0; i < outputs.length; i++) {
            String which = what + ", output " + i + " for " + Variants.specs(inputs);
            if (exact) {
                Near.same(which, outputs[i], expected[i]);
            } else {
                Near.check(which, outputs[i], expected[i], magnitudes[i], roundings(inputs));
            }
        }
    }

    /** Runs the operator on copies of the inputs. */
    public Tensor[] run(Tensor... inputs) {
        return run(op, inputs);
    }

    /** Runs an operator; inputs that it would overwrite are copied first. */
    public static Tensor[] run(Op op, Tensor... inputs) {
        return Dispatch.applyAll(op, op.mutates().isEmpty() ? inputs : Inputs.copies(inputs));
    }

    /** K + c of {@link Near} for these inputs. */
    public double roundings(Tensor[] inputs) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Tensor input : inputs) {
            specs.add(input.spec());
        }
        return Math.max(1, op.reductionLength(specs)) + roundings;
    }

    /** c of {@link Near}. */
    public double extraRoundings() {
        return roundings;
    }

    public String roundingsReason() {
        return roundingsReason;
    }

    public Magnitude magnitude() {
        return magnitude;
    }

    /** Whether the gradient of this input is checked. */
    public boolean wantsGradient(int input) {
        return !constants.contains(input);
    }

    /** How often it can be differentiated: 0, 1, or 2 for at least twice. */
    public int differentiableTimes() {
        return op instanceof NotDifferentiable ? 0 : order;
    }

    /** Why not more than {@link #differentiableTimes}, empty when at least twice. */
    public String differentiableReason() {
        return op instanceof NotDifferentiable not ? not.reason() : orderReason;
    }

    public List<ErrorSample> errors() {
        return List.copyOf(errors);
    }

    @Override
    public String toString() {
        return name;
    }
}

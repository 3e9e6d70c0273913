package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * An operator whose result replaces its first input: {@code x.mul_(y)}. The result must have the shape of that input
 * and a type that fits into its type.
 *
 * @param op the operator; its first output is what is written
 */
public record InPlace(Op op) implements ComposedOp {
    /** Runs it; returns {@code target}. */
    public static Tensor apply(Op op, Tensor target, Tensor... others) {
        Tensor[] inputs = new Tensor[1 + others.length];
        inputs[0] = target;
        System.arraycopy(others, 0, inputs, 1, others.length);
        return Dispatch.apply(new InPlace(op), inputs);
    }

    @Override
    public String name() {
        return op.name() + "_";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec target = inputs.get(0);
        TensorSpec result = op.infer(inputs).get(0);
        if (!result.shape().equals(target.shape())) {
            throw new ShapeException(name(), "result does not fit in place; got " + result.shape() + "; expected "
                    + target.shape());
        }
        checkFits(name(), result.dtype(), target.dtype());
        return List.of(target);
    }

    /** Fractions do not go into integers, nor numbers into booleans. */
    private static void checkFits(String operation, DType result, DType target) {
        boolean fits = result == target || target.isFloating() || !result.isFloating() && target != DType.BOOL;
        if (!fits) {
            throw new DTypeException(operation, "a result of type " + result + " does not fit in place; expected "
                    + target + "; use the operator that makes a new tensor");
        }
    }

    @Override
    public List<Integer> mutates() {
        return List.of(0);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor target = inputs[0];
        Tensor[] operands = inputs.clone();
        for (int i = 0; i < operands.length; i++) {
            // What the gradient rule looks at later must not be what is overwritten now.
            boolean overwritten = operands[i].storage() == target.storage() && op.reads().input(i);
            if (overwritten && Dispatch.isGradEnabled() && anyRequiresGrad(inputs)) {
                operands[i] = operands[i].clone();
            }
        }
        return new Tensor[] {CopyInPlace.apply(target, Dispatch.applyAll(op, operands)[0])};
    }

    private static boolean anyRequiresGrad(Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (input.requiresGrad()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return op.flops(inputs);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return op.reductionLength(inputs);
    }

    @Override
    public Signature signature() {
        Signature call = op.signature();
        return new Signature("torch." + name(), "", call.arguments(), call.keywords());
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** Tensors that agree in all sizes but one -> one after the other along that dimension. */
public record Cat(int axis) implements Op {
    /** Joins tensors, written as a function call; types are promoted to one. */
    public static Tensor apply(int axis, List<Tensor> tensors) {
        Tensor[] operands = tensors.toArray(Tensor[]::new);
        DType type = Promotion.of(operands);
        for (int i = 0; i < operands.length; i++) {
            operands[i] = operands[i].to(type);
        }
        return Dispatch.function(new Cat(axis), operands);
    }

    @Override
    public String name() {
        return "cat";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        if (inputs.isEmpty()) {
            throw new ShapeException(name(), "got no tensors; expected at least one");
        }
        TensorSpec first = inputs.get(0);
        if (first.shape().rank() == 0) {
            throw new ShapeException(name(), "tensors without dimensions cannot be joined; use stack");
        }
        int index = first.shape().checkedAxis(name(), axis);
        int total = 0;
        for (int i = 0; i < inputs.size(); i++) {
            TensorSpec other = inputs.get(i);
            Check.sameType(name(), "tensor 0", first, "tensor " + i, other);
            if (other.shape().rank() != first.shape().rank()
                    || !other.shape().with(index, 0).equals(first.shape().with(index, 0))) {
                throw new ShapeException(name(), "all sizes but that of dimension " + index + " must agree; got "
                        + first.shape() + " and " + other.shape());
            }
            total = Math.addExact(total, other.shape().dim(index));
        }
        return List.of(first.withShape(first.shape().with(index, total)));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor[] grads = new Tensor[context.inputCount()];
        Shape shape = context.outputSpec(0).shape();
        int index = shape.checkedAxis(name(), axis);
        int start = 0;
        for (int i = 0; i < grads.length; i++) {
            int size = context.inputSpec(i).shape().dim(index);
            if (context.needs(i)) {
                grads[i] = context.gradOutput().slice(index, start, start + size);
            }
            start += size;
        }
        return grads;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.cat").withInputList().with(axis);
    }
}

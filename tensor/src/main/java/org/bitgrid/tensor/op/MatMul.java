package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * a (…, M, K), b (…, K, N) -> (…, M, N), leading dimensions broadcast. A vector on the left counts as a row, on the
 * right as a column, and that dimension is dropped from the result (torch.matmul).
 */
public record MatMul() implements Op {
    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec a = inputs.get(0);
        TensorSpec b = inputs.get(1);
        Check.sameType(name(), "left operand", a, "right operand", b);
        if (a.shape().rank() == 0 || b.shape().rank() == 0) {
            throw new ShapeException(name(), "operands must have at least one dimension; got " + a.shape() + " and "
                    + b.shape());
        }
        Shape left = a.shape().rank() == 1 ? Shape.of(1).concat(a.shape()) : a.shape();
        Shape right = b.shape().rank() == 1 ? b.shape().concat(Shape.of(1)) : b.shape();
        int inner = left.dim(-1);
        if (inner != right.dim(-2)) {
            boolean flipped = right.rank() > 1 && inner == right.dim(-1);
            throw new ShapeException(name(), "inner sizes differ: " + a.shape() + " x " + b.shape() + "; " + inner
                    + " != " + right.dim(-2) + (flipped ? "; did you mean weight.transpose(-2, -1)?" : ""));
        }
        Shape batch = Shape.broadcast(name(), left.slice(0, left.rank() - 2), right.slice(0, right.rank() - 2));
        Shape out = batch;
        if (a.shape().rank() > 1) {
            out = out.concat(Shape.of(left.dim(-2)));
        }
        if (b.shape().rank() > 1) {
            out = out.concat(Shape.of(right.dim(-1)));
        }
        return List.of(a.withShape(out));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shapeA = context.inputSpec(0).shape();
        Shape shapeB = context.inputSpec(1).shape();
        Tensor grad = context.gradOutput();
        // Vectors are matrices with one row or column; give the gradient the dimensions that were dropped.
        if (shapeB.rank() == 1) {
            grad = grad.unsqueeze(-1);
        }
        if (shapeA.rank() == 1) {
            grad = grad.unsqueeze(-2);
        }
        Tensor[] grads = new Tensor[2];
        if (context.needs(0)) {
            Tensor b = context.input(1);
            Tensor right = shapeB.rank() == 1 ? b.unsqueeze(0) : b.transpose(-2, -1);
            Tensor gradA = grad.matmul(right);
            grads[0] = shapeA.rank() == 1
                    ? SumTo.apply(gradA, context.inputSpec(0).withShape(Shape.of(1, shapeA.dim(0)))).reshape(
                            shapeA.dim(0))
                    : SumTo.apply(gradA, context.inputSpec(0));
        }
        if (context.needs(1)) {
            Tensor a = context.input(0);
            Tensor left = shapeA.rank() == 1 ? a.unsqueeze(-1) : a.transpose(-2, -1);
            Tensor gradB = left.matmul(grad);
            grads[1] = shapeB.rank() == 1
                    ? SumTo.apply(gradB, context.inputSpec(1).withShape(Shape.of(shapeB.dim(0), 1))).reshape(
                            shapeB.dim(0))
                    : SumTo.apply(gradB, context.inputSpec(1));
        }
        return grads;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * infer(inputs).get(0).shape().numel() * reductionLength(inputs);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return inputs.get(0).shape().dim(-1);
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** Products of operands of fixed ranks, which {@link MatMul} would all take: the ranks are checked here. */
public record MatrixProduct(Kind kind) implements ComposedOp {
    /** The products. */
    public enum Kind {
        /** (M, K) x (K, N) -> (M, N). */
        MM("mm", 2, 2),
        /** (B, M, K) x (B, K, N) -> (B, M, N), without broadcasting. */
        BMM("bmm", 3, 3),
        /** (M, K) x (K) -> (M). */
        MV("mv", 2, 1),
        /** (K) x (K) -> (). */
        DOT("dot", 1, 1),
        /** (M) x (N) -> (M, N). */
        OUTER("outer", 1, 1);

        private final String label;
        private final int left;
        private final int right;

        Kind(String label, int left, int right) {
            this.label = label;
            this.left = left;
            this.right = right;
        }
    }

    /** Runs it, written as a method call. */
    public static Tensor apply(Kind kind, Tensor a, Tensor b) {
        return Dispatch.apply(new MatrixProduct(kind), a, b);
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec a = inputs.get(0);
        TensorSpec b = inputs.get(1);
        Check.rank(name(), "left operand", a, kind.left);
        Check.rank(name(), "right operand", b, kind.right);
        if (kind == Kind.OUTER) {
            Check.sameType(name(), "left operand", a, "right operand", b);
            return List.of(a.withShape(a.shape().concat(b.shape())));
        }
        if (kind == Kind.BMM && a.shape().dim(0) != b.shape().dim(0)) {
            throw new ShapeException(name(), "batch sizes differ; got " + a.shape() + " and " + b.shape()
                    + "; use matmul to broadcast");
        }
        if (kind == Kind.DOT) {
            Check.shape(name(), "right operand", b, a.shape());
        }
        return new MatMul().infer(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        if (kind == Kind.OUTER) {
            return new Tensor[] {inputs[0].unsqueeze(1).mul(inputs[1])};
        }
        return new Tensor[] {inputs[0].matmul(inputs[1])};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        Shape out = infer(inputs).get(0).shape();
        return kind == Kind.OUTER ? out.numel() : new MatMul().flops(inputs);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return kind == Kind.OUTER ? 1 : new MatMul().reductionLength(inputs);
    }
}

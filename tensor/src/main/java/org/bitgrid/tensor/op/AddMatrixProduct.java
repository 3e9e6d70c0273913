package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x that broadcasts to the product, a, b -> beta · x + alpha · (a x b): {@code torch.addmm} of matrices,
 * {@code torch.baddbmm} of batches of them. With beta 0 what x holds does not matter, NaN included.
 */
public record AddMatrixProduct(double beta, double alpha, boolean batched) implements ComposedOp {
    @Override
    public String name() {
        return batched ? "baddbmm" : "addmm";
    }

    private MatrixProduct product() {
        return new MatrixProduct(batched ? MatrixProduct.Kind.BMM : MatrixProduct.Kind.MM);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 3, 3);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "matrices", inputs.get(1));
        Check.sameType(name(), "tensor", x, "matrices", inputs.get(1));
        TensorSpec product = product().infer(inputs.subList(1, 3)).get(0);
        Shape shape = Shape.broadcast(name(), x.shape(), product.shape());
        if (!shape.equals(product.shape())) {
            throw new ShapeException(name(), "tensor does not broadcast to the product; got " + x.shape()
                    + "; expected " + product.shape());
        }
        return List.of(product);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor product = inputs[1].matmul(inputs[2]);
        product = alpha == 1 ? product : product.mul(alpha);
        if (beta == 0) {
            return new Tensor[] {product};
        }
        return new Tensor[] {product.add(beta == 1 ? inputs[0] : inputs[0].mul(beta))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return product().flops(inputs.subList(1, 3)) + 2 * infer(inputs).get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return product().reductionLength(inputs.subList(1, 3)) + 1;
    }

    @Override
    public Signature signature() {
        return new Signature("torch." + name(), "", List.of(new Signature.Input(-1)), Map.of()).keyword("beta", beta)
                .keyword("alpha", alpha);
    }
}

package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * query (…, L, E), key (…, S, E), value (…, S, Ev), optional mask that broadcasts to (…, L, S) -> (…, L, Ev):
 * softmax(scale · query · keyᵀ + mask) · value (Vaswani et al., 2017). A BOOL mask says who takes part; one of the
 * query's type is added.
 *
 * @param causal  whether row i sees only columns 0 to i; not together with a mask
 * @param scale   factor of the scores, or 0 for 1 / √E
 * @param dropout probability with which a weight is dropped, 0 in evaluation
 * @param seed    of the dropped weights
 */
public record ScaledDotProductAttention(boolean causal, double scale, double dropout, long seed)
        implements ComposedOp, Randomized {
    public ScaledDotProductAttention {
        if (!(scale >= 0)) {
            throw new ShapeException("scaled_dot_product_attention", "scale must not be negative; got " + scale);
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new ShapeException("scaled_dot_product_attention", "dropout must lie in [0, 1]; got " + dropout);
        }
    }

    @Override
    public String name() {
        return "scaled_dot_product_attention";
    }

    @Override
    public Op redraw(Rng rng) {
        return dropout == 0 ? this : new ScaledDotProductAttention(causal, scale, dropout, rng.nextLong());
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 3, 4);
        TensorSpec query = inputs.get(0);
        TensorSpec key = inputs.get(1);
        TensorSpec value = inputs.get(2);
        Check.floating(name(), "query", query);
        Check.sameType(name(), "query", query, "key", key);
        Check.sameType(name(), "query", query, "value", value);
        for (TensorSpec each : List.of(query, key, value)) {
            if (each.shape().rank() < 2) {
                throw new ShapeException(name(), "query, key and value must have at least 2 dimensions; got "
                        + each.shape());
            }
        }
        if (query.shape().dim(-1) != key.shape().dim(-1)) {
            throw new ShapeException(name(), "query and key differ in their last size; got " + query.shape() + " and "
                    + key.shape());
        }
        if (key.shape().dim(-2) != value.shape().dim(-2)) {
            throw new ShapeException(name(), "key and value differ in length; got " + key.shape() + " and "
                    + value.shape());
        }
        Shape batch = Shape.broadcast(name(), Shape.broadcast(name(), batch(query), batch(key)), batch(value));
        if (inputs.size() == 4) {
            checkMask(inputs.get(3), query, batch.concat(Shape.of(query.shape().dim(-2), key.shape().dim(-2))));
        }
        return List.of(query.withShape(batch.concat(Shape.of(query.shape().dim(-2), value.shape().dim(-1)))));
    }

    private static Shape batch(TensorSpec spec) {
        return spec.shape().slice(0, spec.shape().rank() - 2);
    }

    private void checkMask(TensorSpec mask, TensorSpec query, Shape scores) {
        if (causal) {
            throw new ShapeException(name(), "got a mask of shape " + mask.shape() + " beside causal; choose one");
        }
        if (mask.dtype() != DType.BOOL && mask.dtype() != query.dtype()) {
            throw new DTypeException(name(), "mask must be bool or " + query.dtype() + "; got " + mask.dtype());
        }
        if (!Shape.broadcast(name(), mask.shape(), scores).equals(scores)) {
            throw new ShapeException(name(), "mask does not broadcast to the scores; got " + mask.shape()
                    + "; expected " + scores);
        }
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor weights = weights(inputs[0], inputs[1], inputs.length == 4 ? inputs[3] : null);
        if (dropout > 0) {
            weights = Dispatch.apply(new Dropout(dropout, seed), weights);
        }
        return new Tensor[] {weights.matmul(inputs[2])};
    }

    /** How much each row of the query looks at each row of the key (…, L, S), before dropout. */
    public Tensor weights(Tensor query, Tensor key, Tensor mask) {
        double factor = scale == 0 ? 1 / Math.sqrt(query.spec().shape().dim(-1)) : scale;
        Tensor scores = query.mul(factor).matmul(key.transpose(-2, -1));
        if (causal) {
            int rows = query.spec().shape().dim(-2);
            int columns = key.spec().shape().dim(-2);
            Tensor seen = Tensors.arange(rows).unsqueeze(1).ge(Tensors.arange(columns));
            scores = where(seen.to(scores.device()), scores);
        } else if (mask != null) {
            scores = mask.dtype() == DType.BOOL ? where(mask, scores) : scores.add(mask);
        }
        return Dispatch.apply(new Softmax(-1), scores);
    }

    private static Tensor where(Tensor mask, Tensor scores) {
        return Where.apply(mask, scores, Tensors.fullLike(scores.spec().withShape(Shape.SCALAR),
                Double.NEGATIVE_INFINITY));
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        Shape out = infer(inputs).get(0).shape();
        long rows = out.numel() / Math.max(1, out.dim(-1));
        return 2L * rows * inputs.get(1).shape().dim(-2) * (inputs.get(0).shape().dim(-1) + out.dim(-1));
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return inputs.get(0).shape().dim(-1) + inputs.get(1).shape().dim(-2);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.scaled_dot_product_attention").keyword("dropout_p", dropout)
                .keyword("is_causal", causal);
    }
}

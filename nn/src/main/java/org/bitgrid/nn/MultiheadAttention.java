package org.bitgrid.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.nn.init.Init;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.ScaledDotProductAttention;
import org.bitgrid.tensor.op.Where;

/**
 * Attention in several heads (Vaswani et al., 2017): query (L, N, E), key and value (S, N, E) -> (L, N, E), or with N
 * first. Parameters {@code in_proj_weight} (3E, E), {@code in_proj_bias} (3E); child {@code out_proj}.
 *
 * <p>{@link #call} with query, key and value gives the output; {@link #attend} takes masks and gives the weights.
 */
public final class MultiheadAttention extends Module {
    private final int features;
    private final int heads;
    private double dropout;
    private boolean withBias = true;
    private boolean batchFirst;

    /**
     * What {@link #attend} gives.
     *
     * @param output  of the query's shape
     * @param weights (N, L, S), the mean over all heads
     */
    public record Attention(Tensor output, Tensor weights) {
    }

    /**
     * @param features size E of queries, keys and values
     * @param heads    number of heads; must divide it
     */
    public MultiheadAttention(int features, int heads) {
        if (features < 1 || heads < 1 || features % heads != 0) {
            throw new ShapeException("MultiheadAttention", "the number of heads must divide the number of features; "
                    + "got " + heads + " heads and " + features + " features");
        }
        this.features = features;
        this.heads = heads;
    }

    /** Probability with which a weight is dropped in training; 0 by default. Returns this. */
    public MultiheadAttention dropout(double probability) {
        checkNotBuilt("dropout");
        dropout = probability;
        return this;
    }

    /** Whether the projections add a bias; true by default. Returns this. */
    public MultiheadAttention bias(boolean value) {
        checkNotBuilt("bias");
        withBias = value;
        return this;
    }

    /** Whether tensors are (N, L, E) rather than (L, N, E); false by default. Returns this. */
    public MultiheadAttention batchFirst(boolean value) {
        checkNotBuilt("batchFirst");
        batchFirst = value;
        return this;
    }

    @Override
    protected void build() {
        addParameter("in_proj_weight", new Parameter(Init.xavierUniform().make(3 * features, features)));
        if (withBias) {
            addParameter("in_proj_bias", new Parameter(Init.zeros().make(3 * features)));
        }
        Linear outProj = add("out_proj", new Linear(features, features).bias(withBias));
        if (withBias) {
            outProj.bias().set(Tensors.zeros(features));
        }
    }

    @Override
    protected Tensor forward(Tensor query, Tensor key, Tensor value) {
        return run(query, key, value, null, null, false, false).output();
    }

    /**
     * Attention with masks.
     *
     * @param keyPaddingMask (N, S) BOOL, true where a key is to be ignored, or null
     * @param attentionMask  (L, S), or (N · heads, L, S): BOOL, true where a query may not look at a key, or numbers
     *                       to add to the scores; or null
     */
    public Attention attend(Tensor query, Tensor key, Tensor value, Tensor keyPaddingMask, Tensor attentionMask) {
        ownParameters();
        return run(query, key, value, keyPaddingMask, attentionMask, false, true);
    }

    /** Attention of each place to itself and to those before it; with padding mask, or null for none. */
    Tensor causal(Tensor x, Tensor keyPaddingMask) {
        ownParameters();
        return run(x, x, x, keyPaddingMask, null, true, false).output();
    }

    private Attention run(Tensor query, Tensor key, Tensor value, Tensor keyPaddingMask, Tensor attentionMask,
                          boolean causal, boolean needWeights) {
        checkInputs(query, key, value);
        Tensor q = project(query, 0);
        Tensor k = project(key, 1);
        Tensor v = project(value, 2);
        Shape scores = Shape.of(q.spec().shape().dim(0), heads, q.spec().shape().dim(2), k.spec().shape().dim(2));
        Tensor mask = mask(query, keyPaddingMask, attentionMask, causal, scores);
        double drop = isTraining() ? dropout : 0;
        long seed = drop == 0 || query.device().isMeta() ? 0 : Rng.current().nextLong();
        ScaledDotProductAttention op = new ScaledDotProductAttention(causal && mask == null, 0, drop, seed);
        Tensor joined;
        Tensor weights = null;
        if (needWeights) {
            Tensor perHead = op.weights(q, k, mask);
            weights = perHead.mean(1);
            Tensor kept = drop == 0 ? perHead : Dispatch.function(new Dropout(drop, seed), perHead);
            joined = kept.matmul(v);
        } else {
            joined = mask == null ? Dispatch.function(op, q, k, v) : Dispatch.function(op, q, k, v, mask);
        }
        Tensor output = get("out_proj").call(joined.transpose(1, 2).flatten(2));
        return new Attention(batchFirst ? output : output.transpose(0, 1), weights);
    }

    private void checkInputs(Tensor query, Tensor key, Tensor value) {
        for (Tensor each : new Tensor[] {query, key, value}) {
            Shape shape = each.spec().shape();
            if (shape.rank() != 3 || shape.dim(2) != features) {
                throw new ShapeException("MultiheadAttention", "query, key and value must be ("
                        + (batchFirst ? "N, L, " : "L, N, ") + features + "); got " + shape);
            }
        }
    }

    /** Part of the packed projection, split into heads: (N, heads, L, E / heads). */
    private Tensor project(Tensor x, int part) {
        Parameter bias = ownParameters().get("in_proj_bias");
        Tensor weight = ownParameters().get("in_proj_weight").tensor().narrow(0, part * features, features);
        Tensor projected = F.linear(x, weight, bias == null ? null
                : bias.tensor().narrow(0, part * features, features));
        Tensor batch = batchFirst ? projected : projected.transpose(0, 1);
        Shape shape = batch.spec().shape();
        return batch.reshape(shape.dim(0), shape.dim(1), heads, features / heads).transpose(1, 2);
    }

    /** All masks as one that is added to the scores, or null. */
    private Tensor mask(Tensor query, Tensor keyPaddingMask, Tensor attentionMask, boolean causal, Shape scores) {
        Tensor mask = null;
        if (keyPaddingMask != null) {
            check("key padding mask", keyPaddingMask, Shape.of(scores.dim(0), scores.dim(3)));
            mask = additive(keyPaddingMask, query).reshape(scores.dim(0), 1, 1, scores.dim(3));
        }
        Tensor other = null;
        if (attentionMask != null) {
            Shape shape = attentionMask.spec().shape();
            boolean perHead = shape.rank() == 3;
            check("attention mask", attentionMask, perHead
                    ? Shape.of(scores.dim(0) * heads, scores.dim(2), scores.dim(3))
                    : Shape.of(scores.dim(2), scores.dim(3)));
            other = additive(attentionMask, query);
            other = perHead ? other.reshape(scores.toArray()) : other;
        } else if (causal && mask != null) {
            Tensor unseen = Tensors.arange(scores.dim(2)).unsqueeze(1).lt(Tensors.arange(scores.dim(3)));
            other = additive(unseen.to(query.device()), query);
        }
        return mask == null ? other : other == null ? mask : mask.add(other);
    }

    private static void check(String what, Tensor mask, Shape expected) {
        if (!mask.spec().shape().equals(expected)) {
            throw new ShapeException("MultiheadAttention", what + " has the wrong shape; got " + mask.spec().shape()
                    + "; expected " + expected);
        }
    }

    private static Tensor additive(Tensor mask, Tensor like) {
        if (mask.dtype() != DType.BOOL) {
            return mask;
        }
        Tensor never = Tensors.fullLike(like.spec().withShape(Shape.SCALAR), Double.NEGATIVE_INFINITY);
        return Where.apply(mask, never, RegressionLosses.zero(like));
    }

    @Override
    protected Map<String, String> printedChildren() {
        Map<String, String> printed = new LinkedHashMap<>(super.printedChildren());
        // PyTorch's own name for a Linear whose dynamic quantization it forbids.
        printed.replaceAll((name, text) -> text.replaceFirst("^Linear", "NonDynamicallyQuantizableLinear"));
        return printed;
    }
}

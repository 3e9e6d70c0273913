package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/**
 * Self-attention and a two-layer network, each with dropout, a shortcut and layer normalisation (Vaswani et al., 2017):
 * (L, N, E) -> (L, N, E), or with N first. PyTorch's names for all parts.
 */
public final class TransformerEncoderLayer extends Module {
    private final int features;
    private final int heads;
    private int hidden = 2048;
    private double dropout = 0.1;
    private boolean gelu;
    private double epsilon = 1e-5;
    private boolean batchFirst;
    private boolean normFirst;
    private boolean causal;

    /**
     * @param features size E
     * @param heads    number of attention heads; must divide it
     */
    public TransformerEncoderLayer(int features, int heads) {
        this.features = features;
        this.heads = heads;
    }

    /** Size of the hidden layer; 2048 by default. Returns this. */
    public TransformerEncoderLayer hidden(int size) {
        checkNotBuilt("hidden");
        hidden = size;
        return this;
    }

    /** Probability of dropout everywhere; 0.1 by default. Returns this. */
    public TransformerEncoderLayer dropout(double probability) {
        checkNotBuilt("dropout");
        dropout = probability;
        return this;
    }

    /** Whether the hidden layer is followed by gelu rather than relu; false by default. Returns this. */
    public TransformerEncoderLayer gelu(boolean value) {
        checkNotBuilt("gelu");
        gelu = value;
        return this;
    }

    /** Added to variances; 1e-5 by default. Returns this. */
    public TransformerEncoderLayer epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return this;
    }

    /** Whether tensors are (N, L, E) rather than (L, N, E); false by default. Returns this. */
    public TransformerEncoderLayer batchFirst(boolean value) {
        checkNotBuilt("batchFirst");
        batchFirst = value;
        return this;
    }

    /** Whether to normalise before each part rather than after it; false by default. Returns this. */
    public TransformerEncoderLayer normFirst(boolean value) {
        checkNotBuilt("normFirst");
        normFirst = value;
        return this;
    }

    /** Whether a place sees only itself and those before it; false by default. Returns this. */
    public TransformerEncoderLayer causal(boolean value) {
        checkNotBuilt("causal");
        causal = value;
        return this;
    }

    @Override
    protected void build() {
        add("self_attn", new MultiheadAttention(features, heads).dropout(dropout).batchFirst(batchFirst));
        add("linear1", new Linear(features, hidden));
        add("dropout", new Dropout(dropout));
        add("linear2", new Linear(hidden, features));
        add("norm1", new LayerNorm(features).epsilon(epsilon));
        add("norm2", new LayerNorm(features).epsilon(epsilon));
        add("dropout1", new Dropout(dropout));
        add("dropout2", new Dropout(dropout));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return run(x, null, null);
    }

    /** With masks as {@link MultiheadAttention#attend} takes them, either may be null. */
    public Tensor encode(Tensor x, Tensor attentionMask, Tensor keyPaddingMask) {
        ownParameters();
        return run(x, attentionMask, keyPaddingMask);
    }

    private Tensor run(Tensor x, Tensor attentionMask, Tensor keyPaddingMask) {
        if (normFirst) {
            Tensor attended = x.add(attend(get("norm1").call(x), attentionMask, keyPaddingMask));
            return attended.add(feedForward(get("norm2").call(attended)));
        }
        Tensor attended = get("norm1").call(x.add(attend(x, attentionMask, keyPaddingMask)));
        return get("norm2").call(attended.add(feedForward(attended)));
    }

    private Tensor attend(Tensor x, Tensor attentionMask, Tensor keyPaddingMask) {
        MultiheadAttention attention = (MultiheadAttention) get("self_attn");
        Tensor attended;
        if (attentionMask != null) {
            attended = attention.attend(x, x, x, keyPaddingMask, attentionMask).output();
        } else if (causal) {
            attended = attention.causal(x, keyPaddingMask);
        } else {
            attended = keyPaddingMask == null ? attention.call(x, x, x)
                    : attention.attend(x, x, x, keyPaddingMask, null).output();
        }
        return get("dropout1").call(attended);
    }

    private Tensor feedForward(Tensor x) {
        Tensor inner = get("linear1").call(x);
        Tensor active = gelu ? F.gelu(inner) : F.relu(inner);
        return get("dropout2").call(get("linear2").call(get("dropout").call(active)));
    }
}

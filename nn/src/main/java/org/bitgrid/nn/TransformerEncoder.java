package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** {@link TransformerEncoderLayer}s one after the other, children {@code layers}, then {@code norm} if there is one. */
public final class TransformerEncoder extends Module {
    /** @param layer makes each of the layers */
    public TransformerEncoder(Supplier<TransformerEncoderLayer> layer, int count) {
        this(layer, count, null);
    }

    /**
     * @param layer makes each of the layers
     * @param norm  what follows the last layer, or null
     */
    public TransformerEncoder(Supplier<TransformerEncoderLayer> layer, int count, Module norm) {
        if (count < 1) {
            throw new ShapeException("TransformerEncoder", "number of layers must be at least 1; got " + count);
        }
        List<TransformerEncoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(layer.get());
        }
        add("layers", new ModuleList(layers));
        if (norm != null) {
            add("norm", norm);
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        return encode(x, null, null);
    }

    /** With masks as {@link MultiheadAttention#attend} takes them, either may be null. */
    public Tensor encode(Tensor x, Tensor attentionMask, Tensor keyPaddingMask) {
        Tensor value = x;
        for (Module each : get("layers").namedChildren().values()) {
            TransformerEncoderLayer layer = (TransformerEncoderLayer) each;
            value = attentionMask == null && keyPaddingMask == null ? layer.call(value)
                    : layer.encode(value, attentionMask, keyPaddingMask);
        }
        Module norm = namedChildren().get("norm");
        return norm == null ? value : norm.call(value);
    }
}

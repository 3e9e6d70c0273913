package org.bitgrid.nn.data;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * Another data set whose inputs pass through a transform. Each sample has a random generator of its own, made from
 * seed, epoch and sample number: results depend neither on the order of samples nor on batches or threads. A
 * {@link DataLoader} asks for each epoch's own samples.
 */
public final class TransformedDataset implements Dataset {
    private final Dataset source;
    private final Transform transform;
    private final long seed;
    private final int epoch;

    /** The samples of {@code source} with transformed inputs (the first tensor of a batch). */
    public TransformedDataset(Dataset source, Transform transform, long seed) {
        this(source, transform, seed, 0);
    }

    private TransformedDataset(Dataset source, Transform transform, long seed, int epoch) {
        this.source = source;
        this.transform = transform;
        this.seed = seed;
        this.epoch = epoch;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Dataset atEpoch(int number) {
        return new TransformedDataset(source.atEpoch(number), transform, seed, number);
    }

    @Override
    public Batch batch(int... indices) {
        Rng ofEpoch = new Rng(seed).fork(epoch);
        try (Batch plain = source.batch(indices)) {
            Tensor[] out = plain.tensors().toArray(Tensor[]::new);
            try (TensorScope scope = TensorScope.open(); Dispatch.Scope silent = Dispatch.suspendInterceptors();
                 Dispatch.Scope noGrad = Dispatch.gradEnabled(false)) {
                List<Tensor> changed = new ArrayList<>();
                for (int i = 0; i < indices.length; i++) {
                    changed.add(transform.apply(out[0].slice(0, i, i + 1, 1).squeeze(0), ofEpoch.fork(indices[i])));
                }
                out[0] = changed.isEmpty() ? out[0] : Tensors.stack(changed, 0);
                for (Tensor tensor : out) {
                    TensorAccess.get().retain(tensor);
                }
            }
            return new Batch(out);
        }
    }
}

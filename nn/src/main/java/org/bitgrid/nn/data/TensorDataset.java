package org.bitgrid.nn.data;

import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;

/** Samples that lie in tensors, one row each. The tensors outlive every scope and must not change. */
public final class TensorDataset implements Dataset {
    private final List<Tensor> tensors;
    private final boolean pixelsToUnit;

    /** Tensors of one size along dimension 0: by custom inputs, then targets. */
    public TensorDataset(Tensor... tensors) {
        this(false, tensors);
    }

    private TensorDataset(boolean pixelsToUnit, Tensor... tensors) {
        if (tensors.length == 0) {
            throw new ShapeException("TensorDataset", "needs at least one tensor");
        }
        for (Tensor tensor : tensors) {
            if (tensor.rank() == 0 || tensor.size(0) != tensors[0].size(0)) {
                throw new ShapeException("TensorDataset", "tensors must have one number of samples; got "
                        + tensors[0].spec().shape() + " and " + tensor.spec().shape());
            }
            TensorAccess.get().retain(tensor);
        }
        this.tensors = List.of(tensors);
        this.pixelsToUnit = pixelsToUnit;
    }

    /**
     * Grey images (N, H, W) UINT8 with labels (N); batches are FLOAT32 (n, 1, H, W) of pixel / 255 and the labels. The
     * pixels stay bytes in memory.
     */
    public static TensorDataset ofGreyImages(Tensor images, Tensor labels) {
        if (images.rank() != 3) {
            throw new ShapeException("TensorDataset.ofGreyImages", "images must be (N, H, W); got "
                    + images.spec().shape());
        }
        return new TensorDataset(true, images.unsqueeze(1), labels);
    }

    /**
     * Images (N, C, H, W) UINT8 with labels (N); batches are FLOAT32 (n, C, H, W) of pixel / 255 and the labels. The
     * pixels stay bytes in memory.
     */
    public static TensorDataset ofImages(Tensor images, Tensor labels) {
        if (images.rank() != 4) {
            throw new ShapeException("TensorDataset.ofImages", "images must be (N, C, H, W); got "
                    + images.spec().shape());
        }
        return new TensorDataset(true, images, labels);
    }

    @Override
    public int size() {
        return tensors.get(0).size(0);
    }

    @Override
    public Batch batch(int... indices) {
        Subset.checkIndices("TensorDataset.batch", indices, size());
        long[] rows = new long[indices.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = indices[i];
        }
        Tensor[] out = new Tensor[tensors.size()];
        try (TensorScope scope = TensorScope.open(); Dispatch.Scope silent = Dispatch.suspendInterceptors();
             Dispatch.Scope noGrad = Dispatch.gradEnabled(false)) {
            Tensor index = Tensors.of(rows, rows.length);
            for (int i = 0; i < out.length; i++) {
                out[i] = Dispatch.apply(new GatherRows(i == 0 && pixelsToUnit), tensors.get(i), index);
                TensorAccess.get().retain(out[i]);
            }
        }
        return new Batch(out);
    }
}

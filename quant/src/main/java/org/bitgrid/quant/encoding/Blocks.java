package org.bitgrid.quant.encoding;

import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/**
 * The view under which block-wise quantization is plain broadcasting: a tensor (d0, d1, …) becomes (s0, b0, s1, b1, …),
 * its scales (s0, s1, …) become (s0, 1, s1, 1, …), for s blocks of b elements along each dimension. Dimensions that
 * lead the blocked ones stay as they are.
 */
public final class Blocks {
    private Blocks() {
    }

    /** The shape (…, s0, 1, s1, 1, …) of scales of shape (…, s0, s1, …). */
    public static Shape interleaved(Shape scales) {
        int[] dims = new int[2 * scales.rank()];
        for (int i = 0; i < scales.rank(); i++) {
            dims[2 * i] = scales.dim(i);
            dims[2 * i + 1] = 1;
        }
        return Shape.of(dims);
    }

    /**
     * The tensor as (…, s0, b0, s1, b1, …).
     *
     * @param blockSize b for each dimension of {@code scales}; -1 for whatever s blocks leave
     */
    public static Tensor view(String operation, Tensor tensor, Shape scales, List<Integer> blockSize) {
        Shape shape = tensor.spec().shape();
        int lead = shape.rank() - scales.rank();
        if (lead < 0) {
            throw fault(operation, shape, scales, blockSize);
        }
        int[] dims = new int[lead + 2 * scales.rank()];
        for (int i = 0; i < lead; i++) {
            dims[i] = shape.dim(i);
        }
        for (int i = 0; i < scales.rank(); i++) {
            int size = shape.dim(lead + i);
            int blocks = scales.dim(i);
            int block = blockSize.get(i) == -1 ? size / Math.max(1, blocks) : blockSize.get(i);
            if ((long) blocks * block != size) {
                throw fault(operation, shape, scales, blockSize);
            }
            dims[lead + 2 * i] = blocks;
            dims[lead + 2 * i + 1] = block;
        }
        return tensor.reshape(dims);
    }

    /**
     * Runs an operator of (x, scale, offset), or of (x, scale), with each block's own scale.
     *
     * @param scales    scale and offset of one shape, or scale alone
     * @param blockSize as for {@link #view}; empty for plain broadcasting
     */
    public static Tensor apply(String operation, Op op, List<Integer> blockSize, Tensor x, Tensor... scales) {
        Tensor[] inputs = new Tensor[1 + scales.length];
        Shape shape = scales[0].spec().shape();
        boolean blocked = !blockSize.isEmpty();
        inputs[0] = blocked ? view(operation, x, shape, blockSize) : x;
        for (int i = 0; i < scales.length; i++) {
            inputs[1 + i] = blocked ? scales[i].reshape(interleaved(shape).toArray()) : scales[i];
        }
        Tensor y = Dispatch.apply(op, inputs);
        return blocked ? y.reshape(x.spec().shape().toArray()) : y;
    }

    /** Block sizes without -1, for a tensor of this shape. */
    public static List<Integer> resolve(Shape tensor, Shape scales, List<Integer> blockSize) {
        int lead = tensor.rank() - scales.rank();
        Integer[] sizes = blockSize.toArray(Integer[]::new);
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1) {
                sizes[i] = tensor.dim(lead + i) / scales.dim(i);
            }
        }
        return List.of(sizes);
    }

    private static ShapeException fault(String operation, Shape shape, Shape scales, List<Integer> blockSize) {
        return new ShapeException(operation, "blocks do not tile the tensor; got tensor " + shape + ", scales " + scales
                + ", block size " + blockSize
                + "; expected scales times block size to give the tensor's last sizes, or "
                + "-1 where the scales divide them");
    }
}

package org.bitgrid.opencl;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/** Where a product that may be cut into chunks of its sum goes: the output itself, or memory for each chunk's result. */
final class ClChunks {
    private final ClRuntime runtime;
    private final Tensor out;
    private final int splits;
    private final ClBuffer scratch;

    ClChunks(ClRuntime runtime, Tensor out, int splits) {
        this.runtime = runtime;
        this.out = out;
        this.splits = splits;
        this.scratch = splits == 1 ? null : new ClBuffer(runtime, out.device(), DType.FLOAT32,
                Math.multiplyExact(splits, (int) out.numel()), "chunks of sums");
    }

    int splits() {
        return splits;
    }

    /** What the kernel fills: (splits, elements of the output), or the output. */
    Tensor target() {
        return scratch == null ? out : Tensor.of(scratch, Layout.contiguous(Shape.of(scratch.length())), out.device());
    }

    /**
     * Queues the second pass, if there were chunks.
     *
     * @param bias    or null
     * @param biasRun elements in a row that get the same bias
     */
    void add(ClSource source, Tensor bias, int biasRun) {
        if (scratch == null) {
            return;
        }
        int count = (int) out.numel();
        Tensor chunks = target();
        runtime.launch(source, "addChunks").input(chunks).input(bias == null ? chunks : bias).integer(biasRun)
                .integer(bias == null ? 0 : (int) bias.numel()).output(out).integer(count).integer(splits).over(count);
        scratch.recycle(); // the queue runs in order
    }
}

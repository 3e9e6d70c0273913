package org.bitgrid.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * What some work cannot do without: the multiplications and additions of its matrix products and convolutions, and the
 * bytes that these read and write once.
 *
 * @param flops multiplications and additions
 * @param bytes bytes of operands and results
 */
record WorkCount(long flops, long bytes) {

    /** Counts while {@code work} runs once. */
    static WorkCount of(Runnable work) {
        long[] counts = new long[2];
        try (Dispatch.Scope scope = Dispatch.intercept((op, inputs, chain) -> {
            Tensor[] outputs = chain.proceed(op, inputs);
            if (op.name().matches("(conv2d|linear|matmul).*")) {
                List<TensorSpec> specs = new ArrayList<>();
                for (Tensor input : inputs) {
                    specs.add(input.spec());
                    counts[1] += bytes(input);
                }
                counts[0] += op.flops(specs);
                for (Tensor output : outputs) {
                    counts[1] += bytes(output);
                }
            }
            return outputs;
        })) {
            work.run();
        }
        return new WorkCount(counts[0], counts[1]);
    }

    /** The same plus Adam's traffic: parameter, gradient and two moments read, all but the gradient written. */
    WorkCount withAdam(Module model) {
        long elements = model.parameters().stream().map(Parameter::shape).mapToLong(shape -> shape.numel()).sum();
        return new WorkCount(flops, bytes + 7 * elements * Float.BYTES);
    }

    private static long bytes(Tensor tensor) {
        return tensor.numel() * tensor.dtype().byteSize();
    }
}

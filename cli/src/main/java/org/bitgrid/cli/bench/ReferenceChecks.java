package org.bitgrid.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.nn.CrossEntropyLoss;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.tensor.reference.ReferenceBackend;
import org.bitgrid.tensor.spi.Interceptor;

/** Checks what is about to be timed against the reference, on a part of the batch that the reference can bear. */
final class ReferenceChecks {
    /** Images that the reference computes: it is naive, and some thousand times slower. */
    private static final int IMAGES = 4;
    /** Rounding errors of single precision through four layers, forth and back, are some 1e-6 of the largest value. */
    private static final double BOUND = 2e-5;

    private ReferenceChecks() {
    }

    /** The model's outputs against those of the same operators on the reference, all in single precision. */
    static void outputs(String what, Module model, Tensor images, double bound) {
        Tensor part = images.slice(0, 0, Math.min(IMAGES, images.spec().shape().dim(0)), 1).contiguous();
        model.eval();
        float[] got;
        float[] expected;
        try (Dispatch.Scope noGrad = Autograd.noGrad()) {
            // Rows do not depend on one another, so the first ones of the whole batch are compared.
            got = model.call(images).toFloatArray();
            try (Dispatch.Scope reference = Dispatch.intercept(ReferenceChecks::onReference)) {
                expected = model.call(part).toFloatArray();
            }
        }
        compare(what, Arrays.copyOf(got, expected.length), expected, bound);
    }

    private static Tensor[] onReference(Op op, Tensor[] inputs, Interceptor.Chain chain) {
        var definition = ReferenceBackend.definition(op.getClass());
        if (op instanceof ViewOp || definition == null || !op.mutates().isEmpty()) {
            return op instanceof ComposedOp composed && definition == null ? composed.decompose(inputs)
                    : chain.proceed(op, inputs);
        }
        List<TensorSpec> specs = new ArrayList<>();
        for (Tensor input : inputs) {
            specs.add(input.spec());
        }
        List<TensorSpec> outputs = op.infer(specs);
        Tensor[] results = new Tensor[outputs.size()];
        for (int i = 0; i < results.length; i++) {
            TensorSpec spec = outputs.get(i);
            results[i] = Tensor.of(Storage.allocate(spec.dtype(), (int) spec.shape().numel()),
                    Layout.contiguous(spec.shape()), spec.device());
        }
        definition.run(op, inputs, results);
        return results;
    }

    /** Loss and gradients of a training step against the same model in double precision. */
    static void gradients(Module model, Module same, BenchNetworks networks) {
        BenchNetworks.copy(model, same);
        BenchNetworks.toDouble(same);
        Tensor images = networks.images.slice(0, 0, IMAGES, 1).contiguous();
        Tensor labels = networks.labels.slice(0, 0, IMAGES, 1).contiguous();
        model.train();
        same.train();
        CrossEntropyLoss lossFunction = new CrossEntropyLoss();
        Tensor loss = lossFunction.call(model.call(images), labels);
        loss.backward();
        Tensor expected = lossFunction.call(same.call(images.to(DType.FLOAT64)), labels);
        expected.backward();
        compare("loss", new float[] {(float) loss.item()}, new float[] {(float) expected.item()}, BOUND);
        same.namedParameters().forEach((name, parameter) -> {
            // The batch norm behind a convolution takes its bias out again: that gradient is nothing but rounding errors.
            if (!name.matches("conv\\d\\.bias")) {
                compare("gradient of " + name, model.namedParameters().get(name).grad().toFloatArray(),
                        parameter.grad().toFloatArray(), BOUND);
            }
        });
        model.zeroGrad();
    }

    static void compare(String what, float[] got, float[] expected, double bound) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs((double) got[i] - expected[i]));
        }
        if (!(worst <= bound * largest)) { // also when it is not a number
            throw new CheckFailedException("bench: " + what + " differs from the reference; got a difference of " + worst
                    + "; expected at most " + bound * largest);
        }
    }
}

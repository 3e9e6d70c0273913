package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.testing.Inputs;
import org.bitgrid.testing.Near;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.bitgrid.testing.Variants;
import org.bitgrid.testing.Variants.Variant;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What holds for every operator whatever it computes. */
class OpPropertyTest {
    @TestFactory
    Stream<DynamicTest> noNumberIsLost() {
        return OpSamples.tests(sample -> {
            for (Tensor output : sample.run(sample.inputs())) {
                for (double value : output.toDoubleArray()) {
                    assertThat(value).as(sample.name()).isFinite();
                }
            }
        });
    }

    /** Only what the operator declares is changed, and its version says so; other inputs are not even touched. */
    @TestFactory
    Stream<DynamicTest> onlyDeclaredInputsChange() {
        return OpSamples.tests(sample -> {
            Tensor[] inputs = sample.inputs();
            Tensor[] copies = Inputs.copies(inputs);
            int[] versions = Arrays.stream(inputs).mapToInt(each -> each.storage().version()).toArray();
            List<Integer> mutated = sample.op().mutates();
            Tensor[] outputs = Dispatch.applyAll(sample.op(), inputs);
            for (int i = 0; i < inputs.length; i++) {
                boolean changes = mutated.contains(i);
                assertThat(inputs[i].storage().version()).as("%s, version of input %d", sample.name(), i)
                        .isEqualTo(versions[i] + (changes ? 1 : 0));
                if (!changes) {
                    Near.same(sample.name() + ", input " + i, inputs[i], copies[i]);
                }
            }
            for (int i = 0; i < mutated.size(); i++) {
                assertThat(outputs[i]).as("%s, output %d", sample.name(), i).isSameAs(inputs[mutated.get(i)]);
            }
        });
    }

    /** Outputs have memory of their own, but for views and what is changed in place. */
    @TestFactory
    Stream<DynamicTest> outputsAliasOnlyWhereDeclared() {
        return OpSamples.tests(sample -> {
            Op op = sample.op();
            if (op instanceof ViewOp || op instanceof ComposedOp) {
                return;
            }
            Tensor[] inputs = sample.inputs();
            Tensor[] outputs = sample.run(inputs);
            for (int i = op.mutates().size(); i < outputs.length; i++) {
                for (Tensor input : inputs) {
                    assertThat(outputs[i].storage()).as("%s, output %d", sample.name(), i)
                            .isNotSameAs(input.storage());
                }
            }
        });
    }

    /** What tracing sees is what running gives, and tensors without elements can be computed with. */
    @TestFactory
    Stream<DynamicTest> shapesWithoutElementsAreTheSame() {
        return OpSamples.tests(sample -> {
            sameSpecs(sample, "as it is", sample.inputs(), sample.run(sample.inputs()));
            for (Variant variant : Variants.broadcast(sample.inputs())) {
                if (Variants.accepted(sample.op(), variant.inputs())) {
                    Tensor[] outputs;
                    try {
                        outputs = sample.run(variant.inputs());
                    } catch (BitgridException badValues) {
                        continue; // such as an index that lies outside now, which a shape rule cannot see
                    }
                    sameSpecs(sample, variant.name(), variant.inputs(), outputs);
                }
            }
        });
    }

    private static void sameSpecs(OpSample sample, String variant, Tensor[] inputs, Tensor[] real) {
        if (inputs.length > 0) {
            Tensor[] meta = sample.run(Arrays.stream(inputs).map(each -> Tensor.meta(each.shape(), each.dtype()))
                    .toArray(Tensor[]::new));
            assertThat(specs(meta)).as("%s, %s", sample.name(), variant).isEqualTo(specs(real));
        }
    }

    private static List<TensorSpec> specs(Tensor[] tensors) {
        return Arrays.stream(tensors).map(each -> new TensorSpec(each.shape(), each.dtype(), Device.CPU)).toList();
    }

    /** Counts of operations are not negative, never shrink with the input, and are 0 for what moves data only. */
    @TestFactory
    Stream<DynamicTest> operationsAreCounted() {
        return OpSamples.tests(sample -> {
            Op op = sample.op();
            List<TensorSpec> specs = Variants.specs(sample.inputs());
            long flops = op.flops(specs);
            assertThat(flops).as(sample.name()).isNotNegative();
            assertThat(op.reductionLength(specs)).as(sample.name()).isPositive();
            if (op.movesDataOnly()) {
                assertThat(flops).as(sample.name()).isZero();
            }
            for (Variant variant : Variants.longer(sample.inputs(), 37, 10_000)) {
                if (Variants.accepted(op, variant.inputs())) {
                    assertThat(op.flops(Variants.specs(variant.inputs()))).as("%s, %s", sample.name(), variant.name())
                            .isGreaterThanOrEqualTo(flops);
                }
            }
            if (op instanceof MatMul || op instanceof Linear || op instanceof Conv2d) {
                long outputs = op.infer(specs).get(0).shape().numel();
                long terms = specs.get(1).shape().numel() == 0 ? 0 : op.reductionLength(specs.subList(0, 2));
                assertThat(flops).as(sample.name()).isEqualTo(2 * outputs * terms);
            }
        });
    }

    /** A dimension counted from the end is the same dimension. */
    @TestFactory
    Stream<DynamicTest> dimensionsCountFromTheEnd() {
        return OpSamples.tests(sample -> {
            Tensor[] inputs = sample.inputs();
            Op other = inputs.length == 0 ? null : countedFromTheEnd(sample.op(), inputs[0].shape());
            if (other == null) {
                return;
            }
            Tensor[] expected = sample.run(inputs);
            Tensor[] found = OpSample.run(other, inputs);
            for (int i = 0; i < expected.length; i++) {
                Near.same(sample.name() + " as " + other, found[i], expected[i]);
            }
        });
    }

    /** The operator with every dimension among its attributes written as a negative number, or null if it has none. */
    private static Op countedFromTheEnd(Op op, Shape shape) {
        boolean internal = op.getClass().isMemberClass() && op.name().endsWith("_grad");
        if (!op.getClass().isRecord() || internal || shape.rank() == 0) {
            return null;
        }
        RecordComponent[] components = op.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        boolean any = false;
        try {
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getAccessor().invoke(op);
                types[i] = components[i].getType();
                if (isDimension(op, components[i].getName())) {
                    int rank = op instanceof Unsqueeze ? shape.rank() + 1 : shape.rank();
                    if (values[i] instanceof Integer axis && axis >= 0) {
                        values[i] = axis - rank;
                        any = true;
                    } else if (values[i] instanceof List<?> axes && !axes.isEmpty()) {
                        values[i] = axes.stream().map(each -> (Integer) each < 0 ? each : (Integer) each - rank)
                                .toList();
                        any = true;
                    }
                }
            }
            Constructor<?> constructor = op.getClass().getDeclaredConstructor(types);
            return any ? (Op) constructor.newInstance(values) : null;
        } catch (ReflectiveOperationException failed) {
            throw new AssertionError(op + ": cannot be made anew", failed);
        }
    }

    private static boolean isDimension(Op op, String component) {
        return switch (component) {
            case "axis", "axes", "first", "second" -> true;
            case "start", "end" -> op instanceof Flatten;
            default -> false;
        };
    }
}

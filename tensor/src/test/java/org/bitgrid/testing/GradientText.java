package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.Fill;
import org.bitgrid.tensor.op.NotDifferentiable;
import org.bitgrid.tensor.op.NotDifferentiableException;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.VjpContext;

/**
 * Formulas of gradients, found by running the gradient rules and writing down which operators they use: g is the
 * gradient of the output, y the output, x the input, or a, b, c … when there are several.
 */
final class GradientText {
    private static final int LONGEST = 160;

    private final Map<Tensor, String> names = new IdentityHashMap<>();

    private GradientText() {
    }

    /** The gradient of each input that has one, or why there is none. */
    static String gradient(OpSample sample) {
        Op op = sample.op();
        if (op instanceof NotDifferentiable not) {
            return "none: " + not.reason();
        }
        Tensor[] inputs = sample.inputs();
        if (op instanceof ComposedOp && !Reference.defines(op)) {
            return "that of its parts";
        }
        if (inputs.length == 0) {
            return "none: it has no inputs";
        }
        GradientText text = new GradientText();
        text.name(inputs);
        Tensor[] outputs = OpSample.run(op, inputs);
        for (int i = 0; i < outputs.length; i++) {
            text.names.put(outputs[i], outputs.length == 1 ? "y" : "y" + i);
        }
        try (Dispatch.Scope watching = text.watch()) {
            Tensor[] grads = op.vjp(text.new Context(inputs, outputs));
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < grads.length; i++) {
                if (grads[i] != null) {
                    parts.add((grads.length == 1 ? "" : letter(i) + ": ") + text.of(grads[i]));
                }
            }
            return parts.isEmpty() ? "none" : "`" + String.join("`; `", parts) + "`";
        } catch (NotDifferentiableException none) {
            return "none: " + none.getMessage();
        }
    }

    /** What an operator is made of, or empty when it has a definition of its own. */
    static String parts(OpSample sample) {
        if (!(sample.op() instanceof ComposedOp composed)) {
            return "";
        }
        GradientText text = new GradientText();
        Tensor[] inputs = sample.inputs();
        text.name(inputs);
        try (Dispatch.Scope watching = text.watch()) {
            return Arrays.stream(composed.decompose(inputs)).map(output -> "`" + text.of(output) + "`")
                    .collect(Collectors.joining("; "));
        }
    }

    private void name(Tensor[] inputs) {
        for (int i = 0; i < inputs.length; i++) {
            names.put(inputs[i], inputs.length == 1 ? "x" : letter(i));
        }
    }

    private static String letter(int index) {
        return String.valueOf((char) ('a' + index));
    }

    private Dispatch.Scope watch() {
        return Dispatch.intercept((op, inputs, chain) -> {
            String call = call(op, inputs);
            Tensor[] outputs = chain.proceed(op, inputs);
            for (int i = 0; i < outputs.length; i++) {
                names.put(outputs[i], outputs.length == 1 || i == 0 ? call : call + "[" + i + "]");
            }
            return outputs;
        });
    }

    private String call(Op op, Tensor[] inputs) {
        List<String> operands = Arrays.stream(inputs).map(this::of).toList();
        if (op instanceof Fill fill) {
            return number(fill.value());
        }
        if (op instanceof Pointwise2 two && !two.kind().infix().isEmpty()) {
            return "(" + operands.get(0) + " " + two.kind().infix() + " " + operands.get(1) + ")";
        }
        if (op instanceof PointwiseScalar scalar) {
            String number = number(scalar.scalar());
            String left = scalar.reversed() ? number : operands.get(0);
            String right = scalar.reversed() ? operands.get(0) : number;
            return scalar.kind().infix().isEmpty() ? op.name() + "(" + left + ", " + right + ")"
                    : "(" + left + " " + scalar.kind().infix() + " " + right + ")";
        }
        return op.name() + "(" + String.join(", ", operands) + ")";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? String.valueOf((long) value)
                : String.valueOf((float) value);
    }

    private String of(Tensor tensor) {
        String text = names.getOrDefault(tensor, "constant");
        return text.length() <= LONGEST ? text : text.substring(0, text.indexOf('(') + 1) + "…)";
    }

    private final class Context implements VjpContext {
        private final Tensor[] inputs;
        private final Tensor[] outputs;
        private final Tensor[] grads;

        Context(Tensor[] inputs, Tensor[] outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
            this.grads = new Tensor[outputs.length];
            grads[0] = Tensors.onesLike(outputs[0]);
            names.put(grads[0], "g");
        }

        @Override
        public Tensor input(int index) {
            return inputs[index];
        }

        @Override
        public Tensor output(int index) {
            return outputs[index];
        }

        @Override
        public Tensor gradOutput(int index) {
            return grads[index] != null ? grads[index] : Tensors.zerosLike(outputs[index]);
        }

        @Override
        public boolean hasGradOutput(int index) {
            return grads[index] != null;
        }

        @Override
        public boolean needs(int index) {
            return inputs[index].dtype().isFloating();
        }

        @Override
        public int inputCount() {
            return inputs.length;
        }

        @Override
        public TensorSpec inputSpec(int index) {
            return inputs[index].spec();
        }

        @Override
        public TensorSpec outputSpec(int index) {
            return outputs[index].spec();
        }
    }
}

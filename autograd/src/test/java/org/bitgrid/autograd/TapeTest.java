package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.VjpContext;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static Tensor leaf(float... values) {
        return Tensors.of(values).requiresGrad(true);
    }

    @Test
    void aScalarFunctionLeavesItsSlopeInTheLeaf() {
        Tensor x = leaf(1, 2, 3);
        x.square().mul(2.0).sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(4, 8, 12);
        assertThat(x.isLeaf()).isTrue();
        assertThat(x.square().isLeaf()).isFalse();
    }

    @Test
    void matrixProductsBroadcastsAndViewsDifferentiate() {
        Tensor a = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).requiresGrad(true);
        Tensor b = Tensors.of(new float[] {1, 0, 2, 1, 0, 3}, 3, 2).requiresGrad(true);
        Tensor bias = leaf(10, 20);
        a.matmul(b).add(bias).transpose(0, 1).slice(0, 1, 2).sum().backward();
        assertThat(a.grad().toFloatArray()).containsExactly(0, 1, 3, 0, 1, 3);
        assertThat(b.grad().toFloatArray()).containsExactly(0, 5, 0, 7, 0, 9);
        assertThat(bias.grad().toFloatArray()).containsExactly(0, 2);
    }

    @Test
    void gradientsOfADiamondAndOfTwoWalksAddUp() {
        Tensor x = leaf(3);
        Tensor y = x.mul(x);
        y.add(y.mul(x)).sum().backward();
        assertThat(x.grad().item()).isEqualTo(2 * 3 + 3 * 9);
        Tensor first = x.grad();
        x.mul(5.0).sum().backward();
        assertThat(x.grad().item()).isEqualTo(33 + 5);
        assertThat(x.grad()).as("accumulates in place").isSameAs(first);
        x.setGrad(null);
        assertThat(x.grad()).isNull();
    }

    @Test
    void aGradientThatIsTheUsersOwnTensorIsNeverChanged() {
        Tensor x = leaf(1, 2);
        Tensor seed = Tensors.of(1f, 1f);
        Tensor y = x.add(x);
        Autograd.backward(y, GradOptions.DEFAULT.withGradOutputs(seed).withRetainGraph());
        y.backward(seed);
        assertThat(seed.toFloatArray()).containsExactly(1, 1);
        assertThat(x.grad().toFloatArray()).containsExactly(4, 4);
        Tensor z = leaf(5, 6);
        z.backward(seed);
        z.backward(seed);
        assertThat(seed.toFloatArray()).containsExactly(1, 1);
        assertThat(z.grad().toFloatArray()).containsExactly(2, 2);
    }

    @Test
    void aChainOfAHundredThousandOperatorsIsWalked() {
        Tensor x = leaf(1, 1, 1);
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = i % 2 == 0 ? y.mul(0.5) : y.mul(2.0);
        }
        y.sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(1, 1, 1);
        Tensor z = x;
        for (int i = 0; i < 100_000; i++) {
            z = z.mul(1.0);
        }
        assertThat(Autograd.grad(z.sum(), x)[0].toFloatArray()).containsExactly(1, 1, 1);
    }

    @Test
    void nothingIsRecordedUnderNoGradNorForIntegers() {
        Tensor x = leaf(1, 2);
        try (Dispatch.Scope off = Autograd.noGrad()) {
            assertThat(x.mul(2.0).requiresGrad()).isFalse();
            try (Dispatch.Scope on = Autograd.enableGrad()) {
                assertThat(x.mul(2.0).requiresGrad()).isTrue();
            }
        }
        assertThat(Autograd.noGrad(() -> x.mul(2.0)).requiresGrad()).isFalse();
        assertThat(Autograd.isGradEnabled()).isTrue();
        assertThat(x.mul(2.0).requiresGrad()).isTrue();
        assertThat(x.gt(1.0).requiresGrad()).isFalse();
        assertThat(x.argmax().requiresGrad()).isFalse();
        assertThat(x.detach().requiresGrad()).isFalse();
        assertThat(Tensors.of(1f).mul(2.0).requiresGrad()).isFalse();
    }

    @Test
    void aSecondWalkNeedsTheGraphToBeRetained() {
        Tensor x = leaf(2);
        Tensor y = x.exp().sum();
        y.backward();
        assertThatThrownBy(y::backward).isInstanceOf(StateException.class).hasMessageMatching(
                "backward: the tensors that exp #\\d+ \\(shape \\(1,\\)\\) saved were given back when the graph was "
                        + "walked first; pass retainGraph to the first walk");
        Tensor z = x.exp().sum();
        Autograd.backward(z, GradOptions.DEFAULT.withRetainGraph());
        Autograd.backward(z, GradOptions.DEFAULT);
        assertThat(x.grad().item()).isCloseTo(3 * StrictMath.exp(2), within(1e-5));
    }

    @Test
    void whatCannotBeWalkedIsRefusedWithAReason() {
        Tensor x = leaf(1, 2);
        assertThatThrownBy(() -> x.mul(2.0).backward()).isInstanceOf(ShapeException.class)
                .hasMessage("backward: needs a scalar; got (2,); call sum() or pass a gradient");
        assertThatThrownBy(() -> Tensors.of(1f).backward()).isInstanceOf(StateException.class)
                .hasMessageContaining("backward: tensor of shape (1,) does not require gradients");
        assertThatThrownBy(() -> x.mul(2.0).backward(Tensors.of(1f))).isInstanceOf(ShapeException.class)
                .hasMessage("backward: gradient has the wrong shape; got (1,); expected (2,)");
        assertThatThrownBy(() -> Tensors.arange(3).requiresGrad(true)).isInstanceOf(DTypeException.class)
                .hasMessageContaining("only floating-point tensors can require gradients; got");
        assertThatThrownBy(() -> x.mul(2.0).requiresGrad(false)).isInstanceOf(StateException.class)
                .hasMessageContaining("use detach()");
        assertThatThrownBy(() -> x.setGrad(Tensors.of(1f))).isInstanceOf(ShapeException.class)
                .hasMessage("setGrad: gradient has the wrong shape; got (1,); expected (2,)");
    }

    @Test
    void leavesCanBeSwitchedOffAndOnAgain() {
        Tensor x = leaf(1, 2);
        assertThat(x.requiresGrad()).isTrue();
        x.requiresGrad(false);
        assertThat(x.requiresGrad()).isFalse();
        assertThat(x.mul(2.0).requiresGrad()).isFalse();
        x.requiresGrad(true);
        x.mul(2.0).sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(2, 2);
    }

    @Test
    void gradientsHaveTheTypeOfTheirTensor() {
        Tensor x = leaf(1, 2);
        Tensor y = Tensors.of(new double[] {3, 4}, 2).requiresGrad(true);
        x.mul(y).sum().backward();
        assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(y.grad().dtype()).isEqualTo(DType.FLOAT64);
        assertThat(x.grad().toFloatArray()).containsExactly(3, 4);
        assertThat(x.to(DType.FLOAT64).dtype()).isEqualTo(DType.FLOAT64);
    }

    @Test
    void gradientsOfOtherTensorsAreKeptOnRequest() {
        Tensor x = leaf(1, 2);
        Tensor y = Autograd.retainGrad(x.mul(3.0));
        y.square().sum().backward();
        assertThat(y.grad().toFloatArray()).containsExactly(6, 12);
        assertThat(x.grad().toFloatArray()).containsExactly(18, 36);
        assertThatThrownBy(() -> Autograd.retainGrad(Tensors.of(1f))).isInstanceOf(StateException.class);
    }

    @Test
    void threadsWalkSeparateGraphsAndShareLeaves() throws InterruptedException {
        Tensor shared = leaf(1, 1, 1, 1);
        List<Thread> threads = new ArrayList<>();
        float[][] own = new float[4][];
        for (int i = 0; i < own.length; i++) {
            int factor = i + 1;
            Thread thread = new Thread(() -> {
                Tensor mine = leaf(2, 2, 2, 2);
                for (int j = 0; j < 50; j++) {
                    shared.mul(mine).mul((double) factor).sum().backward();
                }
                own[factor - 1] = mine.grad().toFloatArray();
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(shared.grad().toFloatArray()).containsExactly(1000, 1000, 1000, 1000);
        for (int i = 0; i < own.length; i++) {
            assertThat(own[i]).containsExactly(50 * (i + 1), 50 * (i + 1), 50 * (i + 1), 50 * (i + 1));
        }
    }

    /** Doubles; its gradient rule can be made to misbehave. */
    private record Misbehaving(String how) implements Op {
        @Override
        public String name() {
            return "misbehaving";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            return inputs;
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return switch (how) {
                case "reads an input" -> new Tensor[] {context.input(0)};
                case "reads an output" -> new Tensor[] {context.output(0)};
                case "wrong shape" -> new Tensor[] {context.gradOutput().sum()};
                default -> new Tensor[0];
            };
        }

        Tensor apply(Tensor x) {
            Tensor[] outputs = new Tape().record(this, new Tensor[] {x},
                    (op, inputs) -> new Tensor[] {Autograd.noGrad(() -> inputs[0].mul(2.0))});
            return outputs[0];
        }
    }

    @Test
    void gradientRulesAreHeldToWhatTheyDeclare() {
        Tensor x = leaf(1, 2);
        Tensor ones = Tensors.of(1f, 1f);
        assertThatThrownBy(() -> new Misbehaving("reads an input").apply(x).backward(ones))
                .isInstanceOf(StateException.class).hasMessageContaining("misbehaving: gradient rule reads input 0, "
                        + "which it does not declare");
        assertThatThrownBy(() -> new Misbehaving("reads an output").apply(x).backward(ones))
                .isInstanceOf(StateException.class).hasMessageContaining("misbehaving: gradient rule reads output 0");
        assertThatThrownBy(() -> new Misbehaving("wrong shape").apply(x).backward(ones))
                .isInstanceOf(ShapeException.class).hasMessage("misbehaving: gradient of input 0 has the wrong shape; "
                        + "got (); expected (2,)");
        assertThatThrownBy(() -> new Misbehaving("too few").apply(x).backward(ones))
                .isInstanceOf(ShapeException.class).hasMessageContaining("one gradient for each input; got 0");
        assertThat(x.grad()).isNull();
    }

    @Test
    void randomGraphsAgreeWithFiniteDifferences() {
        Rng rng = new Rng(5);
        for (int trial = 0; trial < 20; trial++) {
            int[] choices = new int[12];
            for (int i = 0; i < choices.length; i++) {
                choices[i] = rng.nextInt(6);
            }
            double[] values = new double[6];
            for (int i = 0; i < values.length; i++) {
                values[i] = rng.nextDouble() - 0.5;
            }
            GradCheck.DEFAULT.check(in -> build(in[0], choices), Tensors.of(values, 2, 3));
        }
    }

    private static Tensor build(Tensor x, int[] choices) {
        List<Tensor> made = new ArrayList<>(List.of(x, x.mul(0.5)));
        for (int i = 0; i < choices.length; i++) {
            Tensor a = made.get(made.size() - 1);
            Tensor b = made.get((i * 7 + choices[i]) % made.size());
            made.add(switch (choices[i]) {
                case 0 -> a.mul(b);
                case 1 -> a.add(b.tanh());
                case 2 -> a.sub(b).sigmoid();
                case 3 -> a.transpose(0, 1).matmul(b).sum(List.of(0), true).expand(2, 3);
                case 4 -> Tensors.cat(List.of(a, b), 0).slice(0, 1, 3);
                default -> a.mean(List.of(1), true).add(b);
            });
        }
        return made.get(made.size() - 1);
    }
}

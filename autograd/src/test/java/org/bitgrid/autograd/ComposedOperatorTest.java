package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Conv1d;
import org.bitgrid.tensor.op.ConvTranspose2d;
import org.bitgrid.tensor.op.Embedding;
import org.bitgrid.tensor.op.GroupNorm;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.OneHot;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.RmsNorm;
import org.bitgrid.tensor.op.Roll;
import org.bitgrid.tensor.op.Window2d;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Operators that select, order, fold and resize: derivatives, values by hand, and what they refuse. */
class ComposedOperatorTest {
    private record Sample(Function<Tensor[], Tensor> function, Tensor... inputs) {
    }

    /** All values differ by more than the step of the differences. */
    private static Tensor random(long seed, int... dims) {
        Rng rng = new Rng(seed);
        double[] values = new double[(int) Shape.of(dims).numel()];
        int[] order = rng.permutation(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = (order[i] + 0.5 * rng.nextDouble()) * 2.4 / values.length - 1.2;
        }
        return Tensors.of(values, dims);
    }

    private static Sample op(Op op, Tensor... inputs) {
        return new Sample(in -> Dispatch.apply(op, in), inputs);
    }

    private static Map<String, Sample> samples() {
        Tensor x = random(1, 2, 3, 4);
        Tensor image = random(2, 1, 2, 4, 5);
        Tensor index = Tensors.of(new long[] {2, 0, 2, 1}, 2, 2);
        Map<String, Sample> samples = new LinkedHashMap<>();
        samples.put("index select", new Sample(in -> in[0].indexSelect(1, index), x));
        samples.put("embedding", paddedEmbedding(new Embedding(1), random(3, 3, 2), index));
        samples.put("cumsum", new Sample(in -> in[0].cumsum(1), x));
        samples.put("sort", new Sample(in -> in[0].sort(2, true)[0], x));
        samples.put("topk", new Sample(in -> in[0].topk(2, 1)[0], x));
        samples.put("flip", new Sample(in -> in[0].flip(0, -1), x));
        samples.put("roll", new Sample(in -> in[0].roll(-1, 2), x));
        samples.put("roll all", op(new Roll(List.of(5), List.of()), x));
        samples.put("repeat", new Sample(in -> in[0].repeat(2, 1, 2, 1), x));
        samples.put("pad constant", new Sample(in -> in[0].pad(0.5, 1, -1, 0, 2), x));
        samples.put("pad reflect", new Sample(in -> in[0].pad(Pad.Mode.REFLECT, 0, 2, 1, 1, 2), x));
        samples.put("pad replicate", new Sample(in -> in[0].pad(Pad.Mode.REPLICATE, 0, 2, 5), x));
        samples.put("pad circular", new Sample(in -> in[0].pad(Pad.Mode.CIRCULAR, 0, 2, 1, 3, 0), x));
        samples.put("pixel shuffle", new Sample(in -> in[0].pixelShuffle(2), random(4, 1, 4, 2, 3)));
        samples.put("pixel unshuffle", new Sample(in -> in[0].pixelUnshuffle(2), random(5, 1, 2, 2, 4)));
        samples.put("var", new Sample(in -> in[0].var(List.of(0, 2), 1, true), x));
        samples.put("std", new Sample(in -> in[0].std(List.of(), 0, false), x));
        samples.put("logsumexp", new Sample(in -> in[0].logsumexp(List.of(0, 2), false), x));
        samples.put("norm 2", new Sample(in -> in[0].norm(), x));
        samples.put("norm 3", new Sample(in -> in[0].norm(3, List.of(1), false), x));
        samples.put("norm 1", new Sample(in -> in[0].norm(1, List.of(1), false), x));
        samples.put("norm infinity", new Sample(in -> in[0].norm(Double.POSITIVE_INFINITY, List.of(1), true), x));
        samples.put("prod with a zero", new Sample(in -> in[0].prod(1), Tensors.of(new double[] {1.5, 0, -2, 3, 0.5,
            -0.7, 0, 0, 1.1, 2}, 2, 5)));
        samples.put("group norm", op(new GroupNorm(2, 1e-5, false), random(6, 2, 4, 3), random(7, 4), random(8, 4)));
        samples.put("instance norm", op(new GroupNorm(0, 1e-5, true), random(9, 2, 2, 2, 2)));
        samples.put("rms norm", op(new RmsNorm(Shape.of(3, 4), 1e-5), x, random(10, 3, 4)));
        for (Interpolate.Mode mode : Interpolate.Mode.values()) {
            samples.put("interpolate " + mode, op(new Interpolate(3, 7, mode, false), image));
        }
        samples.put("interpolate with aligned corners", op(new Interpolate(6, 3, Interpolate.Mode.BICUBIC, true),
                image));
        samples.put("conv1d", op(new Conv1d(2, 1, 1, 2), random(11, 2, 2, 5), random(12, 4, 1, 3), random(13, 4)));
        samples.put("conv transpose", op(new ConvTranspose2d(new Window2d(3, 2, 2, 1, 1, 0, 1, 2), 1, 0, 2),
                random(14, 1, 2, 2, 3), random(15, 2, 2, 3, 2), random(16, 4)));
        return samples;
    }

    private static Sample paddedEmbedding(Op op, Tensor x, Tensor constant) {
        // Rows at the padding index get no gradient, which differences would not know: look at the others only.
        Tensor others = constant.ne(1.0).to(DType.FLOAT64).unsqueeze(-1);
        return new Sample(in -> Dispatch.apply(op, in[0], constant).mul(others), x);
    }

    @TestFactory
    Stream<DynamicTest> firstDerivatives() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                GradCheck.DEFAULT.check(each.getValue().function(), each.getValue().inputs())));
    }

    @TestFactory
    Stream<DynamicTest> secondDerivatives() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                GradCheck.DEFAULT.checkSecondOrder(in -> each.getValue().function().apply(in).square(),
                        each.getValue().inputs())));
    }

    private static Tensor counting(int... dims) {
        return Tensors.arange((int) Shape.of(dims).numel()).to(DType.FLOAT32).reshape(dims);
    }

    @Test
    void slicesAreSelectedOnBothBackends() {
        for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64)) {
            Tensor x = counting(2, 3, 2).to(type);
            assertThat(x.indexSelect(1, Tensors.of(new int[] {2, 2, 0}, 3)).toFloatArray())
                    .containsExactly(4, 5, 4, 5, 0, 1, 10, 11, 10, 11, 6, 7);
            assertThat(x.indexSelect(-1, Tensors.of(new long[] {1}, 1)).toFloatArray())
                    .containsExactly(1, 3, 5, 7, 9, 11);
            assertThat(x.indexSelect(0, Tensors.of(new long[0], 0)).shape()).isEqualTo(Shape.of(0, 3, 2));
            assertThatThrownBy(() -> x.indexSelect(1, Tensors.of(new long[] {3}, 1))).isInstanceOf(ShapeException.class)
                    .hasMessage("index_select: index out of range; got 3; expected 0 to 2");
        }
        assertThatThrownBy(() -> counting(2).indexSelect(0, counting(1))).isInstanceOf(DTypeException.class);
        Tensor view = counting(3, 4).transpose(0, 1).slice(0, 1, 4);
        assertThat(view.indexSelect(0, Tensors.of(new long[] {2, 0}, 2)).toFloatArray())
                .containsExactly(3, 7, 11, 1, 5, 9);
    }

    @Test
    void repeatedRowsGatherTheirGradients() {
        Tensor table = counting(3, 2).requiresGrad(true);
        Tensor words = Tensors.of(new long[] {2, 0, 2, 1}, 2, 2);
        Tensor rows = Dispatch.function(new Embedding(1), table, words);
        assertThat(rows.shape()).isEqualTo(Shape.of(2, 2, 2));
        assertThat(rows.toFloatArray()).containsExactly(4, 5, 0, 1, 4, 5, 2, 3);
        rows.sum().backward();
        assertThat(table.grad().toFloatArray()).containsExactly(1, 1, 0, 0, 2, 2);
    }

    @Test
    void elementsMoveWhereTheyShould() {
        Tensor x = counting(2, 3);
        assertThat(x.flip(0, 1).toFloatArray()).containsExactly(5, 4, 3, 2, 1, 0);
        assertThat(x.roll(1, 1).toFloatArray()).containsExactly(2, 0, 1, 5, 3, 4);
        assertThat(x.roll(-4, 1).toFloatArray()).containsExactly(1, 2, 0, 4, 5, 3);
        assertThat(x.tile(2).toFloatArray()).containsExactly(0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5);
        assertThat(x.repeat(2, 1).toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
        assertThat(x.repeat(0, 1).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(x.pad(9, 1, 0, -1, 1).toFloatArray()).containsExactly(9, 3, 4, 5, 9, 9, 9, 9);
        assertThat(x.pad(Pad.Mode.CIRCULAR, 0, 2, 1).slice(0, 0, 1).toFloatArray())
                .containsExactly(1, 2, 0, 1, 2, 0);
        Tensor image = counting(1, 4, 1, 2);
        assertThat(image.pixelShuffle(2).toFloatArray()).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
        assertThat(image.pixelShuffle(2).pixelUnshuffle(2).toFloatArray()).containsExactly(image.toFloatArray());
        assertThat(counting(7).chunk(3, 0)).hasSize(3);
        assertThat(counting(7).chunk(3, 0).get(2).toFloatArray()).containsExactly(6);
        assertThat(Dispatch.apply(new OneHot(3), Tensors.of(new long[] {2, 0, 5}, 3)).toLongArray())
                .containsExactly(0, 0, 1, 1, 0, 0, 0, 0, 0);
    }

    @Test
    void orderIsStableAndPutsNaNLast() {
        Tensor x = Tensors.of(2f, Float.NaN, 1f, 2f, -0f, 0f);
        Tensor[] up = x.sort(0, false);
        assertThat(up[1].toLongArray()).containsExactly(4, 5, 2, 0, 3, 1);
        assertThat(x.sort(0, true)[1].toLongArray()).containsExactly(1, 0, 3, 2, 4, 5);
        assertThat(x.argsort(0, false).dtype()).isEqualTo(DType.INT64);
        Tensor[] best = counting(2, 3).topk(2, 1);
        assertThat(best[0].toFloatArray()).containsExactly(2, 1, 5, 4);
        assertThat(best[1].toLongArray()).containsExactly(2, 1, 2, 1);
        assertThatThrownBy(() -> counting(2, 3).topk(4, 1)).isInstanceOf(ShapeException.class)
                .hasMessage("topk: k is out of range; got 4; expected 0 to 3");
    }

    @Test
    void foldsHaveTheirLimits() {
        Tensor x = Tensors.of(3f, 4f);
        assertThat(x.norm().item()).isEqualTo(5);
        assertThat(x.norm(0, List.of(), false).item()).isEqualTo(2);
        assertThat(x.norm(Double.NEGATIVE_INFINITY, List.of(), false).item()).isEqualTo(3);
        Tensor zero = Tensors.zeros(3).requiresGrad(true);
        zero.norm().backward();
        assertThat(zero.grad().toFloatArray()).containsExactly(0, 0, 0);
        assertThat(Tensors.of(1000f, 1000f).logsumexp(List.of(), false).item())
                .isCloseTo(1000 + StrictMath.log(2), within(1e-4));
        assertThat(Tensors.of(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY).logsumexp(List.of(), false).item())
                .isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Tensors.of(Float.POSITIVE_INFINITY, 0).logsumexp(List.of(), false).item())
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Tensors.of(new long[] {2, 3, 4}, 3).prod(0).itemLong()).isEqualTo(24);
        assertThat(Tensors.zeros(0, 2).prod(0).toFloatArray()).containsExactly(1, 1);
        assertThat(Tensors.of(new int[] {2, 3, 4}, 3).cumsum(0).toLongArray()).containsExactly(2, 5, 9);
        assertThat(Tensors.of(1f, 3f).var().item()).isEqualTo(2);
        assertThat(Tensors.of(1f).var().item()).isNaN();
    }

    @Test
    void cubicsReproduceLinesAndLinesReproducePoints() {
        Tensor ramp = counting(1, 1, 1, 8);
        Tensor wide = Dispatch.apply(new Interpolate(1, 15, Interpolate.Mode.BICUBIC, true), ramp);
        for (int i = 2; i < 13; i++) {
            assertThat(wide.at(0, 0, 0, i)).isCloseTo(i * 0.5, within(1e-5));
        }
        Tensor doubled = Dispatch.apply(new Interpolate(1, 4, Interpolate.Mode.BILINEAR, false), counting(1, 1, 1, 2));
        assertThat(doubled.toFloatArray()).containsExactly(0, 0.25f, 0.75f, 1);
        assertThat(Dispatch.apply(new Interpolate(2, 1, Interpolate.Mode.NEAREST, false), counting(1, 1, 3, 2))
                .toFloatArray()).containsExactly(0, 2);
    }

    @Test
    void mistakesAreExplained() {
        assertThatThrownBy(() -> counting(2, 3).pad(Pad.Mode.REFLECT, 0, 3, 0)).isInstanceOf(ShapeException.class)
                .hasMessage("pad: reflect padding of dimension 1 of size 3 is out of range; got 3; expected 0 to 2");
        assertThatThrownBy(() -> counting(2, 3).pad(0, 1)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("needs two sizes for each padded dimension");
        assertThatThrownBy(() -> counting(2, 3).pad(0, -2, -2)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("nothing is left of dimension 1");
        assertThatThrownBy(() -> counting(1, 3, 2, 2).pixelShuffle(2)).isInstanceOf(ShapeException.class)
                .hasMessage("pixel_shuffle: channels must be a multiple of 4; got (1, 3, 2, 2)");
        assertThatThrownBy(() -> counting(2, 3).repeat(2)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("needs a count of at least 0 for every dimension");
        assertThatThrownBy(() -> Dispatch.apply(new GroupNorm(2, 1e-5, false), counting(2, 3)))
                .isInstanceOf(ShapeException.class).hasMessage("group_norm: groups must divide the channels; got 2 "
                        + "groups and 3 channels");
        assertThatThrownBy(() -> Dispatch.apply(new ConvTranspose2d(new Window2d(2, 2, 1, 1, 0, 0, 1, 1), 1, 0, 1),
                counting(1, 1, 2, 2), counting(1, 1, 2, 2))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("output padding must be less than the stride");
        assertThatThrownBy(() -> Dispatch.apply(new Embedding(3), counting(3, 2), Tensors.arange(2)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("padding index is not a row");
        assertThatThrownBy(() -> Dispatch.apply(new Interpolate(2, 2, Interpolate.Mode.NEAREST, true),
                counting(1, 1, 2, 2))).isInstanceOf(ShapeException.class).hasMessageContaining("no aligned corners");
    }
}

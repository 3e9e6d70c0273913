package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.autograd.GradCheck;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Reduction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LossTest {
    private static Tensor doubles(double... values) {
        return Tensors.of(values, values.length);
    }

    private static Tensor random(long seed, double low, double high, int... dims) {
        Rng rng = new Rng(seed);
        double[] values = new double[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = low + (high - low) * rng.nextDouble();
        }
        return Tensors.of(values, dims);
    }

    private record Sample(Function<Tensor[], Tensor> loss, Tensor... inputs) {
    }

    private static Map<String, Sample> samples() {
        Tensor x = random(1, -2, 2, 3, 4);
        Tensor y = random(2, -2, 2, 3, 4);
        Tensor probability = random(3, 0.1, 0.9, 3, 4);
        Tensor target = random(4, 0.1, 0.9, 3, 4);
        Tensor signs = Tensors.of(new double[] {1, -1, 1}, 3);
        Tensor allSigns = Tensors.of(new double[] {1, -1, 1, 1, -1, -1, 1, 1, -1, 1, -1, 1}, 3, 4);
        Tensor classes = Tensors.of(new long[] {2, -100, 0}, 3);
        Map<String, Sample> samples = new LinkedHashMap<>();
        samples.put("mse", new Sample(in -> F.mseLoss(in[0], in[1], Reduction.MEAN), x, y));
        samples.put("l1", new Sample(in -> F.l1Loss(in[0], in[1], Reduction.SUM), x, y));
        samples.put("smooth l1", new Sample(in -> F.smoothL1Loss(in[0], in[1], 0.7, Reduction.NONE), x, y));
        samples.put("huber", new Sample(in -> F.huberLoss(in[0], in[1], 0.7, Reduction.MEAN), x, y));
        samples.put("bce", new Sample(in -> F.binaryCrossEntropy(in[0], in[1], in[2], Reduction.NONE), probability,
                target, random(5, 0.5, 2, 4)));
        samples.put("bce with logits", new Sample(in -> F.binaryCrossEntropyWithLogits(in[0], in[1], in[2], in[3],
                Reduction.MEAN), x, target, random(5, 0.5, 2, 3, 1), random(6, 0.5, 2, 4)));
        samples.put("kl div", new Sample(in -> F.klDiv(in[0], in[1], false, Reduction.SUM), x, target));
        samples.put("kl div of logs", new Sample(in -> F.klDivBatchMean(in[0], in[1], true), x, y));
        samples.put("nll", new Sample(in -> F.nllLoss(in[0], in[1], random(7, 0.5, 2, 4), -100, Reduction.MEAN), x,
                classes));
        samples.put("cosine embedding", new Sample(in -> F.cosineEmbeddingLoss(in[0], in[1], signs, -0.9,
                Reduction.MEAN), x, y));
        samples.put("triplet margin", new Sample(in -> F.tripletMarginLoss(in[0], in[1], in[2], 3, 2, 1e-6, false,
                Reduction.NONE), x, y, random(8, -2, 2, 3, 4)));
        samples.put("triplet margin swapped, p 3", new Sample(in -> F.tripletMarginLoss(in[0], in[1], in[2], 3, 3, 1e-6,
                true, Reduction.NONE), x, y, random(8, -2, 2, 3, 4)));
        samples.put("hinge embedding", new Sample(in -> F.hingeEmbeddingLoss(in[0], allSigns, 1.3, Reduction.MEAN), x));
        samples.put("margin ranking", new Sample(in -> F.marginRankingLoss(in[0], in[1], allSigns, 0.4,
                Reduction.MEAN), x, y));
        return samples;
    }

    @TestFactory
    Stream<DynamicTest> gradientsAgreeWithDifferences() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
            GradCheck.DEFAULT.check(each.getValue().loss(), each.getValue().inputs());
            GradCheck.DEFAULT.checkSecondOrder(each.getValue().loss(), each.getValue().inputs());
        }));
    }

    @Test
    void valuesAreThoseOfTheFormulas() {
        Tensor x = doubles(0.5, -3);
        Tensor y = doubles(0, 1);
        assertThat(new MSELoss().call(x, y).item()).isEqualTo((0.25 + 16) / 2);
        assertThat(new L1Loss().reduction(Reduction.SUM).call(x, y).item()).isEqualTo(4.5);
        assertThat(new SmoothL1Loss().reduction(Reduction.NONE).call(x, y).toDoubleArray()).containsExactly(0.125, 3.5);
        assertThat(new SmoothL1Loss().beta(0).reduction(Reduction.NONE).call(x, y).toDoubleArray())
                .containsExactly(0.5, 4);
        assertThat(new HuberLoss().delta(2).reduction(Reduction.NONE).call(x, y).toDoubleArray())
                .containsExactly(0.125, 6);
        double[] logits = new BCEWithLogitsLoss().reduction(Reduction.NONE).positiveWeight(doubles(2, 2)).call(x, y)
                .toDoubleArray();
        assertThat(logits[0]).isCloseTo(-StrictMath.log(1 - 1 / (1 + StrictMath.exp(-0.5))), within(1e-12));
        assertThat(logits[1]).isCloseTo(2 * StrictMath.log(1 + StrictMath.exp(3)), within(1e-12));
        assertThat(new HingeEmbeddingLoss().reduction(Reduction.NONE).call(x, doubles(1, -1)).toDoubleArray())
                .containsExactly(0.5, 4);
        assertThat(new MarginRankingLoss().reduction(Reduction.NONE).call(x, y, doubles(-1, 1)).toDoubleArray())
                .containsExactly(0.5, 4);
    }

    @Test
    void distancesOfTwoAndThree() {
        Tensor a = Tensors.of(new double[] {1, 0, 3, 4}, 2, 2);
        Tensor b = Tensors.of(new double[] {1, 1, 3, 4}, 2, 2);
        double[] cosine = new CosineEmbeddingLoss().margin(0.5).reduction(Reduction.NONE).call(a, b,
                Tensors.of(new long[] {1, -1}, 2)).toDoubleArray();
        assertThat(cosine[0]).isCloseTo(1 - Math.sqrt(0.5), within(1e-9));
        assertThat(cosine[1]).isCloseTo(0.5, within(1e-9));
        assertThat(new CosineEmbeddingLoss().call(doubles(1, 0), doubles(0, 2), Tensors.scalar(1)).item())
                .isCloseTo(1, within(1e-9));
        Tensor negative = Tensors.of(new double[] {4, 4, 3, 4}, 2, 2);
        double[] triplet = new TripletMarginLoss().margin(5).reduction(Reduction.NONE).call(a, b, negative)
                .toDoubleArray();
        assertThat(triplet[0]).isCloseTo(1 - 5 + 5, within(1e-5));
        assertThat(triplet[1]).isCloseTo(5, within(1e-5));
        double[] swapped = new TripletMarginLoss().margin(5).swap(true).p(1).reduction(Reduction.NONE)
                .call(a, b, negative).toDoubleArray();
        assertThat(swapped[0]).isCloseTo(1 - 6 + 5, within(1e-5));
    }

    @Test
    void certaintiesCostAHundredAndNoMore() {
        double[] losses = new BCELoss().reduction(Reduction.NONE).call(doubles(0, 1, 0, 0.25), doubles(1, 0, 0, 1))
                .toDoubleArray();
        assertThat(losses[0]).isEqualTo(100);
        assertThat(losses[1]).isEqualTo(100);
        assertThat(losses[2]).isEqualTo(0);
        assertThat(losses[3]).isCloseTo(StrictMath.log(4), within(1e-12));
        Tensor x = doubles(0, 1, 0).requiresGrad(true);
        new BCELoss().call(x, doubles(1, 0, 0)).backward();
        assertThat(x.grad().at(0)).isCloseTo(-1e12 / 3, within(1.0));
        assertThat(x.grad().at(2)).isEqualTo(0);
        Tensor far = Tensors.of(200f, -200f).requiresGrad(true);
        new BCEWithLogitsLoss().reduction(Reduction.SUM).call(far, Tensors.of(0f, 1f)).backward();
        assertThat(far.grad().toFloatArray()).containsExactly(1, -1);
    }

    @Test
    void divergencesIgnoreWhatTheTargetRulesOut() {
        Tensor log = doubles(0.25, 0.75, 1).log().detach().requiresGrad(true);
        Tensor loss = new KLDivLoss().reduction(Reduction.SUM).call(log, doubles(0.5, 0.5, 0));
        assertThat(loss.item()).isCloseTo(0.5 * StrictMath.log(2) + 0.5 * StrictMath.log(0.5 / 0.75), within(1e-12));
        loss.backward();
        assertThat(log.grad().toDoubleArray()).containsExactly(-0.5, -0.5, -0.0);
        Tensor pairs = Tensors.of(new double[] {-1, -2, -3, -4}, 2, 2);
        assertThat(new KLDivLoss().batchMean(true).logTarget(true).call(pairs, pairs.mul(1.0)).item()).isEqualTo(0);
        Tensor certain = doubles(0, 1).requiresGrad(true);
        new KLDivLoss().call(doubles(-1, -1), certain).backward();
        assertThat(certain.grad().at(1)).isEqualTo(1);
        assertThat(certain.grad().at(0)).as("-x / 2: no NaN from log 0").isEqualTo(0.5);
    }

    @Test
    void likelihoodsOfClasses() {
        Tensor log = Tensors.of(new double[] {-1, -2, -3, -4, -5, -6}, 3, 2);
        Tensor classes = Tensors.of(new long[] {1, 0, -100}, 3);
        assertThat(new NLLLoss().call(log, classes).item()).isEqualTo((2 + 3) / 2.0);
        assertThat(new NLLLoss().weight(doubles(3, 1)).call(log, classes).item()).isEqualTo((2 + 9) / 4.0);
        assertThat(new NLLLoss().ignoreIndex(1).reduction(Reduction.NONE).call(log, Tensors.of(new long[] {1, 0, 0}, 3))
                .toDoubleArray()).containsExactly(0, 3, 5);
        Tensor images = random(9, -3, 0, 2, 3, 2, 2);
        long[] target = {0, 1, 2, 0, 1, 1, 2, 2};
        double sum = 0;
        for (int i = 0; i < target.length; i++) {
            sum -= images.at(i / 4, (int) target[i], i / 2 % 2, i % 2);
        }
        assertThat(new NLLLoss().call(images, Tensors.of(target, 2, 2, 2)).item()).isCloseTo(sum / 8, within(1e-12));
    }

    @Test
    void mistakesAreExplained() {
        Tensor x = doubles(1, 2);
        assertThatThrownBy(() -> new MSELoss().call(x, doubles(1))).isInstanceOf(ShapeException.class)
                .hasMessage("mse_loss: target has the wrong shape; got (1,); expected (2,)");
        assertThatThrownBy(() -> new L1Loss().call(x, Tensors.of(1f, 2f))).isInstanceOf(DTypeException.class)
                .hasMessageContaining("l1_loss: input and target must have one type");
        assertThatThrownBy(() -> new HuberLoss().delta(0).call(x, x)).isInstanceOf(ShapeException.class)
                .hasMessage("huber_loss: delta must be positive; got 0.0");
        assertThatThrownBy(() -> new SmoothL1Loss().beta(-1).call(x, x)).isInstanceOf(ShapeException.class)
                .hasMessage("smooth_l1_loss: beta must not be negative; got -1.0");
        assertThatThrownBy(() -> new BCELoss().call(doubles(0.5, 1.5), x)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("input is not a probability; got 1.5 at position 1; expected 0 to 1");
        assertThatThrownBy(() -> new NLLLoss().call(Tensors.of(new double[] {1, 2}, 1, 2), x))
                .isInstanceOf(DTypeException.class).hasMessageContaining("target must hold class indices");
        assertThatThrownBy(() -> new TripletMarginLoss().p(0.5).call(x, x, x)).isInstanceOf(ShapeException.class)
                .hasMessage("triplet_margin_loss: p must be at least 1; got 0.5");
        MSELoss built = new MSELoss();
        built.call(x, x);
        assertThatThrownBy(() -> built.reduction(Reduction.SUM)).hasMessageContaining("reduction");
        List.of(new MSELoss(), new L1Loss(), new BCELoss(), new NLLLoss(), new KLDivLoss(), new CTCLoss())
                .forEach(loss -> assertThat(loss.toString()).isEqualTo(loss.getClass().getSimpleName() + "()"));
    }
}

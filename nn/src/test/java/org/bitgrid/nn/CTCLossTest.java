package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.autograd.GradCheck;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Reduction;
import org.junit.jupiter.api.Test;

class CTCLossTest {
    private static final int STEPS = 5;
    private static final int CLASSES = 3;

    private static Tensor logits(int samples) {
        Rng rng = new Rng(11);
        double[] values = new double[STEPS * samples * CLASSES];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * rng.nextDouble() - 1;
        }
        return Tensors.of(values, STEPS, samples, CLASSES);
    }

    /** Sum over every sequence of classes that reads as the target when repeats and then blanks are dropped. */
    private static double byEnumeration(Tensor log, int sample, int steps, List<Integer> target, int blank) {
        double probability = 0;
        int sequences = (int) Math.pow(CLASSES, steps);
        for (int code = 0; code < sequences; code++) {
            List<Integer> read = new ArrayList<>();
            double sum = 0;
            int previous = -1;
            int rest = code;
            for (int t = 0; t < steps; t++) {
                int label = rest % CLASSES;
                rest /= CLASSES;
                sum += log.at(t, sample, label);
                if (label != previous && label != blank) {
                    read.add(label);
                }
                previous = label;
            }
            probability += read.equals(target) ? StrictMath.exp(sum) : 0;
        }
        return -StrictMath.log(probability);
    }

    private static Tensor longs(long... values) {
        return Tensors.of(values, values.length);
    }

    @Test
    void lossesAreThoseOfAllAlignmentsTogether() {
        Tensor log = logits(4).logSoftmax(2);
        Tensor targets = Tensors.of(new long[] {1, 2, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1}, 4, 3);
        Tensor inputLengths = longs(5, 5, 4, 3);
        Tensor targetLengths = longs(3, 2, 1, 0);
        double[] losses = F.ctcLoss(log, targets, inputLengths, targetLengths, 0, Reduction.NONE, false)
                .toDoubleArray();
        double[] expected = {byEnumeration(log, 0, 5, List.of(1, 2, 1), 0), byEnumeration(log, 1, 5, List.of(1, 1), 0),
            byEnumeration(log, 2, 4, List.of(2), 0), byEnumeration(log, 3, 3, List.of(), 0)};
        for (int i = 0; i < 4; i++) {
            assertThat(losses[i]).as("sample %d", i).isCloseTo(expected[i], within(1e-12));
        }
        double mean = (expected[0] / 3 + expected[1] / 2 + expected[2] + expected[3]) / 4;
        assertThat(new CTCLoss().call(log, targets, inputLengths, targetLengths).item())
                .isCloseTo(mean, within(1e-12));
        Tensor joined = longs(1, 2, 1, 1, 1, 2);
        assertThat(new CTCLoss().reduction(Reduction.SUM).call(log, joined, inputLengths, targetLengths).item())
                .isCloseTo(expected[0] + expected[1] + expected[2] + expected[3], within(1e-12));
    }

    @Test
    void anotherClassMayBeTheBlank() {
        Tensor log = logits(1).logSoftmax(2);
        assertThat(new CTCLoss().blank(2).call(log, longs(0, 1), longs(5), longs(2)).item())
                .isCloseTo(byEnumeration(log, 0, 5, List.of(0, 1), 2) / 2, within(1e-12));
    }

    @Test
    void gradientsAgreeWithDifferences() {
        Tensor targets = Tensors.of(new long[] {1, 2, 1, 1}, 2, 2);
        GradCheck.DEFAULT.check(in -> F.ctcLoss(in[0].logSoftmax(2), targets, longs(5, 4), longs(2, 2), 0,
                Reduction.NONE, false), logits(2));
        GradCheck.DEFAULT.check(in -> F.ctcLoss(in[0], targets, longs(5, 4), longs(2, 2), 0, Reduction.MEAN, false),
                logits(2));
    }

    @Test
    void aTargetThatDoesNotFitCostsInfinityOrNothing() {
        Tensor log = logits(2).logSoftmax(2).detach().requiresGrad(true);
        Tensor targets = Tensors.of(new long[] {1, 1, 2, 1}, 2, 2);
        Tensor lengths = longs(2, 5);
        assertThat(F.ctcLoss(log, targets, lengths, longs(2, 2), 0, Reduction.NONE, false).at(0))
                .isEqualTo(Double.POSITIVE_INFINITY);
        Tensor losses = F.ctcLoss(log, targets, lengths, longs(2, 2), 0, Reduction.NONE, true);
        assertThat(losses.at(0)).isEqualTo(0);
        assertThat(losses.at(1)).isPositive();
        losses.sum().backward();
        for (int t = 0; t < STEPS; t++) {
            for (int c = 0; c < CLASSES; c++) {
                assertThat(log.grad().at(t, 0, c)).isEqualTo(0);
            }
        }
        assertThat(log.grad().at(0, 1, 2)).isNegative();
    }

    @Test
    void mistakesAreExplained() {
        Tensor log = logits(1).logSoftmax(2);
        assertThatThrownBy(() -> new CTCLoss().call(log, longs(1, 0), longs(5), longs(2)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("targets must not hold the blank; got 0");
        assertThatThrownBy(() -> new CTCLoss().call(log, longs(1, 7), longs(5), longs(2)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("got 7 at position 1; expected 0 to 2");
        assertThatThrownBy(() -> new CTCLoss().call(log, longs(1), longs(6), longs(1)))
                .isInstanceOf(ShapeException.class).hasMessage("ctc_loss: input length is out of range; got 6 for "
                        + "sample 0; expected 0 to 5");
        assertThatThrownBy(() -> new CTCLoss().blank(3).call(log, longs(1), longs(5), longs(1)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("blank must be one of the classes; got 3");
        assertThatThrownBy(() -> new CTCLoss().call(log, longs(1), longs(5, 5), longs(1)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("input lengths has the wrong shape");
    }
}

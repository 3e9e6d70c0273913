package org.bitgrid.tensor.reference;

import java.util.Arrays;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.op.BinaryCrossEntropy;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.CtcLoss;

/** Definitions of the losses that are operators of their own beside cross entropy. */
final class ReferenceLosses {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private ReferenceLosses() {
    }

    static void register() {
        ReferenceBackend.define(BinaryCrossEntropy.class, (op, in, out) -> {
            for (int i = 0; i < out[0].values().length; i++) {
                double x = in[0].values()[i];
                double y = in[1].values()[i];
                if (!(x >= 0 && x <= 1)) {
                    throw BinaryCrossEntropy.badInput(i, x);
                }
                out[0].values()[i] = -(y * Math.max(StrictMath.log(x), BinaryCrossEntropy.LEAST_LOG)
                        + (1 - y) * Math.max(StrictMath.log1p(-x), BinaryCrossEntropy.LEAST_LOG));
            }
        });
        ReferenceBackend.define(CtcLoss.class, (op, in, out) -> {
            for (int n = 0; n < in[0].dim(1); n++) {
                double loss = new Alignment(op, in[0], in[1], in[2], in[3], n).loss();
                out[0].values()[n] = op.zeroInfinity() && loss == Double.POSITIVE_INFINITY ? 0 : loss;
            }
        });
        ReferenceBackend.define(CtcLoss.InputGrad.class, (op, in, out) -> {
            for (int n = 0; n < in[1].dim(1); n++) {
                new Alignment(op.loss(), in[1], in[2], in[3], in[4], n).gradient(in[0].values()[n], out[0]);
            }
        });
    }

    /** One sample: its target with blanks around every label, over the time steps of its input. */
    private static final class Alignment {
        private final CtcLoss op;
        private final RefArray log;
        private final int sample;
        private final int steps;
        private final int[] labels;

        Alignment(CtcLoss op, RefArray log, RefArray targets, RefArray inputLengths, RefArray targetLengths,
                  int sample) {
            this.op = op;
            this.log = log;
            this.sample = sample;
            this.steps = length("input", inputLengths, sample, log.dim(0));
            boolean padded = targets.rank() == 2;
            int start = padded ? sample * targets.dim(1) : 0;
            for (int i = 0; i < sample && !padded; i++) {
                start += length("target", targetLengths, i, targets.dim(0) - start);
            }
            int count = length("target", targetLengths, sample, padded ? targets.dim(1) : targets.dim(0) - start);
            labels = new int[2 * count + 1];
            Arrays.fill(labels, (int) op.blank());
            for (int i = 0; i < count; i++) {
                long label = (long) targets.values()[start + i];
                if (label < 0 || label >= log.dim(2)) {
                    throw CrossEntropy.badTarget(op.name(), start + i, label, log.dim(2));
                }
                if (label == op.blank()) {
                    throw new ShapeException(op.name(), "targets must not hold the blank; got " + label
                            + " at position " + (start + i));
                }
                labels[2 * i + 1] = (int) label;
            }
        }

        private static int length(String what, RefArray lengths, int sample, int longest) {
            long length = (long) lengths.values()[sample];
            if (length < 0 || length > longest) {
                throw CtcLoss.badLength(what, sample, length, longest);
            }
            return (int) length;
        }

        private int at(int step, int label) {
            return (step * log.dim(1) + sample) * log.dim(2) + label;
        }

        private double log(int step, int place) {
            return log.values()[at(step, labels[place])];
        }

        /** Whether one may come to this place from two before: over a blank between different labels. */
        private boolean skips(int place) {
            return place >= 2 && labels[place] != op.blank() && labels[place] != labels[place - 2];
        }

        /** Logarithm of the probability of all ways that end at each place after each step. */
        private double[][] ways() {
            double[][] ways = new double[steps][labels.length];
            for (int t = 0; t < steps; t++) {
                for (int s = 0; s < labels.length; s++) {
                    double before;
                    if (t == 0) {
                        before = s < 2 ? 0 : NEVER;
                    } else {
                        before = add(ways[t - 1][s], s >= 1 ? ways[t - 1][s - 1] : NEVER,
                                skips(s) ? ways[t - 1][s - 2] : NEVER);
                    }
                    ways[t][s] = before + log(t, s);
                }
            }
            return ways;
        }

        /** Logarithm of the probability of all ways from each place, after each step, to the end. */
        private double[][] waysOn() {
            double[][] ways = new double[steps][labels.length];
            int last = labels.length - 1;
            for (int t = steps - 1; t >= 0; t--) {
                for (int s = last; s >= 0; s--) {
                    if (t == steps - 1) {
                        ways[t][s] = s >= last - 1 ? 0 : NEVER;
                    } else {
                        ways[t][s] = add(ways[t + 1][s] + log(t + 1, s),
                                s < last ? ways[t + 1][s + 1] + log(t + 1, s + 1) : NEVER,
                                s + 2 <= last && skips(s + 2) ? ways[t + 1][s + 2] + log(t + 1, s + 2) : NEVER);
                    }
                }
            }
            return ways;
        }

        double loss() {
            if (steps == 0) {
                return labels.length == 1 ? 0 : Double.POSITIVE_INFINITY;
            }
            return loss(ways());
        }

        private double loss(double[][] ways) {
            double[] end = ways[steps - 1];
            return -add(end[end.length - 1], end.length > 1 ? end[end.length - 2] : NEVER, NEVER);
        }

        void gradient(double upstream, RefArray out) {
            if (steps == 0) {
                return;
            }
            double[][] ways = ways();
            double loss = loss(ways);
            if (loss == Double.POSITIVE_INFINITY && op.zeroInfinity()) {
                return;
            }
            double[][] on = waysOn();
            for (int t = 0; t < steps; t++) {
                for (int s = 0; s < labels.length; s++) {
                    out.values()[at(t, labels[s])] -= upstream * StrictMath.exp(ways[t][s] + on[t][s] + loss);
                }
            }
        }

        private static double add(double a, double b, double c) {
            double largest = Math.max(a, Math.max(b, c));
            if (largest == NEVER) {
                return NEVER;
            }
            return largest + StrictMath.log(StrictMath.exp(a - largest) + StrictMath.exp(b - largest)
                    + StrictMath.exp(c - largest));
        }
    }
}

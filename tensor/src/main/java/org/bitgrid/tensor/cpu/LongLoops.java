package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;

/** Integer arithmetic, exact, wrapping around at 64 bits as Java's and PyTorch's does. Results overwrite a. */
final class LongLoops {
    private LongLoops() {
    }

    static boolean has(Pointwise2.Kind kind) {
        return switch (kind) {
            case ADD, SUB, MUL, MAXIMUM, MINIMUM, RELU_GRAD, RELU6_GRAD -> true;
            default -> false;
        };
    }

    static void apply(Pointwise2.Kind kind, long[] a, long[] b, int count) {
        switch (kind) {
            case ADD -> {
                for (int i = 0; i < count; i++) {
                    a[i] += b[i];
                }
            }
            case SUB -> {
                for (int i = 0; i < count; i++) {
                    a[i] -= b[i];
                }
            }
            case MUL -> {
                for (int i = 0; i < count; i++) {
                    a[i] *= b[i];
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.max(a[i], b[i]);
                }
            }
            case MINIMUM -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.min(a[i], b[i]);
                }
            }
            case RELU_GRAD -> {
                for (int i = 0; i < count; i++) {
                    a[i] = b[i] > 0 ? a[i] : 0;
                }
            }
            case RELU6_GRAD -> {
                for (int i = 0; i < count; i++) {
                    a[i] = b[i] > 0 && b[i] < 6 ? a[i] : 0;
                }
            }
            default -> throw new IllegalArgumentException("not for integers: " + kind);
        }
    }

    static boolean has(Pointwise1.Kind kind) {
        return switch (kind) {
            case NEG, ABS, SIGN, SQUARE, FLOOR, CEIL, ROUND, TRUNC, RELU, RELU6 -> true;
            default -> false;
        };
    }

    static void apply(Pointwise1.Kind kind, long[] a, int count) {
        switch (kind) {
            case NEG -> {
                for (int i = 0; i < count; i++) {
                    a[i] = -a[i];
                }
            }
            case ABS -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.abs(a[i]);
                }
            }
            case SIGN -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Long.signum(a[i]);
                }
            }
            case SQUARE -> {
                for (int i = 0; i < count; i++) {
                    a[i] *= a[i];
                }
            }
            case RELU -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.max(a[i], 0);
                }
            }
            case RELU6 -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.min(Math.max(a[i], 0), 6);
                }
            }
            case FLOOR, CEIL, ROUND, TRUNC -> {
                // integers are whole
            }
            default -> throw new IllegalArgumentException("not for integers: " + kind);
        }
    }
}

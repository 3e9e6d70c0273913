package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.op.Pointwise2;

/** One plain loop for each comparison, over floats, longs and doubles: 1 where it holds, else 0. */
final class Comparisons {
    private Comparisons() {
    }

    static void floats(Pointwise2.Kind kind, float[] a, int aAt, float[] b, int bAt, byte[] y, int yAt, int count) {
        switch (kind) {
            case EQ -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[aAt + i] == b[bAt + i] ? 1 : 0);
                }
            }
            case NE -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[aAt + i] != b[bAt + i] ? 1 : 0);
                }
            }
            case LT -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[aAt + i] < b[bAt + i] ? 1 : 0);
                }
            }
            case LE -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[aAt + i] <= b[bAt + i] ? 1 : 0);
                }
            }
            case GT -> floats(Pointwise2.Kind.LT, b, bAt, a, aAt, y, yAt, count);
            case GE -> floats(Pointwise2.Kind.LE, b, bAt, a, aAt, y, yAt, count);
            default -> throw new IllegalArgumentException("no comparison: " + kind);
        }
    }

    static void longs(Pointwise2.Kind kind, long[] a, long[] b, byte[] y, int yAt, int count) {
        switch (kind) {
            case EQ -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] == b[i] ? 1 : 0);
                }
            }
            case NE -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] != b[i] ? 1 : 0);
                }
            }
            case LT -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] < b[i] ? 1 : 0);
                }
            }
            case LE -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] <= b[i] ? 1 : 0);
                }
            }
            case GT -> longs(Pointwise2.Kind.LT, b, a, y, yAt, count);
            case GE -> longs(Pointwise2.Kind.LE, b, a, y, yAt, count);
            default -> throw new IllegalArgumentException("no comparison: " + kind);
        }
    }

    static void doubles(Pointwise2.Kind kind, double[] a, double[] b, byte[] y, int yAt, int count) {
        switch (kind) {
            case EQ -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] == b[i] ? 1 : 0);
                }
            }
            case NE -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] != b[i] ? 1 : 0);
                }
            }
            case LT -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] < b[i] ? 1 : 0);
                }
            }
            case LE -> {
                for (int i = 0; i < count; i++) {
                    y[yAt + i] = (byte) (a[i] <= b[i] ? 1 : 0);
                }
            }
            case GT -> doubles(Pointwise2.Kind.LT, b, a, y, yAt, count);
            case GE -> doubles(Pointwise2.Kind.LE, b, a, y, yAt, count);
            default -> throw new IllegalArgumentException("no comparison: " + kind);
        }
    }
}

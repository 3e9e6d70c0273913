package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/** Chains of multiply-adds in registers. */
final class PanamaPeak implements PeakLoop {
    @Override
    public long multiplyAddsPerRound(int chains) {
        return (long) chains * LANES;
    }

    @Override
    public float run(int chains, int rounds) {
        return switch (chains) {
            case 8 -> eight(rounds);
            case 12 -> twelve(rounds);
            default -> sixteen(rounds);
        };
    }

    private static float eight(int rounds) {
        FloatVector factor = FloatVector.broadcast(FLOATS, 0.5f);
        FloatVector term = FloatVector.broadcast(FLOATS, 1f);
        FloatVector x0 = FloatVector.broadcast(FLOATS, 0f);
        FloatVector x1 = FloatVector.broadcast(FLOATS, 1f);
        FloatVector x2 = FloatVector.broadcast(FLOATS, 2f);
        FloatVector x3 = FloatVector.broadcast(FLOATS, 3f);
        FloatVector x4 = FloatVector.broadcast(FLOATS, 4f);
        FloatVector x5 = FloatVector.broadcast(FLOATS, 5f);
        FloatVector x6 = FloatVector.broadcast(FLOATS, 6f);
        FloatVector x7 = FloatVector.broadcast(FLOATS, 7f);
        for (int round = 0; round < rounds; round++) {
            x0 = x0.fma(factor, term);
            x1 = x1.fma(factor, term);
            x2 = x2.fma(factor, term);
            x3 = x3.fma(factor, term);
            x4 = x4.fma(factor, term);
            x5 = x5.fma(factor, term);
            x6 = x6.fma(factor, term);
            x7 = x7.fma(factor, term);
        }
        return PanamaSpecies.sum(x0.add(x1).add(x2).add(x3).add(x4).add(x5).add(x6).add(x7));
    }

    private static float twelve(int rounds) {
        FloatVector factor = FloatVector.broadcast(FLOATS, 0.5f);
        FloatVector term = FloatVector.broadcast(FLOATS, 1f);
        FloatVector x0 = FloatVector.broadcast(FLOATS, 0f);
        FloatVector x1 = FloatVector.broadcast(FLOATS, 1f);
        FloatVector x2 = FloatVector.broadcast(FLOATS, 2f);
        FloatVector x3 = FloatVector.broadcast(FLOATS, 3f);
        FloatVector x4 = FloatVector.broadcast(FLOATS, 4f);
        FloatVector x5 = FloatVector.broadcast(FLOATS, 5f);
        FloatVector x6 = FloatVector.broadcast(FLOATS, 6f);
        FloatVector x7 = FloatVector.broadcast(FLOATS, 7f);
        FloatVector x8 = FloatVector.broadcast(FLOATS, 8f);
        FloatVector x9 = FloatVector.broadcast(FLOATS, 9f);
        FloatVector x10 = FloatVector.broadcast(FLOATS, 10f);
        FloatVector x11 = FloatVector.broadcast(FLOATS, 11f);
        for (int round = 0; round < rounds; round++) {
            x0 = x0.fma(factor, term);
            x1 = x1.fma(factor, term);
            x2 = x2.fma(factor, term);
            x3 = x3.fma(factor, term);
            x4 = x4.fma(factor, term);
            x5 = x5.fma(factor, term);
            x6 = x6.fma(factor, term);
            x7 = x7.fma(factor, term);
            x8 = x8.fma(factor, term);
            x9 = x9.fma(factor, term);
            x10 = x10.fma(factor, term);
            x11 = x11.fma(factor, term);
        }
        return PanamaSpecies.sum(x0.add(x1).add(x2).add(x3).add(x4).add(x5).add(x6).add(x7).add(x8).add(x9)
                .add(x10).add(x11));
    }

    private static float sixteen(int rounds) {
        FloatVector factor = FloatVector.broadcast(FLOATS, 0.5f);
        FloatVector term = FloatVector.broadcast(FLOATS, 1f);
        FloatVector x0 = FloatVector.broadcast(FLOATS, 0f);
        FloatVector x1 = FloatVector.broadcast(FLOATS, 1f);
        FloatVector x2 = FloatVector.broadcast(FLOATS, 2f);
        FloatVector x3 = FloatVector.broadcast(FLOATS, 3f);
        FloatVector x4 = FloatVector.broadcast(FLOATS, 4f);
        FloatVector x5 = FloatVector.broadcast(FLOATS, 5f);
        FloatVector x6 = FloatVector.broadcast(FLOATS, 6f);
        FloatVector x7 = FloatVector.broadcast(FLOATS, 7f);
        FloatVector x8 = FloatVector.broadcast(FLOATS, 8f);
        FloatVector x9 = FloatVector.broadcast(FLOATS, 9f);
        FloatVector x10 = FloatVector.broadcast(FLOATS, 10f);
        FloatVector x11 = FloatVector.broadcast(FLOATS, 11f);
        FloatVector x12 = FloatVector.broadcast(FLOATS, 12f);
        FloatVector x13 = FloatVector.broadcast(FLOATS, 13f);
        FloatVector x14 = FloatVector.broadcast(FLOATS, 14f);
        FloatVector x15 = FloatVector.broadcast(FLOATS, 15f);
        for (int round = 0; round < rounds; round++) {
            x0 = x0.fma(factor, term);
            x1 = x1.fma(factor, term);
            x2 = x2.fma(factor, term);
            x3 = x3.fma(factor, term);
            x4 = x4.fma(factor, term);
            x5 = x5.fma(factor, term);
            x6 = x6.fma(factor, term);
            x7 = x7.fma(factor, term);
            x8 = x8.fma(factor, term);
            x9 = x9.fma(factor, term);
            x10 = x10.fma(factor, term);
            x11 = x11.fma(factor, term);
            x12 = x12.fma(factor, term);
            x13 = x13.fma(factor, term);
            x14 = x14.fma(factor, term);
            x15 = x15.fma(factor, term);
        }
        return PanamaSpecies.sum(x0.add(x1).add(x2).add(x3).add(x4).add(x5).add(x6).add(x7).add(x8).add(x9)
                .add(x10).add(x11).add(x12).add(x13).add(x14).add(x15));
    }
}

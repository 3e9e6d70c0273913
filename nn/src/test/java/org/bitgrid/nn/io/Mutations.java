package org.bitgrid.nn.io;

import java.util.Arrays;
import org.bitgrid.tensor.Rng;

/** Damages files as disks, networks and enemies do. */
public final class Mutations {
    private static final byte[] EXTREMES = {0, 1, -1, 127, -128, '"', '{', '[', '9', '-'};

    private Mutations() {
    }

    /** One to four random changes: bits flipped, bytes replaced, ends cut off, parts removed, doubled or zeroed. */
    public static byte[] mutate(byte[] good, Rng rng) {
        byte[] bytes = good.clone();
        int changes = 1 + rng.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            // Headers are where the interesting damage is.
            int at = rng.nextInt(2) == 0 ? rng.nextInt(Math.min(bytes.length, 24)) : rng.nextInt(bytes.length);
            int length = Math.min(1 + rng.nextInt(12), bytes.length - at);
            switch (rng.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << rng.nextInt(8));
                case 1 -> bytes[at] = (byte) rng.nextInt(256);
                case 2 -> bytes[at] = EXTREMES[rng.nextInt(EXTREMES.length)];
                case 3 -> bytes = Arrays.copyOf(bytes, rng.nextInt(bytes.length));
                case 4 -> bytes = splice(bytes, at, length, 0);
                case 5 -> bytes = splice(bytes, at, length, 2);
                default -> Arrays.fill(bytes, at, at + length, EXTREMES[rng.nextInt(EXTREMES.length)]);
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int at, int length, int copies) {
        byte[] out = new byte[bytes.length + (copies - 1) * length];
        System.arraycopy(bytes, 0, out, 0, at);
        for (int i = 0; i < copies; i++) {
            System.arraycopy(bytes, at, out, at + i * length, length);
        }
        System.arraycopy(bytes, at + length, out, at + copies * length, bytes.length - at - length);
        return out;
    }
}

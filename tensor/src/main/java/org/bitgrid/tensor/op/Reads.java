package org.bitgrid.tensor.op;

/**
 * Which inputs and outputs a gradient rule looks at, as bit masks. Reading another one is an error.
 *
 * @param inputs  bit i is set when input i is read
 * @param outputs bit i is set when output i is read
 */
public record Reads(long inputs, long outputs) {
    public static final Reads NOTHING = new Reads(0, 0);

    public static Reads inputs(int... indices) {
        return new Reads(mask(indices), 0);
    }

    public static Reads outputs(int... indices) {
        return new Reads(0, mask(indices));
    }

    public Reads andOutputs(int... indices) {
        return new Reads(inputs, outputs | mask(indices));
    }

    public boolean input(int index) {
        return (inputs >>> index & 1) != 0;
    }

    public boolean output(int index) {
        return (outputs >>> index & 1) != 0;
    }

    private static long mask(int[] indices) {
        long mask = 0;
        for (int index : indices) {
            mask |= 1L << index;
        }
        return mask;
    }
}

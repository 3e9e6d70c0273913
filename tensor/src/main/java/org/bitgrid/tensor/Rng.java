package org.bitgrid.tensor;

/**
 * Random numbers as a pure function of (seed, stream, position): the same on every thread, device and JDK. Positions
 * count up as numbers are drawn; the state is three numbers and can be saved.
 *
 * <p>The function is SplitMix64 (Steele, Lea and Flood, 2014), whose n-th output needs no other output: the mixer of
 * Stafford's variant 13 over seed + n · gamma, with the stream mixed into the starting point. An instance is not for
 * use by several threads at once; {@link #fork} one for each.
 */
public final class Rng {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final ThreadLocal<Rng> CURRENT = ThreadLocal.withInitial(() -> new Rng(0));

    private final long seed;
    private final long stream;
    private final long origin;
    private long position;

    public Rng(long seed) {
        this(seed, 0, 0);
    }

    private Rng(long seed, long stream, long position) {
        this.seed = seed;
        this.stream = stream;
        this.origin = mix(mix(seed + GAMMA) ^ stream * 0xD1B54A32D192ED03L);
        this.position = position;
    }

    /**
     * Everything needed to go on later.
     *
     * @param position how many 64-bit values were drawn
     */
    public record State(long seed, long stream, long position) {
    }

    public State state() {
        return new State(seed, stream, position);
    }

    public static Rng of(State state) {
        return new Rng(state.seed(), state.stream(), state.position());
    }

    /** Goes on from a saved position of the same seed and stream. */
    public void restore(State state) {
        if (state.seed() != seed || state.stream() != stream) {
            throw new StateException("Rng.restore: state is of another generator; got " + state + "; expected seed "
                    + seed + " and stream " + stream + "; use Rng.of(state)");
        }
        position = state.position();
    }

    /** The generator of this thread: what layers use that were made without one. */
    public static Rng current() {
        return CURRENT.get();
    }

    /** Makes {@code rng} this thread's generator. */
    public static void setCurrent(Rng rng) {
        CURRENT.set(rng);
    }

    /** A generator whose numbers have nothing to do with this one's. The same number gives the same generator. */
    public Rng fork(long number) {
        return new Rng(seed, mix(stream ^ mix(number + GAMMA)), 0);
    }

    public long nextLong() {
        return longAt(position++);
    }

    /** The 64-bit value at a position, whatever was drawn. */
    public long longAt(long at) {
        return mix(origin + (at + 1) * GAMMA);
    }

    /** Uniform in [0, 1), 24 bits. */
    public float nextFloat() {
        return toFloat(nextLong());
    }

    /** The uniform float at a position, whatever was drawn. */
    public float floatAt(long at) {
        return toFloat(longAt(at));
    }

    /** Uniform in [0, 1), 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform from 0 (inclusive) to {@code bound} (exclusive); the bias is below bound / 2^63. */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new ShapeException("Rng.nextInt", "bound must be positive; got " + bound);
        }
        return (int) ((nextLong() >>> 1) % bound);
    }

    /** Normal with mean 0 and variance 1, by Box and Muller's method; draws two values each time. */
    public double nextGaussian() {
        double u = ((nextLong() >>> 11) + 1) * 0x1.0p-53;
        double angle = 2 * Math.PI * nextDouble();
        return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(angle);
    }

    /** Fills with uniform numbers in [low, high). */
    public void fillUniform(float[] out, float low, float high) {
        for (int i = 0; i < out.length; i++) {
            out[i] = low + (high - low) * nextFloat();
        }
    }

    /** Fills with normal numbers. */
    public void fillNormal(float[] out, float mean, float standardDeviation) {
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (mean + standardDeviation * nextGaussian());
        }
    }

    /** 0 to n - 1 in random order (Fisher and Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static float toFloat(long bits) {
        return (bits >>> 40) * 0x1.0p-24f;
    }

    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}

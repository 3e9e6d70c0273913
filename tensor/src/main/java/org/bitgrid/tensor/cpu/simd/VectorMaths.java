package org.bitgrid.tensor.cpu.simd;

/**
 * Picks the implementations, once, when it is loaded: vectors as wide as the Java virtual machine prefers, or what
 * {@code -Dbitgrid.simd=auto|off|128|256|512} says; plain Java where the module {@code jdk.incubator.vector} is absent.
 * Never by timing, which would make results depend on the day.
 */
public final class VectorMaths {
    private static final System.Logger LOG = System.getLogger("org.bitgrid.tensor.cpu");
    private static final int BITS = choose(System.getProperty("bitgrid.simd", "auto"));

    /** Primitives over arrays. */
    public static final VectorMath MATH = BITS == 0 ? new ScalarVectorMath() : new PanamaVectorMath();
    /** Functions of each element. */
    public static final VectorFunctions FUNCTIONS = BITS == 0 ? new ScalarFunctions() : new PanamaFunctions();
    /** Planes of normalisation. */
    public static final VectorPlanes PLANES = BITS == 0 ? new ScalarPlanes() : new PanamaPlanes();
    /** Sums and extremes. */
    public static final VectorReductions REDUCTIONS = BITS == 0 ? new ScalarReductions() : new PanamaReductions();
    /** The inner loop of matrix products. */
    public static final GemmKernel GEMM = gemm();
    /** What the machine could do. */
    public static final PeakLoop PEAK = BITS == 0 ? new ScalarPeak() : new PanamaPeak();

    private VectorMaths() {
    }

    /** Vector width in bits; 0 for plain Java. */
    public static int bits() {
        return BITS;
    }

    /** For messages: {@code 512-bit vectors}, or {@code plain Java}. */
    public static String description() {
        return BITS == 0 ? "plain Java" : BITS + "-bit vectors";
    }

    private static int choose(String wanted) {
        switch (wanted) {
            case "off":
                return 0;
            case "auto", "128", "256", "512":
                break;
            default:
                throw new IllegalArgumentException("bitgrid.simd: unknown value; got \"" + wanted
                        + "\"; expected auto, off, 128, 256 or 512");
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "the CPU backend runs without vector instructions of its own, several "
                    + "times slower; start java with --add-modules jdk.incubator.vector, or say -Dbitgrid.simd=off");
            return 0;
        }
        int preferred = Math.max(128, Math.min(512, PanamaWidth.preferredBits()));
        if (wanted.equals("auto")) {
            return preferred;
        }
        int bits = Integer.parseInt(wanted);
        if (bits > preferred) {
            LOG.log(System.Logger.Level.WARNING, "bitgrid.simd: vectors here have " + preferred + " bits; got " + bits
                    + "; using " + preferred);
            return preferred;
        }
        return bits;
    }

    private static GemmKernel gemm() {
        if (BITS == 0) {
            return new ScalarGemm();
        }
        return hasManyRegisters() ? new PanamaGemm8x3() : new PanamaGemm6x2();
    }

    /** Whether there are 32 vector registers rather than 16: AVX-512 at any width, and ARM. */
    private static boolean hasManyRegisters() {
        return PanamaWidth.preferredBits() >= 512 || System.getProperty("os.arch").equals("aarch64");
    }
}

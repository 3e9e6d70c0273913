package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Interpolate;

/** x (N, C, H, W) -> the same image at another size: {@link #toSize} or {@link #by}. */
public final class Upsample extends Module {
    private final int height;
    private final int width;
    private final double factor;
    private Interpolate.Mode mode = Interpolate.Mode.NEAREST;
    private Boolean alignCorners;

    private Upsample(int height, int width, double factor) {
        this.height = height;
        this.width = width;
        this.factor = factor;
    }

    /** To a fixed size. */
    public static Upsample toSize(int height, int width) {
        if (height < 1 || width < 1) {
            throw new ShapeException("Upsample", "size must be at least 1; got " + height + " x " + width);
        }
        return new Upsample(height, width, 0);
    }

    /** To {@code factor} times the size, rounded down. */
    public static Upsample by(double factor) {
        if (!(factor > 0)) {
            throw new ShapeException("Upsample", "factor must be positive; got " + factor);
        }
        return new Upsample(0, 0, factor);
    }

    /** How values between pixels are found; the nearest one by default. Returns this. */
    public Upsample mode(Interpolate.Mode kind) {
        checkNotBuilt("mode");
        mode = kind;
        return this;
    }

    /** Whether corner pixels of input and output coincide; false by default. Returns this. */
    public Upsample alignCorners(boolean align) {
        checkNotBuilt("alignCorners");
        alignCorners = align;
        return this;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Shape shape = x.spec().shape();
        if (shape.rank() != 4) {
            throw new ShapeException("Upsample", "input must have 4 dimensions (N, C, H, W); got " + shape);
        }
        boolean align = alignCorners != null && alignCorners;
        return factor == 0 ? F.interpolate(x, height, width, mode, align) : F.interpolate(x, factor, mode, align);
    }

    @Override
    protected String extraRepr() {
        String target = factor == 0 ? "size=" + PythonText.tuple(height, width)
                : "scale_factor=" + PythonText.number(factor);
        return target + ", mode='" + mode + "'";
    }
}

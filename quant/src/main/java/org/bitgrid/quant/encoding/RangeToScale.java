package org.bitgrid.quant.encoding;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.FormulaOp;
import org.bitgrid.tensor.op.NotDifferentiable;
import org.bitgrid.tensor.op.Reads;
import org.bitgrid.tensor.op.VjpContext;
import org.bitgrid.tensor.spi.Kernel;

/**
 * min, max of one shape -> scale, offset of that shape, by {@link EncodingMath}. The way by which a learned range gets
 * its gradient: rounding passes it unchanged, a scale that was raised to the minimum and an offset that lies on the
 * bound of the grid pass nothing.
 */
public record RangeToScale(long qmin, long qmax, boolean symmetric) implements FormulaOp {
    private static final String FORMULA = """
            float width = fabs(quotient(x1 - x0, c0));
            y0 = width != width || width > c1 ? width : c1;
            float place = rint(quotient(x0, y0)) - c2;
            place = place < -c3 ? -c3 : place;
            y1 = c4 != 0 ? c5 : (place > -c2 ? -c2 : place) + 0.0f;
            """;
    private static final String GRADIENT = """
            float signedScale = quotient(x3 - x2, c0);
            float width = fabs(signedScale);
            float scale = width != width || width > c1 ? width : c1;
            acc_t slope = width > c1 ? quotient(sign(signedScale), c0) : 0;
            acc_t ofMin = -slope * x0;
            acc_t ofMax = slope * x0;
            float place = rint(quotient(x2, scale)) - c2;
            if (c4 == 0 && place > -c3 && place < -c2) {
                acc_t perScale = -(acc_t) x2 / ((acc_t) scale * scale);
                ofMin += x1 * ((acc_t) 1 / scale - perScale * slope);
                ofMax += x1 * perScale * slope;
            }
            y0 = ofMin;
            y1 = ofMax;
            """;

    /** Scale and offset of a range, outside the gradient graph. */
    public static Tensor[] of(Tensor min, Tensor max, Grid grid, boolean symmetric) {
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false); Dispatch.Scope seen = Dispatch.suspendInterceptors()) {
            return Dispatch.applyAll(new RangeToScale(grid.qmin(), grid.qmax(), symmetric), min, max);
        }
    }

    /** Steps, smallest scale, ends of the grid, whether symmetric, and then its offset. */
    private static float[] settings(Grid grid, boolean symmetric) {
        return new float[] {grid.steps(), EncodingMath.minimumScale(grid.steps()), grid.qmin(), grid.qmax(),
                symmetric ? 1 : 0, EncodingMath.symmetricOffset(grid)};
    }

    @Override
    public String formula() {
        return FORMULA;
    }

    @Override
    public float[] settings() {
        return settings(grid(), symmetric);
    }

    private Grid grid() {
        return new Grid(qmin, qmax);
    }

    @Override
    public String name() {
        return "range_to_scale";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        Check.floating(name(), "min", inputs.get(0));
        Check.sameType(name(), "min", inputs.get(0), "max", inputs.get(1));
        Check.shape(name(), "max", inputs.get(1), inputs.get(0).shape());
        return List.of(inputs.get(0), inputs.get(0));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return Dispatch.applyAll(new Grad(qmin, qmax, symmetric), context.gradOutput(0), context.gradOutput(1),
                context.input(0), context.input(1));
    }

    @Override
    public Kernel hostKernel() {
        return (op, in, out) -> {
            float[] min = in[0].toFloatArray();
            float[] max = in[1].toFloatArray();
            float[] scale = out[0].storage().floats();
            float[] offset = out[1].storage().floats();
            Grid grid = grid();
            for (int i = 0; i < min.length; i++) {
                scale[i] = EncodingMath.scale(min[i], max[i], grid.steps());
                offset[i] = symmetric ? EncodingMath.symmetricOffset(grid)
                        : EncodingMath.offset(min[i], scale[i], grid);
            }
        };
    }

    /** Gradients of scale and offset, min, max, all of one shape -> gradients of min and max. */
    public record Grad(long qmin, long qmax, boolean symmetric) implements FormulaOp, NotDifferentiable {
        @Override
        public String name() {
            return "range_to_scale_grad";
        }

        @Override
        public String formula() {
            return GRADIENT;
        }

        @Override
        public float[] settings() {
            return RangeToScale.settings(new Grid(qmin, qmax), symmetric);
        }

        @Override
        public String reason() {
            return "the gradient of a learned range is a step function of it";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 4, 4);
            return List.of(inputs.get(2), inputs.get(3));
        }

        @Override
        public Kernel hostKernel() {
            return (op, in, out) -> {
                float[] scaleGrad = in[0].toFloatArray();
                float[] offsetGrad = in[1].toFloatArray();
                float[] min = in[2].toFloatArray();
                float[] max = in[3].toFloatArray();
                Grid grid = new Grid(qmin, qmax);
                for (int i = 0; i < min.length; i++) {
                    double[] slopes = EncodingMath.rangeGradient(min[i], max[i], scaleGrad[i], offsetGrad[i], grid,
                            symmetric);
                    out[0].storage().floats()[i] = (float) slopes[0];
                    out[1].storage().floats()[i] = (float) slopes[1];
                }
            };
        }
    }
}

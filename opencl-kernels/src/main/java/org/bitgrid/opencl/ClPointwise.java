package org.bitgrid.opencl;

import java.util.Set;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Where;

/**
 * Operators that treat each element by itself. Their kernels are generated from {@link ClExpressions}: one program with
 * all functions of one float, and one for each element type with all functions of two.
 */
final class ClPointwise {
    private static final ClSource UNARY = unary();
    private static final ClSource FLOATS = binary("float");
    private static final ClSource LONGS = binary("long");
    private static final ClSource BYTES = binary("uchar");
    private static final Set<Double> EXACT_POWERS = Set.of(2.0, 3.0, 0.5, -0.5, -1.0, -2.0, 1.0, 0.0);

    private ClPointwise() {
    }

    static void register() {
        OpenClBackend.define(Pointwise1.class, new UnaryKernel());
        OpenClBackend.define(ParametricPointwise.class, new ParametricKernel());
        OpenClBackend.define(Pointwise2.class, new BinaryKernel());
        OpenClBackend.define(PointwiseScalar.class, new ScalarKernel());
        OpenClBackend.define(Where.class, new WhereKernel());
        OpenClBackend.define(AddInPlace.class, new AddKernel());
    }

    private static ClSource unary() {
        StringBuilder text = new StringBuilder(ClSource.file("pointwise.cl").text());
        for (Pointwise1.Kind kind : Pointwise1.Kind.values()) {
            text.append("UNARY(").append(kind).append(", ").append(ClExpressions.of(kind)).append(")\n");
        }
        for (ParametricPointwise.Kind kind : ParametricPointwise.Kind.values()) {
            text.append("PARAMETRIC(").append(kind).append(", ").append(ClExpressions.of(kind)).append(")\n");
        }
        return new ClSource("pointwise.cl", text.toString(), "#define TYPE float\n");
    }

    private static ClSource binary(String type) {
        StringBuilder text = new StringBuilder(ClSource.file("pointwise.cl").text());
        for (Pointwise2.Kind kind : Pointwise2.Kind.values()) {
            String expression = type.equals("float") ? ClExpressions.of(kind) : ClExpressions.ofIntegers(kind);
            if (expression != null) {
                text.append("BINARY(").append(kind).append(", ").append(kind.isComparison() ? "uchar" : type)
                        .append(", ").append(expression).append(")\n");
            }
        }
        return new ClSource("pointwise.cl", text.toString(), "#define TYPE " + type + "\n");
    }

    private static ClSource source(DType type) {
        return switch (type) {
            case FLOAT32 -> FLOATS;
            case INT64 -> LONGS;
            case BOOL, UINT8 -> BYTES;
            case FLOAT64, INT32, INT8 -> null;
        };
    }

    /** Whether there is a kernel for two operands of this type. */
    private static boolean has(Pointwise2.Kind kind, DType type) {
        return switch (type) {
            case FLOAT32 -> true;
            case INT64 -> ClExpressions.ofIntegers(kind) != null;
            case BOOL -> kind.isComparison() || kind == Pointwise2.Kind.MUL || kind == Pointwise2.Kind.MAXIMUM
                    || kind == Pointwise2.Kind.MINIMUM;
            default -> false;
        };
    }

    private static final class UnaryKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) outputs[0].numel();
            runtime.launch(UNARY, "unary_" + ((Pointwise1) op).kind()).input(inputs[0]).output(outputs[0])
                    .integer(count).over(count);
        }
    }

    private static final class ParametricKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            ParametricPointwise function = (ParametricPointwise) op;
            int count = (int) outputs[0].numel();
            runtime.launch(UNARY, "parametric_" + function.kind()).input(inputs[0]).output(outputs[0]).integer(count)
                    .number((float) function.first()).number((float) function.second()).over(count);
        }
    }

    private static final class BinaryKernel extends ClStridedKernel {
        @Override
        boolean takesTypes(Op op, Tensor[] inputs) {
            return inputs[0].dtype() == inputs[1].dtype() && has(((Pointwise2) op).kind(), inputs[0].dtype());
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            Pointwise2.Kind kind = ((Pointwise2) op).kind();
            int count = (int) outputs[0].numel();
            ClStrides walk = ClStrides.of(outputs[0].layout().shape(), inputs[0].layout(), inputs[1].layout());
            ClSource source = source(inputs[0].dtype());
            if (walk.isFlat()) {
                runtime.launch(source, "flat_" + kind).input(inputs[0]).integer(walk.step(0)).input(inputs[1])
                        .integer(walk.step(1)).output(outputs[0]).integer(count).over(count);
                return;
            }
            runtime.launch(source, "strided_" + kind).input(inputs[0]).input(inputs[1]).output(outputs[0])
                    .integer(count).walk(walk).over(count);
        }
    }

    private static final class ScalarKernel extends ClKernel {
        @Override
        boolean takes(Op op, Tensor[] inputs) {
            PointwiseScalar scalar = (PointwiseScalar) op;
            if (scalar.kind() == Pointwise2.Kind.POW && !scalar.reversed()) {
                return inputs[0].dtype() == DType.FLOAT32;
            }
            if (inputs[0].dtype() == DType.INT64) {
                boolean whole = scalar.integral() || scalar.kind().isComparison()
                        && scalar.scalar() == Math.rint(scalar.scalar()) && Math.abs(scalar.scalar()) < 0x1p53;
                return whole && has(scalar.kind(), DType.INT64);
            }
            return inputs[0].dtype() == DType.FLOAT32;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            PointwiseScalar scalar = (PointwiseScalar) op;
            int count = (int) outputs[0].numel();
            boolean power = scalar.kind() == Pointwise2.Kind.POW && !scalar.reversed()
                    && EXACT_POWERS.contains(scalar.scalar());
            runtime.launch(source(inputs[0].dtype()), power ? "power" : "scalar_" + scalar.kind()).input(inputs[0])
                    .output(outputs[0]).integer(count).scalar(inputs[0].dtype(), scalar.scalar())
                    .integer(scalar.reversed() ? 1 : 0).over(count);
        }
    }

    private static final class WhereKernel extends ClStridedKernel {
        @Override
        boolean takesTypes(Op op, Tensor[] inputs) {
            return source(inputs[1].dtype()) != null;
        }

        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) outputs[0].numel();
            runtime.launch(source(inputs[1].dtype()), "choose").input(inputs[0]).input(inputs[1]).input(inputs[2])
                    .output(outputs[0]).integer(count).walk(ClStrides.of(outputs[0].layout().shape(),
                            inputs[0].layout(), inputs[1].layout(), inputs[2].layout())).over(count);
        }
    }

    private static final class AddKernel extends ClKernel {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int count = (int) outputs[0].numel();
            runtime.launch(FLOATS, "addScaled").update(inputs[0]).input(inputs[1]).integer(count)
                    .number((float) ((AddInPlace) op).alpha()).over(count);
        }
    }
}

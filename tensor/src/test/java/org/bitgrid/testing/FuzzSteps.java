package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Expand;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.Flip;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.Permute;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.op.Repeat;
import org.bitgrid.tensor.op.Reshape;
import org.bitgrid.tensor.op.Slice;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Sort;
import org.bitgrid.tensor.op.Transpose;
import org.bitgrid.tensor.op.Unsqueeze;
import org.bitgrid.tensor.op.Where;
import org.bitgrid.tensor.op.Window2d;

/** Random operators for tensors that are there, with further random operands of random strides where they need some. */
final class FuzzSteps {
    private static final List<Pointwise1.Kind> UNARY = Arrays.stream(Pointwise1.Kind.values())
            .filter(kind -> isBounded(kind.name())).toList();
    private static final List<Pointwise2.Kind> BINARY = List.of(Pointwise2.Kind.ADD, Pointwise2.Kind.SUB,
            Pointwise2.Kind.MUL, Pointwise2.Kind.MAXIMUM, Pointwise2.Kind.MINIMUM, Pointwise2.Kind.RELU_GRAD,
            Pointwise2.Kind.SIGMOID_GRAD, Pointwise2.Kind.TANH_GRAD);

    private final Rng rng;

    FuzzSteps(Rng rng) {
        this.rng = rng;
    }

    /** An operator and its operands. */
    record Step(Op op, Tensor[] inputs) {
    }

    /** Functions with a value everywhere that do not grow faster than x. */
    private static boolean isBounded(String kind) {
        return switch (kind) {
            case "NEG", "ABS", "SIGN", "FLOOR", "CEIL", "ROUND", "TRUNC", "SIGMOID", "TANH", "ERF", "RELU", "RELU6",
                "GELU", "GELU_TANH", "SILU", "MISH", "SELU", "HARDSWISH", "HARDSIGMOID", "LOGSIGMOID", "SOFTSIGN",
                "TANHSHRINK", "SIN", "COS", "ATAN" -> true;
            default -> false;
        };
    }

    /** Up to 5 dimensions of small sizes, now and then 0. */
    Shape shape() {
        int[] dims = new int[rng.nextInt(6)];
        int most = dims.length <= 2 ? 19 : dims.length == 3 ? 7 : 4;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = rng.nextInt(40) == 0 ? 0 : 1 + rng.nextInt(most);
        }
        return Shape.of(dims);
    }

    /** A float32 tensor of this shape: row-major, in a larger buffer, transposed, or in every second place. */
    Tensor operand(int... dims) {
        return strided(Inputs.floats(rng, dims));
    }

    private Tensor strided(Tensor tensor) {
        return switch (rng.nextInt(5)) {
            case 0 -> Guarded.offset(tensor);
            case 1 -> Guarded.transposed(tensor);
            case 2 -> Guarded.stepped(tensor);
            default -> tensor;
        };
    }

    /** One of the operators that take x as an operand, or null when the one that was drawn does not. */
    Step next(Tensor x, List<Tensor> others) {
        int rank = x.rank();
        return switch (rng.nextInt(16)) {
            case 0, 1 -> step(new Pointwise1(one(UNARY)), x);
            case 2, 3 -> binary(x, others);
            case 4 -> step(new PointwiseScalar(one(BINARY.subList(0, 5)), rng.nextInt(9) * 0.5 - 2, false,
                    rng.nextInt(2) == 0), x);
            case 5 -> step(new Reduce(one(List.of(Reduce.Kind.values())), axes(rank), rng.nextInt(2) == 0), x);
            case 6, 7 -> view(x);
            case 8 -> alongAxis(x);
            case 9 -> selection(x);
            case 10, 11 -> product(x);
            case 12, 13 -> rank == 4 ? window(x) : normalized(x);
            case 14 -> rearranged(x);
            default -> step(new Where(), strided(Inputs.bools(rng, someBroadcast(x.shape()))), x,
                    operand(someBroadcast(x.shape())));
        };
    }

    private static Step step(Op op, Tensor... inputs) {
        return new Step(op, inputs);
    }

    private <T> T one(List<T> choices) {
        return choices.get(rng.nextInt(choices.size()));
    }

    private int axis(int rank) {
        int limit = Math.max(1, rank);
        return rng.nextInt(2 * limit) - limit;
    }

    private List<Integer> axes(int rank) {
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            if (rng.nextInt(2) == 0) {
                axes.add(rng.nextInt(2) == 0 ? i : i - rank);
            }
        }
        return axes;
    }

    /** The shape itself, or one that is broadcast to it. */
    private int[] someBroadcast(Shape shape) {
        int[] dims = shape.toArray();
        int from = rng.nextInt(3) == 0 ? rng.nextInt(dims.length + 1) : 0;
        int[] some = Arrays.copyOfRange(dims, from, dims.length);
        for (int i = 0; i < some.length; i++) {
            some[i] = rng.nextInt(4) == 0 ? 1 : some[i];
        }
        return some;
    }

    private Step binary(Tensor x, List<Tensor> others) {
        Pointwise2 op = new Pointwise2(one(BINARY));
        Tensor other = rng.nextInt(3) == 0 ? one(others) : operand(someBroadcast(x.shape()));
        return rng.nextInt(2) == 0 ? step(op, x, other) : step(op, other, x);
    }

    private Step view(Tensor x) {
        int rank = x.rank();
        return switch (rng.nextInt(8)) {
            case 0 -> step(Reshape.of(false, -1), x);
            case 1 -> step(Reshape.of(false, divided(x.numel())), x);
            case 2 -> step(new Permute(permutation(rank)), x);
            case 3 -> step(new Transpose(axis(rank), axis(rank)), x);
            case 4 -> step(new Slice(axis(rank), rng.nextInt(4), rng.nextInt(3) == 0 ? -1 : 1 + rng.nextInt(19),
                    1 + rng.nextInt(3)), x);
            case 5 -> step(new Unsqueeze(rng.nextInt(rank + 1)), x);
            case 6 -> step(new Flatten(0, axis(rank)), x);
            default -> step(Expand.of(expanded(x.shape())), x);
        };
    }

    private List<Integer> permutation(int rank) {
        return Arrays.stream(rng.permutation(rank)).boxed().toList();
    }

    /** Sizes whose product is this number, where one can be split off. */
    private int[] divided(long numel) {
        int divisor = 2 + rng.nextInt(5);
        return numel > 0 && numel % divisor == 0 ? new int[] {divisor, (int) (numel / divisor)} : new int[] {1, -1};
    }

    private int[] expanded(Shape shape) {
        int[] dims = new int[shape.rank() + rng.nextInt(2)];
        int lead = dims.length - shape.rank();
        for (int i = 0; i < dims.length; i++) {
            boolean free = i < lead || shape.dim(i - lead) == 1;
            dims[i] = free ? 1 + rng.nextInt(3) : -1;
        }
        return dims;
    }

    private Step alongAxis(Tensor x) {
        int axis = axis(x.rank());
        return switch (rng.nextInt(5)) {
            case 0 -> step(new Softmax(axis), x);
            case 1 -> step(new LogSoftmax(axis), x);
            case 2 -> step(new CumSum(axis, rng.nextInt(2) == 0), x);
            case 3 -> step(new Sort(axis, rng.nextInt(2) == 0), x);
            default -> step(new MaxDim(rng.nextInt(2) == 0, axis, rng.nextInt(2) == 0), x);
        };
    }

    private Step selection(Tensor x) {
        if (x.rank() == 0) {
            return null;
        }
        int axis = rng.nextInt(x.rank());
        int size = x.size(axis);
        if (size == 0) {
            return null;
        }
        if (rng.nextInt(2) == 0) {
            return step(new IndexSelect(axis), x, strided(Inputs.indices(rng, size, 1 + rng.nextInt(5))));
        }
        int[] dims = x.shape().toArray();
        dims[axis] = 1 + rng.nextInt(4);
        return step(new Gather(axis), x, strided(Inputs.indices(rng, size, dims)));
    }

    private Step product(Tensor x) {
        if (x.rank() == 0) {
            return null;
        }
        int inner = x.size(-1);
        int columns = 1 + rng.nextInt(9);
        return switch (rng.nextInt(4)) {
            case 0 -> step(new Linear(), x, operand(columns, inner), operand(columns));
            case 1 -> step(new MatMul(), x, operand(inner));
            case 2 -> step(new MatMul(), operand(columns, x.rank() == 1 ? inner : x.size(-2)), x);
            default -> step(new MatMul(), x, operand(inner, columns));
        };
    }

    private Step window(Tensor x) {
        int kernelH = 1 + rng.nextInt(3);
        int kernelW = 1 + rng.nextInt(3);
        int dilation = 1 + rng.nextInt(2);
        Window2d window = new Window2d(kernelH, kernelW, 1 + rng.nextInt(2), 1 + rng.nextInt(2), kernelH / 2,
                kernelW / 2, dilation, 1);
        int channels = x.size(1);
        return switch (rng.nextInt(4)) {
            case 0 -> step(new MaxPool2d(window, rng.nextInt(2) == 0), x);
            case 1 -> step(new AvgPool2d(new Window2d(kernelH, kernelW, 1, 2, kernelH / 2, 0, 1, 1),
                    rng.nextInt(2) == 0, rng.nextInt(2) == 0, 0), x);
            case 2 -> step(new Conv2d(window, Math.max(1, channels)), x, operand(Math.max(1, channels), 1, kernelH,
                    kernelW));
            default -> {
                int filters = 1 + rng.nextInt(5);
                yield step(new Conv2d(window, 1), x, operand(filters, channels, kernelH, kernelW), operand(filters));
            }
        };
    }

    private Step normalized(Tensor x) {
        if (x.rank() == 0) {
            return null;
        }
        Shape last = Shape.of(x.size(-1));
        return step(new LayerNorm(last, 1e-2), x, operand(x.size(-1)), operand(x.size(-1)));
    }

    private Step rearranged(Tensor x) {
        int rank = x.rank();
        if (rank == 0) {
            return null;
        }
        return switch (rng.nextInt(4)) {
            case 0 -> step(new Flip(axes(rank)), x);
            case 1 -> step(new Pad(List.of(rng.nextInt(3), rng.nextInt(3) - 1), one(List.of(Pad.Mode.values())), 0.5), x);
            case 2 -> {
                Integer[] counts = new Integer[rank];
                Arrays.setAll(counts, i -> 1 + rng.nextInt(2));
                yield step(new Repeat(List.of(counts)), x);
            }
            default -> {
                int axis = rng.nextInt(rank);
                int[] dims = x.shape().toArray();
                dims[axis] = rng.nextInt(4);
                yield step(new Cat(axis), x, operand(dims), x);
            }
        };
    }
}

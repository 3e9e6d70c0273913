package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x -> x with elements added at both ends of its last dimensions.
 *
 * @param sizes elements added, as PyTorch gives them: before and after the last dimension, then the one before it, …;
 *              with {@link Mode#CONSTANT} negative numbers cut off
 * @param mode  what the added elements are
 * @param value for {@link Mode#CONSTANT}
 */
public record Pad(List<Integer> sizes, Mode mode, double value) implements ComposedOp {
    /** What the added elements are. */
    public enum Mode {
        /** One value. */
        CONSTANT,
        /** Mirrored at the outermost element, which is not repeated. */
        REFLECT,
        /** The outermost element. */
        REPLICATE,
        /** Those of the other end. */
        CIRCULAR;

        /** PyTorch's name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Pad {
        sizes = List.copyOf(sizes);
    }

    @Override
    public String name() {
        return "pad";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Shape shape = inputs.get(0).shape();
        if (sizes.size() % 2 != 0 || sizes.size() > 2 * shape.rank()) {
            throw new ShapeException(name(), "needs two sizes for each padded dimension; got " + sizes + " for "
                    + shape);
        }
        for (int i = 0; i < sizes.size() / 2; i++) {
            int axis = shape.rank() - 1 - i;
            int size = shape.dim(axis);
            int most = switch (mode) {
                case CONSTANT -> Integer.MAX_VALUE;
                case REFLECT -> size - 1;
                case REPLICATE -> size == 0 ? 0 : Integer.MAX_VALUE;
                case CIRCULAR -> size;
            };
            int least = mode == Mode.CONSTANT ? -size : 0;
            for (int j = 2 * i; j < 2 * i + 2; j++) {
                if (sizes.get(j) < least || sizes.get(j) > most) {
                    throw new ShapeException(name(), mode + " padding of dimension " + axis + " of size " + size
                            + " is out of range; got " + sizes.get(j) + "; expected " + least + " to " + most);
                }
            }
            long padded = (long) size + sizes.get(2 * i) + sizes.get(2 * i + 1);
            if (padded < 0) {
                throw new ShapeException(name(), "nothing is left of dimension " + axis + " of size " + size + "; got "
                        + sizes.get(2 * i) + " and " + sizes.get(2 * i + 1));
            }
            shape = shape.with(axis, Math.toIntExact(padded));
        }
        return List.of(inputs.get(0).withShape(shape));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        for (int i = 0; i < sizes.size() / 2; i++) {
            int axis = x.spec().shape().rank() - 1 - i;
            int before = sizes.get(2 * i);
            int after = sizes.get(2 * i + 1);
            if (before != 0 || after != 0) {
                x = mode == Mode.CONSTANT ? constant(x, axis, before, after) : selected(x, axis, before, after);
            }
        }
        return new Tensor[] {x};
    }

    private Tensor constant(Tensor x, int axis, int before, int after) {
        int size = x.spec().shape().dim(axis);
        List<Tensor> parts = new ArrayList<>();
        if (before > 0) {
            parts.add(Tensors.fullLike(x.spec().withShape(x.spec().shape().with(axis, before)), value));
        }
        parts.add(before >= 0 && after >= 0 ? x
                : x.slice(axis, Math.max(0, -before), Math.max(0, size + Math.min(0, after))));
        if (after > 0) {
            parts.add(Tensors.fullLike(x.spec().withShape(x.spec().shape().with(axis, after)), value));
        }
        return parts.size() == 1 ? parts.get(0) : Tensors.cat(parts, axis);
    }

    private Tensor selected(Tensor x, int axis, int before, int after) {
        int size = x.spec().shape().dim(axis);
        long[] index = new long[before + size + after];
        for (int i = 0; i < index.length; i++) {
            int place = i - before;
            index[i] = switch (mode) {
                case REFLECT -> place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place;
                case REPLICATE -> Math.max(0, Math.min(size - 1, place));
                case CIRCULAR, CONSTANT -> Math.floorMod(place, size);
            };
        }
        return Dispatch.apply(new IndexSelect(axis), x, Tensors.of(index, index.length).to(x.device()));
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.pad").with(sizes).keyword("mode", mode.toString())
                .keyword("value", value);
    }
}

package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> the same elements in row-major order under another shape. Shares memory where strides allow.
 *
 * @param dims     sizes; at most one is -1 and follows from the others
 * @param viewOnly whether it must share memory ({@code view}) or may copy ({@code reshape})
 */
public record Reshape(List<Long> dims, boolean viewOnly) implements ViewOp, Rebindable {
    public Reshape {
        dims = List.copyOf(dims);
    }

    public static Reshape of(boolean viewOnly, int... dims) {
        List<Long> sizes = new ArrayList<>(dims.length);
        for (int dim : dims) {
            sizes.add((long) dim);
        }
        return new Reshape(sizes, viewOnly);
    }

    @Override
    public String name() {
        return viewOnly ? "view" : "reshape";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withShape(target(inputs.get(0).shape())));
    }

    private Shape target(Shape from) {
        int[] sizes = new int[dims.size()];
        int free = -1;
        long known = 1;
        for (int i = 0; i < sizes.length; i++) {
            long size = dims.get(i);
            if (size == -1 && free < 0) {
                free = i;
            } else if (size < 0 || size > Integer.MAX_VALUE) {
                throw new ShapeException(name(), "sizes must be positive, at most one of them -1; got " + dims);
            } else {
                sizes[i] = (int) size;
                known *= size;
            }
        }
        if (free >= 0) {
            if (known == 0 || from.numel() % known != 0) {
                throw new ShapeException(name(), "cannot view " + from + " = " + from.numel() + " elements as "
                        + text() + ": " + (known == 0 ? "-1 is ambiguous beside a size of 0"
                        : from.numel() + " is not divisible by " + known));
            }
            sizes[free] = (int) (from.numel() / known);
        } else if (known != from.numel()) {
            throw new ShapeException(name(), "cannot view " + from + " = " + from.numel() + " elements as " + text()
                    + " = " + known + " elements");
        }
        return Shape.of(sizes);
    }

    private String text() {
        return dims.toString().replace('[', '(').replace(']', ')');
    }

    @Override
    public Layout view(Layout input) {
        Layout layout = input.reshape(target(input.shape()));
        if (layout == null && viewOnly) {
            throw new ShapeException("view", "elements are not laid out so that they can be viewed as " + text()
                    + " without a copy; got " + input + "; use reshape");
        }
        return layout;
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {context.gradOutput().reshape(context.inputSpec(0).shape().toArray())};
    }

    @Override
    public List<Long> integers() {
        return dims;
    }

    @Override
    public Op withIntegers(List<Long> values) {
        return new Reshape(values, viewOnly);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch." + name()).withIntegers(0, dims.size());
    }
}

package org.bitgrid.tensor;

import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.ToDevice;
import org.bitgrid.tensor.spi.CarriedEncoding;
import org.bitgrid.tensor.spi.GradEngine;
import org.bitgrid.tensor.spi.TensorAccess;
import org.bitgrid.tensor.spi.TensorObserver;

/**
 * Elements of one type in rows and columns: a storage, a layout over it, and two opaque slots for the gradient engine
 * and for the encoding of a quantized tensor. Methods are PyTorch's, in camel case; see the mixins for the operators.
 *
 * <p>A tensor's shape and type never change. Its elements change only through methods that end in {@code InPlace}.
 * Tensors may be read from many threads.
 */
public final class Tensor implements PointwiseOps, MathOps, ActivationOps, InPlaceOps, ReduceOps,
        ShapeOps, ComposedOps, MatrixOps, NnOps {
    static {
        TensorAccess.install(new Access());
    }

    private final Storage storage;
    private final Layout layout;
    private final Device device;
    Object gradState;
    CarriedEncoding encoding;

    Tensor(Storage storage, Layout layout, Device device) {
        this.storage = storage;
        this.layout = layout;
        this.device = device;
    }

    /** Has this class initialised, so that {@link TensorAccess} is installed. */
    public static void load() {
        // the static initialiser does the work
    }

    /** A tensor without elements. */
    public static Tensor meta(Shape shape, DType dtype) {
        int length = (int) Math.min(Integer.MAX_VALUE, shape.numel()); // no array needs to hold it
        return new Tensor(new Storage.Meta(dtype, length), Layout.contiguous(shape), Device.META);
    }

    /** A tensor over a storage. For backends and kernels. */
    public static Tensor of(Storage storage, Layout layout, Device device) {
        return new Tensor(storage, layout, device);
    }

    /** Number of elements as an int, which is what one array can hold. */
    static int elements(String operation, Shape shape) {
        long numel = shape.numel();
        if (numel > Integer.MAX_VALUE - 8) {
            throw new ShapeException(operation, "tensor is too large for one array; got shape " + shape + " = "
                    + numel + " elements; expected at most " + (Integer.MAX_VALUE - 8));
        }
        return (int) numel;
    }

    /** The same elements under another layout. Gradient state is not carried over; the dispatcher sees to that. */
    Tensor withLayout(Layout other) {
        return new Tensor(storage, other, device);
    }

    /** The elements, for kernels. */
    public Storage storage() {
        return storage;
    }

    /** Where the elements lie in the storage, for kernels. */
    public Layout layout() {
        return layout;
    }

    public DType dtype() {
        return storage.dtype();
    }

    public Device device() {
        return device;
    }

    /** Shape, type and device. Unlike {@link #shape} this is not noticed by a tracer. */
    public TensorSpec spec() {
        return new TensorSpec(layout.shape(), storage.dtype(), device);
    }

    /** Sizes of all dimensions. While tracing, use {@link #size} where only one is needed. */
    public Shape shape() {
        notifyShape(-1, 0);
        return layout.shape();
    }

    /** Size of dimension {@code axis}; negative numbers count from the end. */
    public int size(int axis) {
        int index = layout.shape().checkedAxis("size", axis);
        int size = layout.shape().dim(index);
        notifyShape(index, size);
        return size;
    }

    private void notifyShape(int axis, int value) {
        if (device.isMeta()) {
            TensorObserver observer = ThreadState.current().observer;
            if (observer != null) {
                observer.shapeRead(this, axis, value);
            }
        }
    }

    /** Number of dimensions (PyTorch's {@code dim()}). */
    public int rank() {
        return layout.shape().rank();
    }

    /** Number of elements. */
    public long numel() {
        return layout.shape().numel();
    }

    public boolean isContiguous() {
        return layout.isContiguous();
    }

    /** The only element, as a double. */
    public double item() {
        checkReadable("item");
        if (numel() != 1) {
            throw new ShapeException("item", "tensor must have exactly one element; got " + layout.shape());
        }
        return Elements.asDouble(onHost(), layout.offset());
    }

    /** The only element, as a long; fractions are cut off. */
    public long itemLong() {
        checkReadable("itemLong");
        if (numel() != 1) {
            throw new ShapeException("itemLong", "tensor must have exactly one element; got " + layout.shape());
        }
        return Elements.asLong(onHost(), layout.offset());
    }

    /** The element at these indices, one for each dimension, as a double. */
    public double at(int... indices) {
        checkReadable("at");
        if (indices.length != rank()) {
            throw new ShapeException("at", "got " + indices.length + " indices for shape " + layout.shape());
        }
        int position = layout.offset();
        for (int i = 0; i < indices.length; i++) {
            int size = layout.shape().dim(i);
            if (indices[i] < 0 || indices[i] >= size) {
                throw new ShapeException("at", "index out of range; got " + indices[i] + " at dimension " + i
                        + "; expected 0 to " + (size - 1));
            }
            position += indices[i] * layout.stride(i);
        }
        return Elements.asDouble(onHost(), position);
    }

    /** A copy of the elements in row-major order, converted to float. */
    public float[] toFloatArray() {
        checkReadable("toFloatArray");
        Tensor source = Dispatch.contiguous(this);
        return Elements.toFloats(source.onHost(), source.layout.offset(), (int) numel());
    }

    /** A copy of the elements in row-major order, converted to double. */
    public double[] toDoubleArray() {
        checkReadable("toDoubleArray");
        Tensor source = Dispatch.contiguous(this);
        return Elements.toDoubles(source.onHost(), source.layout.offset(), (int) numel());
    }

    /** A copy of the elements in row-major order, converted to long; fractions are cut off. */
    public long[] toLongArray() {
        checkReadable("toLongArray");
        Tensor source = Dispatch.contiguous(this);
        return Elements.toLongs(source.onHost(), source.layout.offset(), (int) numel());
    }

    /** The elements in main memory; waits for another device when they are there. */
    Storage onHost() {
        return storage instanceof DeviceStorage elsewhere ? elsewhere.onHost() : storage;
    }

    void checkReadable(String method) {
        if (device.isMeta()) {
            TensorObserver observer = ThreadState.current().observer;
            if (observer != null) {
                observer.valueRead(this, method);
            }
            throw new DeviceException(method + ": tensor is on the meta device and has no values; got "
                    + spec());
        }
    }

    /** The same values in fresh memory; differentiable. */
    @Override
    public Tensor clone() {
        return Dispatch.apply(new Copy(), this);
    }

    /** The same values, row-major without gaps; this tensor itself when it is so already. */
    public Tensor contiguous() {
        return isContiguous() ? this : clone();
    }

    /** The values as another type: floats to integers cut off fractions, anything but 0 is true. */
    public Tensor to(DType dtype) {
        return dtype == dtype() ? this : Dispatch.apply(new Cast(dtype), this);
    }

    /**
     * The same values on another device; differentiable. This tensor itself when it is there already; shape and type
     * alone on the meta device.
     *
     * @throws DeviceException when the device does not exist or cannot be used, with what was found
     */
    public Tensor to(Device target) {
        if (target.equals(device)) {
            return this;
        }
        return target.isMeta() ? meta(layout.shape(), dtype()) : Dispatch.apply(new ToDevice(target), this);
    }

    /** The same elements outside the gradient graph. */
    public Tensor detach() {
        Tensor detached = new Tensor(storage, layout, device);
        detached.encoding = encoding;
        return detached;
    }

    /** Whether gradients flow to or through this tensor. */
    public boolean requiresGrad() {
        return gradState != null && Dispatch.gradEngine().requiresGrad(this);
    }

    /** Asks that gradients be collected in {@link #grad}; only for tensors that no operator made. Returns this. */
    public Tensor requiresGrad(boolean requiresGrad) {
        Dispatch.gradEngine().setRequiresGrad(this, requiresGrad);
        return this;
    }

    /**
     * The gradient that {@link #backward} accumulated, or null. It stays valid until it is forgotten or replaced, and
     * beyond that until the scope closes in which it was asked for; outside every scope for good.
     */
    public Tensor grad() {
        if (gradState == null) {
            return null;
        }
        Tensor grad = Dispatch.gradEngine().grad(this);
        if (grad != null) {
            adopt(grad);
        }
        return grad;
    }

    private static void adopt(Tensor tensor) {
        tensor.storage.retain();
        TensorScope scope = TensorScope.current();
        if (scope != null) {
            scope.own(tensor.storage);
        }
    }

    /** Forgets or replaces the gradient. */
    public void setGrad(Tensor grad) {
        Dispatch.gradEngine().setGrad(this, grad);
    }

    /** Whether this tensor was made by the user rather than by a recorded operator. */
    public boolean isLeaf() {
        return gradState == null || Dispatch.gradEngine().isLeaf(this);
    }

    /** Accumulates gradients of this scalar into the leaves it was computed from. */
    public void backward() {
        backward(null);
    }

    /** Accumulates gradients into the leaves, given the gradient of this tensor. */
    public void backward(Tensor gradient) {
        GradEngine engine = Dispatch.gradEngine();
        engine.backward(this, gradient, false, false);
    }

    /** Values, shape and type, with the middle of long dimensions left out. */
    @Override
    public String toString() {
        return TensorPrinter.print(this);
    }

    private static final class Access extends TensorAccess {
        @Override
        public Object gradState(Tensor tensor) {
            return tensor.gradState;
        }

        @Override
        public void setGradState(Tensor tensor, Object state) {
            tensor.gradState = state;
        }

        @Override
        public CarriedEncoding encoding(Tensor tensor) {
            return tensor.encoding;
        }

        @Override
        public void setEncoding(Tensor tensor, CarriedEncoding encoding) {
            tensor.encoding = encoding;
        }

        @Override
        public void retain(Tensor tensor) {
            tensor.storage.retain();
        }

        @Override
        public void release(Tensor tensor) {
            tensor.storage.release();
        }

        @Override
        public void adopt(Tensor tensor) {
            Tensor.adopt(tensor);
        }

        @Override
        public int holders(Tensor tensor) {
            return tensor.storage.holders();
        }

        @Override
        public Tensor alias(Tensor tensor) {
            return tensor.detach();
        }
    }
}

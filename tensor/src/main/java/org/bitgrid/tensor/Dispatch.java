package org.bitgrid.tensor;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.HostOp;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ToDevice;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.tensor.spi.Backend;
import org.bitgrid.tensor.spi.CarriedEncoding;
import org.bitgrid.tensor.spi.GradEngine;
import org.bitgrid.tensor.spi.Interceptor;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.TensorObserver;

/**
 * The one place through which every operator passes: interceptors (newest first), then the gradient engine, then the
 * backend of the inputs' device. Put a breakpoint in {@link #applyAll} to watch a network go by.
 */
public final class Dispatch {
    private static final boolean TRACE = "ops".equals(System.getProperty("bitgrid.trace"));

    private Dispatch() {
    }

    /** Ends something that was entered on this thread. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Runs an operator with one output, written as a method call. */
    public static Tensor apply(Op op, Tensor... inputs) {
        return applyAll(op, inputs)[0];
    }

    /** Runs an operator with one output, written as a function call: graphs print {@code relu(x)}, not x.relu(). */
    public static Tensor function(Op op, Tensor... inputs) {
        return functionAll(op, inputs)[0];
    }

    /** Runs an operator written as a function call. */
    public static Tensor[] functionAll(Op op, Tensor... inputs) {
        ThreadState state = ThreadState.current();
        if (state.interceptors.length == 0) {
            return execute(state, op, inputs);
        }
        state.functionCall = true;
        try {
            return applyAll(op, inputs);
        } finally {
            state.functionCall = false;
        }
    }

    /** Runs an operator and returns all its outputs. */
    public static Tensor[] applyAll(Op op, Tensor... inputs) {
        ThreadState state = ThreadState.current();
        return proceed(state, state.interceptors, state.interceptors.length, op, inputs);
    }

    private static Tensor[] proceed(ThreadState state, Interceptor[] chain, int remaining, Op op, Tensor[] inputs) {
        if (remaining == 0) {
            return execute(state, op, inputs);
        }
        return chain[remaining - 1].intercept(op, inputs,
                (nextOp, nextInputs) -> proceed(state, chain, remaining - 1, nextOp, nextInputs));
    }

    private static Tensor[] execute(ThreadState state, Op op, Tensor[] given) {
        Tensor[] inputs = scalarsBesideOthers(state, op, given);
        if (op instanceof ComposedOp composed && !hasKernel(op, inputs)) {
            Interceptor[] seen = state.interceptors;
            boolean functionCall = state.functionCall;
            state.interceptors = ThreadState.NO_INTERCEPTORS;
            try {
                op.infer(specs(inputs)); // its parts would complain in their own names
                return composed.decompose(inputs);
            } finally {
                state.interceptors = seen;
                state.functionCall = functionCall;
            }
        }
        if (state.gradEnabled) {
            for (Tensor input : inputs) {
                if (input.gradState != null) {
                    return Engines.grad().record(op, inputs, Dispatch::compute);
                }
            }
        }
        return compute(op, inputs);
    }

    /** As in PyTorch, 0-d tensors in main memory go along with tensors on another device. */
    private static Tensor[] scalarsBesideOthers(ThreadState state, Op op, Tensor[] inputs) {
        Device device = null;
        boolean mixed = false;
        for (Tensor input : inputs) {
            mixed |= input.device() != inputs[0].device();
            if (!input.device().isCpu()) {
                device = input.device();
            }
        }
        if (!mixed || device == null || anyMeta(inputs)) {
            return inputs;
        }
        Tensor[] moved = inputs.clone();
        for (int i = 0; i < moved.length; i++) {
            if (moved[i].device().isCpu() && moved[i].layout().shape().rank() == 0 && !op.mutates().contains(i)) {
                moved[i] = execute(state, new ToDevice(device), new Tensor[] {moved[i]})[0];
            }
        }
        return moved;
    }

    private static boolean hasKernel(Op op, Tensor[] inputs) {
        if (inputs.length == 0 || anyMeta(inputs)) {
            return false;
        }
        return Engines.backend(inputs[0].device()).kernel(op, inputs) != null;
    }

    private static boolean anyMeta(Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (input.device().isMeta()) {
                return true;
            }
        }
        return false;
    }

    private static Tensor[] compute(Op op, Tensor[] inputs) {
        Tensor[] outputs = computePlain(op, inputs);
        if (inputs.length > 0 && inputs[0].encoding != null) {
            carryEncoding(op, inputs[0].encoding, outputs);
        }
        return outputs;
    }

    private static void carryEncoding(Op op, CarriedEncoding encoding, Tensor[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            outputs[i].encoding = encoding.after(op, i, outputs[i]);
        }
    }

    private static Tensor[] computePlain(Op op, Tensor[] inputs) {
        boolean meta = anyMeta(inputs);
        List<TensorSpec> outputSpecs = op.infer(specs(inputs));
        if (meta) {
            return metaOutputs(op, inputs, outputSpecs);
        }
        if (op instanceof ViewOp view) {
            return new Tensor[] {viewOf(view, inputs[0])};
        }
        return runKernel(op, inputs, outputSpecs);
    }

    private static List<TensorSpec> specs(Tensor[] inputs) {
        TensorSpec[] specs = new TensorSpec[inputs.length];
        for (int i = 0; i < specs.length; i++) {
            specs[i] = inputs[i].spec();
        }
        return Arrays.asList(specs);
    }

    private static Tensor[] metaOutputs(Op op, Tensor[] inputs, List<TensorSpec> specs) {
        Tensor[] outputs = new Tensor[specs.size()];
        List<Integer> mutated = op.mutates();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = i < mutated.size() ? inputs[mutated.get(i)]
                    : Tensor.meta(specs.get(i).shape(), specs.get(i).dtype());
        }
        return outputs;
    }

    private static Tensor viewOf(ViewOp view, Tensor input) {
        Layout layout = view.view(input.layout());
        if (layout != null) {
            return input.withLayout(layout);
        }
        Tensor contiguous = contiguous(input);
        return contiguous.withLayout(view.view(contiguous.layout()));
    }

    private static Tensor[] runKernel(Op op, Tensor[] inputs, List<TensorSpec> specs) {
        Device device = commonDevice(op, inputs, specs);
        Backend backend = Engines.backend(device);
        Kernel kernel = backend.kernel(op, inputs);
        if (kernel == null && op instanceof HostOp host) {
            kernel = host.hostKernel();
        }
        if (kernel == null) {
            throw new DeviceException(op.name() + ": backend " + backend.name() + " has no kernel for it; got "
                    + Arrays.toString(inputs[0].spec().shape().toArray()));
        }
        List<Integer> mutated = op.mutates();
        Tensor[] arguments = inputs;
        if (!kernel.acceptsStrides()) {
            for (int i = 0; i < inputs.length; i++) {
                if (!inputs[i].isContiguous()) {
                    if (mutated.contains(i)) {
                        throw new ShapeException(op.name(), "cannot change a tensor in place through a view whose "
                                + "elements are not contiguous; got " + inputs[i].layout() + "; copy it first");
                    }
                    if (arguments == inputs) {
                        arguments = inputs.clone();
                    }
                    arguments[i] = contiguous(inputs[i]);
                }
            }
        }
        Tensor[] outputs = new Tensor[specs.size()];
        for (int i = 0; i < outputs.length; i++) {
            if (i < mutated.size()) {
                outputs[i] = inputs[mutated.get(i)];
            } else {
                TensorSpec spec = specs.get(i);
                outputs[i] = newOutput(op, spec, backend, device);
            }
        }
        for (int index : mutated) {
            inputs[index].storage().settleReaders();
        }
        long start = TRACE ? System.nanoTime() : 0;
        kernel.run(op, arguments, outputs);
        if (TRACE) {
            Engines.trace(op, arguments, outputs, System.nanoTime() - start);
        }
        for (int index : mutated) {
            inputs[index].storage().bumpVersion();
        }
        return outputs;
    }

    private static Tensor newOutput(Op op, TensorSpec spec, Backend inputBackend, Device inputDevice) {
        Device device = spec.device();
        Backend backend = device.equals(inputDevice) ? inputBackend : Engines.backend(device);
        Storage storage = backend.allocate(spec.dtype(), Tensor.elements(op.name(), spec.shape()), device, op.name());
        return new Tensor(storage, Layout.contiguous(spec.shape()), device);
    }

    private static Device commonDevice(Op op, Tensor[] inputs, List<TensorSpec> specs) {
        if (inputs.length == 0) {
            return specs.get(0).device();
        }
        Device device = inputs[0].device();
        for (int i = 1; i < inputs.length; i++) {
            Device other = inputs[i].device();
            if (other != device && !other.equals(device)) {
                throw new DeviceException(op.name() + ": tensors are on different devices; got " + device + " and "
                        + other + "; move one with .to(device)");
            }
        }
        return device;
    }

    /** The same values, row-major without gaps; the tensor itself when it is so already. */
    static Tensor contiguous(Tensor tensor) {
        if (tensor.isContiguous()) {
            return tensor;
        }
        return compute(new Copy(), new Tensor[] {tensor})[0];
    }

    /** Puts an interceptor in force on this thread until the scope is closed. */
    public static Scope intercept(Interceptor interceptor) {
        ThreadState state = ThreadState.current();
        Interceptor[] before = state.interceptors;
        Interceptor[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = interceptor;
        state.interceptors = after;
        return () -> state.interceptors = before;
    }

    /** Hides all interceptors and the observer of this thread until the scope is closed. */
    public static Scope suspendInterceptors() {
        ThreadState state = ThreadState.current();
        Interceptor[] before = state.interceptors;
        TensorObserver observer = state.observer;
        state.interceptors = ThreadState.NO_INTERCEPTORS;
        state.observer = null;
        return () -> {
            state.interceptors = before;
            state.observer = observer;
        };
    }

    /** Whether the operator that is being dispatched was written as a function call. For interceptors. */
    public static boolean isFunctionCall() {
        return ThreadState.current().functionCall;
    }

    /** Has {@code observer} told of every look at a meta tensor on this thread until the scope is closed. */
    public static Scope observe(TensorObserver observer) {
        ThreadState state = ThreadState.current();
        TensorObserver before = state.observer;
        state.observer = observer;
        return () -> state.observer = before;
    }

    /** Whether operators on this thread are recorded for differentiation. */
    public static boolean isGradEnabled() {
        return ThreadState.current().gradEnabled;
    }

    /** Switches recording on or off on this thread until the scope is closed. */
    public static Scope gradEnabled(boolean enabled) {
        ThreadState state = ThreadState.current();
        boolean before = state.gradEnabled;
        state.gradEnabled = enabled;
        return () -> state.gradEnabled = before;
    }

    /** The gradient engine. */
    public static GradEngine gradEngine() {
        return Engines.grad();
    }

    /** The backend that serves this device. */
    public static Backend backend(Device device) {
        return Engines.backend(device);
    }
}

package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.DeviceException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/** Loads parameters and buffers by name; a mismatch lists every wrong entry at once and changes nothing. */
final class StateDicts {
    private StateDicts() {
    }

    static void load(Module module, Map<String, Tensor> state, boolean strict) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        module.forEachModule((path, m) -> m.ownParameters().forEach((name, parameter) ->
                parameters.put(path.isEmpty() ? name : path + "." + name, parameter)));
        Map<String, Buffer> buffers = module.namedBuffers();
        Map<String, Module> extras = new LinkedHashMap<>();
        module.forEachModule((path, m) -> {
            if (m.extraState() != null) {
                extras.put(path.isEmpty() ? Module.EXTRA_STATE : path + "." + Module.EXTRA_STATE, m);
            }
        });
        List<String> faults = new ArrayList<>();
        parameters.forEach((name, parameter) -> check(name, parameter.shape(), state, strict, faults));
        buffers.forEach((name, buffer) -> check(name, buffer.shape(), state, strict, faults));
        if (strict) {
            for (String name : state.keySet()) {
                if (!parameters.containsKey(name) && !buffers.containsKey(name) && !extras.containsKey(name)) {
                    faults.add("unexpected " + name + " " + state.get(name).spec().shape());
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new BitgridException("loadStateDict: " + module.typeName() + " and the state do not agree: "
                    + String.join("; ", faults));
        }
        parameters.forEach((name, parameter) -> {
            if (state.containsKey(name)) {
                parameter.set(copy(state.get(name), parameter.held()));
            }
        });
        buffers.forEach((name, buffer) -> {
            if (state.containsKey(name)) {
                buffer.set(copy(state.get(name), buffer.tensor()));
            }
        });
        extras.forEach((name, owner) -> {
            if (state.containsKey(name)) {
                owner.loadExtraState(state.get(name));
            }
        });
    }

    /** Converts all floating-point parameters and buffers. */
    static void convert(Module module, DType dtype) {
        if (!dtype.isFloating()) {
            throw new DTypeException("Module.to", "only floating-point types; got " + dtype);
        }
        for (Parameter parameter : module.parameters()) {
            if (parameter.held().dtype().isFloating()) {
                parameter.relocate(parameter.held().detach().to(dtype));
            }
        }
        for (Buffer buffer : module.namedBuffers().values()) {
            if (buffer.tensor().dtype().isFloating()) {
                buffer.set(buffer.tensor().to(dtype));
            }
        }
    }

    /** Moves parameters, gradients and buffers; what two modules share they go on sharing. */
    static void move(Module module, Device device) {
        if (device.isMeta()) {
            throw new DeviceException("Module.to: a module cannot lose its values; got device meta");
        }
        Dispatch.backend(device).synchronize(device); // fails before anything moves when there is no such device
        for (Parameter parameter : module.parameters()) {
            Tensor held = parameter.held();
            if (!held.device().equals(device)) {
                Tensor grad = held.grad();
                parameter.relocate(held.detach().to(device));
                if (grad != null) {
                    parameter.held().setGrad(grad.detach().to(device));
                }
            }
        }
        for (Buffer buffer : module.namedBuffers().values()) {
            if (!buffer.tensor().device().equals(device)) {
                buffer.set(buffer.tensor().to(device));
            }
        }
    }

    /** The values of {@code from} with the type of {@code like} and on its device. */
    private static Tensor copy(Tensor from, Tensor like) {
        Tensor source = from.detach().to(like.device()).to(like.dtype());
        return source.storage() == from.storage() ? source.clone() : source;
    }

    private static void check(String name, Shape shape, Map<String, Tensor> state, boolean strict,
                              List<String> faults) {
        Tensor found = state.get(name);
        if (found == null) {
            if (strict) {
                faults.add("missing " + name + " " + shape);
            }
        } else if (!found.spec().shape().equals(shape)) {
            faults.add("shape of " + name + ": got " + found.spec().shape() + ", expected " + shape);
        }
    }
}

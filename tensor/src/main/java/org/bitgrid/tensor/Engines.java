package org.bitgrid.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Backend;
import org.bitgrid.tensor.spi.GradEngine;

/** Finds backends and the gradient engine once, through ServiceLoader, and remembers them. */
final class Engines {
    private static final System.Logger LOG = System.getLogger("org.bitgrid.tensor");
    private static final Map<String, Backend> BACKENDS = new ConcurrentHashMap<>();

    private Engines() {
    }

    private static final class GradHolder {
        static final GradEngine ENGINE = ServiceLoader.load(GradEngine.class).findFirst()
                .or(() -> ServiceLoader.load(GradEngine.class, Engines.class.getClassLoader()).findFirst())
                .orElse(null);
    }

    static GradEngine grad() {
        if (GradHolder.ENGINE == null) {
            throw new DeviceException("gradients need the autograd module: add org.bitgrid.autograd to the module "
                    + "path or class path");
        }
        return GradHolder.ENGINE;
    }

    static Backend backend(Device device) {
        Backend known = BACKENDS.get(device.kind());
        return known != null ? known : BACKENDS.computeIfAbsent(device.kind(), Engines::find);
    }

    private static Backend find(String kind) {
        // "opencl:1" names a backend and which of its devices commands use.
        String wanted = System.getProperty("bitgrid.backend", "").replaceFirst(":[0-9]+$", "");
        List<Backend> all = new ArrayList<>();
        ServiceLoader.load(Backend.class, Engines.class.getClassLoader()).forEach(all::add);
        all.sort(Comparator.comparingInt(Backend::priority).reversed());
        boolean wantedIsKnown = wanted.isEmpty() || all.stream().anyMatch(b -> b.name().equals(wanted));
        if (!wantedIsKnown) {
            throw new DeviceException("backend \"" + wanted + "\" was requested but is unknown; expected one of "
                    + all.stream().map(Backend::name).toList());
        }
        for (Backend backend : all) {
            boolean chosen = wanted.isEmpty() || backend.name().equals(wanted)
                    || all.stream().noneMatch(b -> b.name().equals(wanted) && b.deviceKind().equals(kind));
            if (backend.deviceKind().equals(kind) && chosen && backend.whyUnusable() == null) {
                LOG.log(System.Logger.Level.DEBUG, "{0} tensors: {1}", kind, backend.description());
                return backend;
            }
        }
        throw new DeviceException("device \"" + kind + "\" is not usable: " + (all.isEmpty() ? "no backend found"
                : String.join(", ", all.stream().map(Engines::describe).toList())));
    }

    private static String describe(Backend backend) {
        String why = backend.whyUnusable();
        return backend.name() + " (" + (why == null ? "serves " + backend.deviceKind() : why) + ")";
    }

    /** One line for an operator that ran, with -Dbitgrid.trace=ops. */
    static void trace(Op op, Tensor[] inputs, Tensor[] outputs, long nanos) {
        System.err.println(op + " " + Arrays.toString(specs(inputs)) + " -> " + Arrays.toString(specs(outputs)) + " "
                + nanos / 1000 + " us");
    }

    private static TensorSpec[] specs(Tensor[] tensors) {
        return Arrays.stream(tensors).map(Tensor::spec).toArray(TensorSpec[]::new);
    }
}

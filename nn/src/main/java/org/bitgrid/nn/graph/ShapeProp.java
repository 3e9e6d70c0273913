package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** Finds shape and type of every value in a graph by running it on tensors without elements. */
public final class ShapeProp {
    private ShapeProp() {
    }

    /** Sets {@link Node#specs} of all nodes for inputs of these shapes and types. */
    public static void run(GraphModule module, List<TensorSpec> inputs) {
        List<Object> arguments = new ArrayList<>();
        inputs.forEach(spec -> arguments.add(Tensor.meta(spec.shape(), spec.dtype())));
        quietly(() -> {
            module.interpreter().run(module, arguments, (node, value) -> {
                if (value instanceof Tensor tensor) {
                    node.setSpecs(List.of(tensor.spec()));
                } else if (value instanceof Tensor[] tensors) {
                    List<TensorSpec> specs = new ArrayList<>();
                    for (Tensor tensor : tensors) {
                        specs.add(tensor.spec());
                    }
                    node.setSpecs(specs);
                }
            });
            return null;
        });
    }

    /** Shapes and types that a module gives for arguments, of which tensors are without elements. */
    static List<TensorSpec> outputs(Module module, List<Object> arguments) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Tensor tensor : quietly(() -> module.callWith(arguments))) {
            specs.add(tensor.spec());
        }
        return specs;
    }

    private static <T> T quietly(java.util.function.Supplier<T> action) {
        try (var hidden = Dispatch.suspendInterceptors(); var noGrad = Dispatch.gradEnabled(false);
             var noHooks = Module.intercept(new MetaRun())) {
            return action.get();
        }
    }
}

package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bitgrid.autograd.CustomFunction;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/** What a module calls before and after it runs, and when gradients have gone through it. */
final class ModuleHooks {
    private final List<Module.ForwardPreHook> before = new ArrayList<>();
    private final List<Module.ForwardHook> after = new ArrayList<>();
    private final List<Module.BackwardHook> backward = new ArrayList<>();

    Dispatch.Scope add(Module.ForwardPreHook hook) {
        before.add(hook);
        return () -> before.remove(hook);
    }

    Dispatch.Scope add(Module.ForwardHook hook) {
        after.add(hook);
        return () -> after.remove(hook);
    }

    Dispatch.Scope add(Module.BackwardHook hook) {
        backward.add(hook);
        return () -> backward.remove(hook);
    }

    Tensor[] run(Module module, List<Object> given) {
        List<Object> arguments = given;
        for (Module.ForwardPreHook hook : List.copyOf(before)) {
            List<Object> replaced = hook.runs(module, arguments);
            arguments = replaced == null ? arguments : replaced;
        }
        Crossing crossing = backward.isEmpty() || !Dispatch.isGradEnabled() ? null : new Crossing(module);
        if (crossing != null) {
            arguments = crossing.enter(arguments);
        }
        Tensor[] outputs = module.forwardWith(arguments);
        for (Module.ForwardHook hook : List.copyOf(after)) {
            Tensor[] replaced = hook.ran(module, arguments, outputs);
            outputs = replaced == null ? outputs : replaced;
        }
        return crossing == null ? outputs : crossing.leave(outputs);
    }

    /**
     * One run of a module whose gradients are looked at. Its inputs and outputs pass through functions that change
     * nothing; going backwards, the latter meet the gradients of the outputs, then the former those of the inputs.
     */
    private final class Crossing {
        private final Module module;
        private Tensor[] gradOutputs = new Tensor[0];
        private boolean meetsInputs;

        Crossing(Module module) {
            this.module = module;
        }

        List<Object> enter(List<Object> arguments) {
            List<Tensor> tensors = new ArrayList<>();
            for (Object argument : arguments) {
                if (argument instanceof Tensor tensor) {
                    tensors.add(tensor);
                    meetsInputs |= tensor.requiresGrad();
                }
            }
            if (!meetsInputs) {
                return arguments;
            }
            Tensor[] passed = new Passage("backward hook, inputs", this::meetInputs)
                    .applyAll(tensors.toArray(new Tensor[0]));
            List<Object> replaced = new ArrayList<>(arguments);
            int next = 0;
            for (int i = 0; i < replaced.size(); i++) {
                if (replaced.get(i) instanceof Tensor) {
                    replaced.set(i, passed[next++]);
                }
            }
            return replaced;
        }

        Tensor[] leave(Tensor[] outputs) {
            return new Passage("backward hook, outputs", this::meetOutputs).applyAll(outputs);
        }

        private Tensor[] meetOutputs(Tensor[] grads) {
            gradOutputs = grads;
            if (!meetsInputs) {
                call(new Tensor[0]);
            } else {
                // The walk gives them back before it comes to the inputs.
                for (Tensor each : grads) {
                    TensorAccess.get().retain(each);
                }
            }
            return grads;
        }

        private Tensor[] meetInputs(Tensor[] grads) {
            try {
                return call(grads);
            } finally {
                for (Tensor each : gradOutputs) {
                    TensorAccess.get().release(each);
                }
                gradOutputs = new Tensor[0];
            }
        }

        private Tensor[] call(Tensor[] gradInputs) {
            Tensor[] grads = gradInputs;
            for (Module.BackwardHook hook : List.copyOf(backward)) {
                Tensor[] replaced = hook.passed(module, grads, gradOutputs);
                if (replaced != null && replaced.length != grads.length) {
                    throw new ShapeException(module.typeName(), "backward hook returned " + replaced.length
                            + " gradients; expected " + grads.length);
                }
                grads = replaced == null ? grads : replaced;
            }
            return grads;
        }
    }

    /** Changes nothing, but shows the gradients that pass. */
    private static final class Passage extends CustomFunction {
        private final String name;
        private final UnaryOperator<Tensor[]> meet;

        Passage(String name, UnaryOperator<Tensor[]> meet) {
            this.name = name;
            this.meet = meet;
        }

        @Override
        protected String name() {
            return name;
        }

        @Override
        protected Tensor[] forward(Context context, Tensor... inputs) {
            return inputs;
        }

        @Override
        protected Tensor[] backward(Context context, Tensor... gradOutputs) {
            return meet.apply(gradOutputs);
        }
    }
}

package org.bitgrid.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiConsumer;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * One walk from roots to leaves, newest node first. Every gradient rule runs in a scope of its own; of what it makes,
 * only the gradients that go on survive it, and each of these goes back to the pool when its node has consumed it.
 */
final class BackwardPass {
    private static final TensorAccess ACCESS = TensorAccess.get();

    /** Where the gradient of one requested tensor is to be put. */
    private record Capture(int output, int position) {
    }

    private final boolean retainGraph;
    private final boolean createGraph;
    private final PriorityQueue<GradNode> ready = new PriorityQueue<>(
            Comparator.comparingLong((GradNode node) -> node.sequence).reversed());
    /** Gradients of the outputs of nodes in the queue; the pass is a holder of each. Order never matters here. */
    private final Map<GradNode, Tensor[]> pending = new HashMap<>();
    /** Nodes through which a requested gradient flows, or null for all. */
    private Set<GradNode> wanted;
    private Map<GradNode, List<Capture>> captures = Map.of();
    private Tensor[] captured = {};

    BackwardPass(boolean retainGraph, boolean createGraph) {
        this.retainGraph = retainGraph;
        this.createGraph = createGraph;
    }

    /** Checks all roots, then seeds them. Gradients may be fewer than roots: the others start with 1. */
    void start(String operation, List<Tensor> roots, List<Tensor> gradients) {
        for (int i = 0; i < roots.size(); i++) {
            Tape.checkSeed(operation, roots.get(i), i < gradients.size() ? gradients.get(i) : null);
        }
        try (Dispatch.Scope mode = Dispatch.gradEnabled(createGraph); TensorScope scope = TensorScope.open()) {
            for (int i = 0; i < roots.size(); i++) {
                Tensor gradient = i < gradients.size() ? gradients.get(i) : null;
                GradState state = GradState.of(roots.get(i));
                add(state.node, state.output,
                        gradient != null ? gradient : Tensors.fullLike(roots.get(i).spec(), 1));
            }
        }
    }

    /** Walks on and adds to the gradients of all leaves. */
    void accumulateIntoLeaves() {
        walk();
    }

    /** Walks only where it must and returns the gradients of {@code inputs}, null where none flows. */
    Tensor[] gradientsOf(List<Tensor> inputs) {
        captures = new HashMap<>();
        captured = new Tensor[inputs.size()];
        for (int i = 0; i < captured.length; i++) {
            GradState state = GradState.of(inputs.get(i));
            if (state != null && state.node != null) {
                captures.computeIfAbsent(state.node, node -> new ArrayList<>()).add(new Capture(state.output, i));
            }
        }
        wanted = nodesLeadingTo(captures.keySet());
        boolean finished = false;
        try {
            walk();
            finished = true;
        } finally {
            for (Tensor gradient : captured) {
                if (gradient != null) {
                    if (finished) {
                        ACCESS.adopt(gradient);
                    }
                    ACCESS.release(gradient);
                }
            }
        }
        return captured;
    }

    /** All nodes under the roots from which an edge leads to one of {@code targets}, and the targets. */
    private Set<GradNode> nodesLeadingTo(Set<GradNode> targets) {
        Set<GradNode> seen = new HashSet<>(ready);
        ArrayDeque<GradNode> open = new ArrayDeque<>(ready);
        List<GradNode> reachable = new ArrayList<>();
        while (!open.isEmpty()) {
            GradNode node = open.pop();
            reachable.add(node);
            for (GradNode input : node.inputs) {
                if (input != null && seen.add(input)) {
                    open.push(input);
                }
            }
        }
        reachable.sort(Comparator.comparingLong(node -> node.sequence));
        Set<GradNode> leading = new HashSet<>(targets);
        for (GradNode node : reachable) {
            for (GradNode input : node.inputs) {
                if (input != null && leading.contains(input)) {
                    leading.add(node);
                    break;
                }
            }
        }
        return leading;
    }

    private void walk() {
        try (Dispatch.Scope mode = Dispatch.gradEnabled(createGraph)) {
            for (GradNode node = ready.poll(); node != null; node = ready.poll()) {
                Tensor[] grads = pending.remove(node);
                try {
                    visit(node, grads);
                } finally {
                    releaseAll(grads);
                }
            }
        } finally {
            pending.values().forEach(BackwardPass::releaseAll);
            pending.clear();
        }
    }

    private static void releaseAll(Tensor[] tensors) {
        for (Tensor tensor : tensors) {
            if (tensor != null) {
                ACCESS.release(tensor);
            }
        }
    }

    private void visit(GradNode node, Tensor[] grads) {
        if (!node.hooks.isEmpty()) {
            runHooks(node, grads);
        }
        for (GradState state : node.retaining) {
            accumulate(state, grads[state.output]);
        }
        for (Capture capture : captures.getOrDefault(node, List.of())) {
            Tensor gradient = grads[capture.output];
            if (gradient != null) {
                ACCESS.retain(gradient);
                captured[capture.position] = gradient;
            }
        }
        if (node instanceof LeafNode leaf) {
            if (wanted == null) {
                accumulate(leaf.state, grads[0]);
            }
            return;
        }
        boolean[] needed = new boolean[node.inputs.length];
        boolean any = false;
        for (int i = 0; i < needed.length; i++) {
            needed[i] = node.inputs[i] != null && (wanted == null || wanted.contains(node.inputs[i]));
            any |= needed[i];
        }
        if (any) {
            differentiate(node, grads, needed);
        }
        if (!retainGraph) {
            node.free();
        }
    }

    private void differentiate(GradNode node, Tensor[] grads, boolean[] needed) {
        node.checkUsable();
        try (TensorScope scope = TensorScope.open()) {
            Tensor[] inputGrads = node.vjp(grads, needed);
            if (inputGrads.length != needed.length) {
                throw new ShapeException(node.name(), "gradient rule must give one gradient for each input; got "
                        + inputGrads.length + "; expected " + needed.length);
            }
            if (node.callSite != null) {
                AnomalyMode.check(node, inputGrads);
            }
            for (int i = 0; i < needed.length; i++) {
                if (needed[i] && inputGrads[i] != null) {
                    inputGrads[i] = fitting(node, i, inputGrads[i]);
                    add(node.inputs[i], node.inputOutputs[i], inputGrads[i]);
                }
            }
            if (!node.nodeHooks.isEmpty()) {
                for (Tensor gradient : inputGrads) {
                    if (gradient != null) {
                        scope.keep(gradient);
                    }
                }
                for (Tensor gradient : grads) {
                    if (gradient != null) {
                        scope.keep(gradient);
                    }
                }
                for (BiConsumer<Tensor[], Tensor[]> hook : node.nodeHooks) {
                    hook.accept(inputGrads.clone(), grads.clone());
                }
            }
        }
    }

    private static Tensor fitting(GradNode node, int input, Tensor gradient) {
        if (!gradient.spec().shape().equals(node.inputSpecs[input].shape())) {
            throw new ShapeException(node.name(), "gradient of input " + input + " has the wrong shape; got "
                    + gradient.spec().shape() + "; expected " + node.inputSpecs[input].shape());
        }
        return gradient.to(node.inputSpecs[input].dtype());
    }

    /** Adds to the gradient of one output of a node, in place where nobody else can see it. */
    private void add(GradNode node, int output, Tensor gradient) {
        Tensor[] slots = pending.get(node);
        if (slots == null) {
            slots = new Tensor[node.outputSpecs.length];
            pending.put(node, slots);
            ready.add(node);
        }
        Tensor before = slots[output];
        if (before == null) {
            ACCESS.retain(gradient);
            slots[output] = gradient;
        } else if (!createGraph && before.isContiguous() && ACCESS.holders(before) == 1) {
            AddInPlace.apply(before, 1, gradient);
        } else {
            Tensor sum = before.add(gradient);
            ACCESS.retain(sum);
            slots[output] = sum;
            ACCESS.release(before);
        }
    }

    private void accumulate(GradState state, Tensor gradient) {
        if (gradient != null) {
            try (TensorScope scope = TensorScope.open()) {
                state.accumulate(gradient, ACCESS.holders(gradient) == 1, createGraph);
            }
        }
    }

    private static void runHooks(GradNode node, Tensor[] grads) {
        for (GradNode.OutputHook hook : List.copyOf(node.hooks)) {
            Tensor gradient = grads[hook.output()];
            if (gradient == null) {
                continue;
            }
            ACCESS.adopt(gradient);
            Tensor changed = hook.function().apply(gradient);
            if (changed != null && changed != gradient) {
                Check.shape("gradient hook", "result", changed.spec(), gradient.spec().shape());
                Check.sameType("gradient hook", "result", changed.spec(), "gradient", gradient.spec());
                ACCESS.retain(changed);
                grads[hook.output()] = changed;
                ACCESS.release(gradient);
            }
        }
    }
}

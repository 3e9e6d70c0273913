package org.bitgrid.autograd;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** Where gradients end: a tensor of the user's that collects them. */
final class LeafNode extends GradNode {
    final GradState state;

    LeafNode(TensorSpec spec, GradState state) {
        super(spec);
        this.state = state;
    }

    @Override
    String name() {
        return "leaf";
    }

    @Override
    Tensor[] vjp(Tensor[] gradOutputs, boolean[] needed) {
        return gradOutputs;
    }

    @Override
    boolean hasSaved() {
        return false;
    }

    @Override
    void releaseSaved() {
        // a leaf saves nothing
    }
}

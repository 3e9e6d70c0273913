package org.bitgrid.quant.sim;

import org.bitgrid.quant.config.EncodingConstraints;

/** A slot while placement rules are applied to it. */
final class SlotState {
    private final SlotId id;
    private boolean quantized;
    private boolean symmetric;
    private int bitwidth;
    private boolean isFloat;
    private int channelAxis = -1;
    private EncodingConstraints constraints;
    private SlotState shared;
    private String rule = "nothing quantizes it";
    private String detail = "";

    SlotState(SlotId id, int bitwidth, boolean isFloat) {
        this.id = id;
        this.bitwidth = bitwidth;
        this.isFloat = isFloat;
    }

    SlotId id() {
        return id;
    }

    boolean quantized() {
        return quantized;
    }

    void setQuantized(boolean value, String because) {
        quantized = value;
        rule = because;
    }

    boolean symmetric() {
        return symmetric;
    }

    void setSymmetric(boolean value, String because) {
        if (symmetric != value) {
            symmetric = value;
            note((value ? "symmetric" : "asymmetric") + ": " + because);
        }
    }

    int bitwidth() {
        return bitwidth;
    }

    boolean isFloat() {
        return isFloat;
    }

    void setType(int bits, boolean floating, String because) {
        if (bitwidth != bits || isFloat != floating) {
            bitwidth = bits;
            isFloat = floating;
            note((floating ? "float" : "int") + bits + ": " + because);
        }
    }

    void setChannelAxis(int axis, String because) {
        channelAxis = axis;
        note("per channel: " + because);
    }

    void setConstraints(EncodingConstraints value, String because) {
        constraints = value;
        note("range: " + because);
    }

    /** The slot whose quantizer this one uses; itself when it has its own. */
    SlotState root() {
        SlotState root = this;
        while (root.shared != null) {
            root = root.shared;
        }
        return root;
    }

    /** Has this slot use the quantizer of another from now on. */
    void share(SlotState other, String because) {
        SlotState root = other.root();
        if (root != root()) {
            shared = root;
            note("shared: " + because);
        }
    }

    private void note(String text) {
        detail = detail.isEmpty() ? text : detail + "; " + text;
    }

    SlotPlan plan() {
        SlotState root = root();
        return new SlotPlan(id, quantized, root.bitwidth, root.isFloat, root.symmetric, root.channelAxis,
                root.constraints, root == this ? null : root.id, rule, detail);
    }
}

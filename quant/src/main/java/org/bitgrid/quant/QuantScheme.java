package org.bitgrid.quant;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.BitgridException;

/** How ranges are found, and whether they go on learning. Names are AIMET's where it has the scheme. */
public enum QuantScheme {
    /** Smallest and largest value seen; the range stays as calibrated. */
    MIN_MAX("post_training_tf", false, "tf"),
    /** The range with the best ratio of signal to quantization noise; it stays as calibrated. */
    TF_ENHANCED("post_training_tf_enhanced", false, "tf_enhanced"),
    /** The range that holds a percentage of the values; it stays as calibrated. */
    PERCENTILE("post_training_percentile", false, "percentile"),
    /** Starts as {@link #MIN_MAX} and learns. */
    RANGE_LEARNING_TF_INIT("training_range_learning_with_tf_init", true, "min_max"),
    /** Starts as {@link #TF_ENHANCED} and learns. */
    RANGE_LEARNING_TF_ENHANCED_INIT("training_range_learning_with_tf_enhanced_init", true, ""),
    /** The range with the smallest mean squared error; it stays as calibrated. */
    MSE("post_training_mse", false, "mse"),
    /** The range whose codes tell most about the values (Kullback and Leibler); it stays as calibrated. */
    ENTROPY("post_training_entropy", false, "entropy"),
    /** Moving average of the smallest and largest value of each batch; it stays as calibrated. */
    MOVING_AVERAGE("post_training_moving_average", false, "moving_average");

    private final String label;
    private final boolean learnsRange;
    private final String alias;

    QuantScheme(String label, boolean learnsRange, String alias) {
        this.label = label;
        this.learnsRange = learnsRange;
        this.alias = alias;
    }

    /** Whether ranges are trained along with the weights. */
    public boolean learnsRange() {
        return learnsRange;
    }

    /** The scheme that finds the first range: this one, or the one that a learning scheme starts as. */
    public QuantScheme initialScheme() {
        return switch (this) {
            case RANGE_LEARNING_TF_INIT -> MIN_MAX;
            case RANGE_LEARNING_TF_ENHANCED_INIT -> TF_ENHANCED;
            default -> this;
        };
    }

    /** The name in files, such as {@code post_training_tf_enhanced}. */
    public String label() {
        return label;
    }

    /** The scheme of this name, or of this short form such as {@code tf_enhanced}. */
    public static QuantScheme of(String name) {
        List<String> names = new ArrayList<>();
        for (QuantScheme scheme : values()) {
            if (scheme.label.equals(name) || scheme.alias.equals(name) || scheme.name().equals(name)) {
                return scheme;
            }
            names.add(scheme.label);
        }
        throw new BitgridException("QuantScheme.of: no such scheme; got \"" + name + "\"; expected one of " + names);
    }

    @Override
    public String toString() {
        return label;
    }
}

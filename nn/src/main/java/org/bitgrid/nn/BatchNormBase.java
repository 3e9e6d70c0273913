package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.BatchNorm;

/**
 * Normalises each channel (Ioffe and Szegedy, 2015): in training with mean and variance of the batch, which it also
 * averages into running statistics, in evaluation with those. Parameters {@code weight}, {@code bias}; buffers
 * {@code running_mean}, {@code running_var}, {@code num_batches_tracked}.
 *
 * @param <B> the layer itself, for fluent settings
 */
public abstract class BatchNormBase<B extends BatchNormBase<B>> extends Module {
    private final int features;
    private double epsilon = 1e-5;
    private Double momentum = 0.1;
    private boolean affine = true;
    private boolean trackRunningStats = true;

    BatchNormBase(int features) {
        if (features < 1) {
            throw new ShapeException(typeName(), "number of features must be at least 1; got " + features);
        }
        this.features = features;
    }

    abstract B self();

    /** Checks the number of dimensions. */
    abstract void checkInput(Shape shape);

    /** Added to the variance; 1e-5 by default. Returns this. */
    public final B epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return self();
    }

    /** Part of a new batch in the running statistics, 0.1 by default; null averages all batches alike. Returns this. */
    public final B momentum(Double value) {
        checkNotBuilt("momentum");
        momentum = value;
        return self();
    }

    /** Whether to scale and shift by learnt numbers; true by default. Returns this. */
    public final B affine(boolean value) {
        checkNotBuilt("affine");
        affine = value;
        return self();
    }

    /** Whether to keep running statistics; without them evaluation uses the batch's, too. Returns this. */
    public final B trackRunningStats(boolean value) {
        checkNotBuilt("trackRunningStats");
        trackRunningStats = value;
        return self();
    }

    /** Number of channels. */
    public final int features() {
        return features;
    }

    public final double epsilon() {
        return epsilon;
    }

    /** Null when all batches are averaged alike. */
    public final Double momentum() {
        return momentum;
    }

    /** Sets the part of a new batch in the running statistics of a layer that is in use; see {@link #momentum}. */
    public final void setMomentum(Double value) {
        momentum = value;
    }

    public final boolean affine() {
        return affine;
    }

    public final boolean trackRunningStats() {
        return trackRunningStats;
    }

    /** (C), or null. */
    public final Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (C), or null. */
    public final Parameter bias() {
        return ownParameters().get("bias");
    }

    /** (C), or null. */
    public final Buffer runningMean() {
        return ownBuffers().get("running_mean");
    }

    /** (C), or null. */
    public final Buffer runningVar() {
        return ownBuffers().get("running_var");
    }

    /** INT64 without dimensions, or null. */
    public final Buffer numBatchesTracked() {
        return ownBuffers().get("num_batches_tracked");
    }

    @Override
    protected final void build() {
        if (affine) {
            addParameter("weight", new Parameter(Tensors.ones(features)));
            addParameter("bias", new Parameter(Tensors.zeros(features)));
        }
        if (trackRunningStats) {
            addBuffer("running_mean", new Buffer(Tensors.zeros(features)));
            addBuffer("running_var", new Buffer(Tensors.ones(features)));
            addBuffer("num_batches_tracked", new Buffer(Tensors.of(new long[] {0})));
        }
    }

    /** Starts the running statistics afresh. */
    public final void resetRunningStats() {
        if (trackRunningStats) {
            runningMean().set(Tensors.zeros(features));
            runningVar().set(Tensors.ones(features));
            numBatchesTracked().set(Tensors.of(new long[] {0}));
        }
    }

    /**
     * Makes evaluation y = weight · x + bias without changing its result: weight becomes γ / sqrt(variance + epsilon),
     * bias β - mean · weight, the running mean 0, the running variance 1 and epsilon 0. Training afterwards uses the
     * batch's statistics and does not average them.
     */
    public final void absorbStatistics() {
        if (runningMean() == null) {
            throw new StateException(typeName() + ": cannot absorb statistics that it does not keep; set "
                    + "trackRunningStats(true)");
        }
        try (var noGrad = Dispatch.gradEnabled(false)) {
            Tensor inverse = runningVar().tensor().add(epsilon).rsqrt();
            Tensor scale = affine ? weight().held().mul(inverse) : inverse;
            Tensor shift = runningMean().tensor().mul(scale).neg();
            if (affine) {
                shift = bias().held().sub(runningMean().tensor().mul(scale));
                weight().set(scale.detach());
                bias().set(shift.detach());
            } else {
                affine = true;
                addParameter("weight", new Parameter(scale.detach()));
                addParameter("bias", new Parameter(shift.detach()));
            }
            runningMean().set(Tensors.zerosLike(runningMean().tensor()));
            runningVar().set(Tensors.onesLike(runningVar().tensor()));
        }
        epsilon = 0;
        trackRunningStats = false;
    }

    @Override
    protected final Tensor forward(Tensor x) {
        checkInput(x.spec().shape());
        boolean kept = runningMean() != null;
        boolean training = isTraining() || !kept;
        boolean tracked = kept && (!isTraining() || trackRunningStats);
        boolean updates = training && tracked && !x.device().isMeta();
        long batches = updates ? numBatchesTracked().tensor().itemLong() + 1 : 1;
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        if (affine) {
            inputs.add(weight().tensor());
            inputs.add(bias().tensor());
        }
        if (tracked) {
            inputs.add(runningMean().tensor());
            inputs.add(runningVar().tensor());
        }
        double part = momentum == null ? 1.0 / batches : momentum;
        Tensor[] outputs = Dispatch.functionAll(new BatchNorm(training, affine, tracked, part, epsilon),
                inputs.toArray(Tensor[]::new));
        if (updates) {
            runningMean().set(outputs[3]);
            runningVar().set(outputs[4]);
            numBatchesTracked().set(Tensors.of(new long[] {batches}));
        }
        return outputs[0];
    }

    @Override
    protected final String extraRepr() {
        // Python prints the integer zero that stands for an absorbed epsilon without a fraction.
        return features + ", eps=" + (epsilon == 0 ? "0" : PythonText.number(epsilon)) + ", momentum="
                + (momentum == null ? "None" : PythonText.number(momentum)) + ", affine=" + PythonText.bool(affine)
                + ", track_running_stats=" + PythonText.bool(trackRunningStats);
    }
}

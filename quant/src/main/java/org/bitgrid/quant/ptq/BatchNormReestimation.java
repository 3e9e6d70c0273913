package org.bitgrid.quant.ptq;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Finds the running statistics of batch norms anew: after training with quantizers, those gathered along the way belong
 * to weights that the model no longer has. Each becomes the mean of the statistics of the batches: μ = Σ mean(batch) / n
 * and σ² = Σ variance(batch) / n with the unbiased variance.
 */
public final class BatchNormReestimation {
    /** Batches that are used when no number is given. */
    public static final int DEFAULT_BATCHES = 100;

    private BatchNormReestimation() {
    }

    /** Brings back the statistics that were replaced. */
    @FunctionalInterface
    public interface Handle {
        /** Sets mean, variance and number of batches of every batch norm to what they were. */
        void restore();
    }

    /** Uses up to {@value #DEFAULT_BATCHES} batches, each run by {@code model.call(batch)}. */
    public static Handle reestimate(Module model, Iterable<Tensor> batches) {
        return reestimate(model, batches, DEFAULT_BATCHES, (running, batch) -> running.call(batch));
    }

    /**
     * Finds statistics anew. The model runs in evaluation mode but for its batch norms, and without gradients.
     *
     * @param model      a model, or the model of a simulation
     * @param maxBatches at most so many batches are used
     * @param forward    runs the model on a batch
     * @throws StateException when there are no batches; nothing is changed then
     */
    public static <B> Handle reestimate(Module model, Iterable<B> batches, int maxBatches,
                                        BiConsumer<Module, B> forward) {
        Iterator<B> iterator = batches.iterator();
        if (maxBatches < 1 || !iterator.hasNext()) {
            throw new StateException("reestimate: needs at least one batch; got "
                    + (maxBatches < 1 ? "maxBatches " + maxBatches : "an empty data set"));
        }
        Map<BatchNormBase<?>, Saved> saved = new LinkedHashMap<>();
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        model.modules().forEach(module -> modes.put(module, module.isTraining()));
        boolean finished = false;
        try (var noGrad = Dispatch.gradEnabled(false)) {
            model.eval();
            for (Module module : model.modules()) {
                if (normOf(module) instanceof BatchNormBase<?> norm && norm.trackRunningStats()) {
                    saved.put(norm, Saved.of(norm));
                    module.train();
                    norm.resetRunningStats();
                    norm.setMomentum(null); // averages all batches alike
                }
            }
            for (int i = 0; i < maxBatches && iterator.hasNext(); i++) {
                forward.accept(model, iterator.next());
            }
            finished = true;
        } finally {
            saved.forEach((norm, state) -> norm.setMomentum(state.momentum()));
            modes.forEach(Module::train); // parents first, so that each child ends with its own
            if (!finished) {
                saved.forEach(BatchNormReestimation::restore);
            }
        }
        return () -> saved.forEach(BatchNormReestimation::restore);
    }

    private static Module normOf(Module module) {
        return module instanceof QuantizedModule quantized ? quantized.layer() : module;
    }

    private static void restore(BatchNormBase<?> norm, Saved state) {
        norm.runningMean().set(state.mean());
        norm.runningVar().set(state.variance());
        norm.numBatchesTracked().set(state.batches());
    }

    /** Statistics of a batch norm as they were. */
    private record Saved(Tensor mean, Tensor variance, Tensor batches, Double momentum) {
        static Saved of(BatchNormBase<?> norm) {
            return new Saved(norm.runningMean().tensor().clone(), norm.runningVar().tensor().clone(),
                    norm.numBatchesTracked().tensor().clone(), norm.momentum());
        }
    }
}

package org.bitgrid.quant.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.GraphPatch;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantLog.Area;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Folds batch norms into the weights and biases of the convolutions and linear layers beside them. With
 * c = γ / sqrt(variance + epsilon): a layer before a batch norm gets W · c by output channel and the bias
 * β - (mean - b) · c; a layer behind one gets W · c by input channel and the bias b + Σ W · (β - mean · c).
 */
public final class BatchNormFolding {
    /** Differences of outputs above this part of the largest output are warned of: float32 rounding stays far below. */
    private static final double SUSPICIOUS_DIFFERENCE = 1e-3;

    private BatchNormFolding() {
    }

    /** Folds that {@link #foldAllBatchNorms} would do, in its order. */
    public static List<FoldCandidate> findAllBatchNormsToFold(GraphModule model) {
        return new FoldSearch(model).candidates();
    }

    /**
     * Folds every batch norm that directly follows or precedes a layer which can take it, in place; the batch norms
     * become {@link Identity}. Those that no layer can take are rewritten as y = weight · x + bias.
     *
     * @param sampleInput what the model is run on before and afterwards to see that its outputs stay
     */
    public static FoldReport foldAllBatchNorms(GraphModule model, Tensor... sampleInput) {
        List<Tensor> before = run(model, sampleInput);
        FoldSearch search = new FoldSearch(model);
        List<FoldCandidate> candidates = search.candidates();
        Set<String> left = new LinkedHashSet<>(search.norms());
        candidates.forEach(candidate -> left.remove(candidate.normPath()));
        List<FoldedPair> pairs = foldGivenBatchNorms(model, candidates);
        List<String> converted = new ArrayList<>();
        for (String path : left) {
            BatchNormBase<?> norm = (BatchNormBase<?>) model.get(path);
            if (norm.runningMean() != null) {
                norm.absorbStatistics();
                converted.add(path);
                QuantLog.debug(Area.BATCH_NORM_FOLDING, path + " weights got converted");
            } else {
                QuantLog.warning(Area.BATCH_NORM_FOLDING, path + " stays: it normalises by statistics of the batch");
            }
        }
        return report(pairs, converted, before, run(model, sampleInput));
    }

    /**
     * Folds these batch norms, in place.
     *
     * @throws StateException when a layer cannot take its batch norm; nothing is changed then
     */
    public static List<FoldedPair> foldGivenBatchNorms(GraphModule model, List<FoldCandidate> candidates) {
        Map<String, Node.CallModule> calls = new LinkedHashMap<>();
        model.graph().nodesOf(Node.CallModule.class).forEach(call -> calls.put(call.path(), call));
        candidates.forEach(candidate -> check(model, calls, candidate));
        GraphPatch patch = new GraphPatch(model, "fold batch norms");
        List<FoldedPair> pairs = new ArrayList<>();
        for (FoldCandidate candidate : candidates) {
            FoldableLayer layer = FoldableLayer.of(model.get(candidate.layerPath())).orElseThrow();
            BatchNormBase<?> norm = (BatchNormBase<?>) model.get(candidate.normPath());
            try (var noGrad = Dispatch.gradEnabled(false)) {
                if (candidate.forward()) {
                    layer.foldForward(FoldableLayer.Normalization.of(norm));
                } else {
                    layer.foldBackward(FoldableLayer.Normalization.of(norm));
                }
            }
            Identity identity = new Identity();
            identity.train(norm.isTraining());
            patch.replaceModule(calls.get(candidate.normPath()), identity);
            pairs.add(new FoldedPair(candidate.layerPath(), layer.module(), candidate.normPath(), norm,
                    candidate.forward()));
        }
        return pairs;
    }

    /**
     * Folds the batch norms behind the layers of a simulation into weights and into the ranges of their quantizers, in
     * place: min and max of each channel are multiplied by c, so that quantized weights keep their codes. The batch
     * norm's output quantizer becomes the layer's. Pairs for which this cannot be done (an output quantizer between
     * them, a quantized bias, a weight without ranges per channel) stay, with a warning each.
     *
     * @return the folded pairs; their layers and norms are the simulation's quantized modules
     * @throws StateException when a batch norm could only be folded into the layer behind it; nothing is changed then
     */
    public static List<FoldedPair> foldAllBatchNormsToScale(QuantizationSimModel sim) {
        return new ScaleFolding(sim).foldAll();
    }

    private static void check(GraphModule model, Map<String, Node.CallModule> calls, FoldCandidate candidate) {
        FoldableLayer layer = FoldableLayer.of(model.get(candidate.layerPath())).orElse(null);
        Module norm = model.get(candidate.normPath());
        boolean possible = layer != null && (candidate.forward() ? layer.forward() : layer.backward())
                && norm instanceof BatchNormBase<?> batchNorm && batchNorm.runningMean() != null
                && calls.containsKey(candidate.normPath()) && batchNorm.features()
                == (candidate.forward() ? layer.weight().shape().dim(1) : layer.outputs());
        if (!possible) {
            throw new StateException("fold: " + candidate.layerPath() + " cannot take in " + candidate.normPath()
                    + (candidate.forward() ? " before it" : " behind it") + "; got " + model.get(candidate.layerPath())
                    + " and " + norm + "; expected a linear layer or convolution and a batch norm of as many channels, "
                    + "without padding and groups when the batch norm comes first");
        }
    }

    private static List<Tensor> run(GraphModule model, Tensor[] sampleInput) {
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        model.modules().forEach(module -> modes.put(module, module.isTraining()));
        try (var noGrad = Dispatch.gradEnabled(false)) {
            model.eval();
            return List.of(model.callWith(Arrays.asList((Object[]) sampleInput)));
        } finally {
            modes.forEach(Module::train); // parents first, so that each child ends with its own
        }
    }

    private static FoldReport report(List<FoldedPair> pairs, List<String> converted, List<Tensor> before,
                                     List<Tensor> after) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).dtype().isFloating() && before.get(i).numel() > 0) {
                // Math.max keeps NaN, which a comparison would lose
                difference = Math.max(difference, before.get(i).sub(after.get(i)).abs().max().item());
                largest = Math.max(largest, before.get(i).abs().max().item());
            }
        }
        String numbers = "outputs on the sample changed by at most " + difference + ", the largest is " + largest;
        if (difference <= SUSPICIOUS_DIFFERENCE * largest) {
            QuantLog.debug(Area.BATCH_NORM_FOLDING, pairs.size() + " batch norms folded, " + converted.size()
                    + " converted; " + numbers);
        } else {
            QuantLog.warning(Area.BATCH_NORM_FOLDING, "folding " + pairs + " changed more than rounding explains: "
                    + numbers);
        }
        return new FoldReport(pairs, converted, difference, largest);
    }
}

package org.bitgrid.quant.fold;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantLog.Area;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.GroupedBlockQuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/** Folds batch norms of a simulation: weights and the ranges of their quantizers grow alike, so codes stay. */
final class ScaleFolding {
    private final QuantizationSimModel sim;

    ScaleFolding(QuantizationSimModel sim) {
        this.sim = sim;
    }

    private static Module layerOf(Module module) {
        return module instanceof QuantizedModule quantized ? quantized.layer() : module;
    }

    List<FoldedPair> foldAll() {
        List<FoldCandidate> candidates = new FoldSearch(sim.model(), ScaleFolding::layerOf).candidates();
        for (FoldCandidate candidate : candidates) {
            if (candidate.forward()) {
                throw new StateException("fold to scale: a batch norm cannot be folded into the scale of the layer "
                        + "behind it; got " + candidate.normPath() + " before " + candidate.layerPath()
                        + "; expected batch norms behind layers only: fold the others with foldAllBatchNorms before "
                        + "the simulation is made");
            }
        }
        List<FoldedPair> pairs = new ArrayList<>();
        for (FoldCandidate candidate : candidates) {
            String obstacle = obstacle(candidate);
            if (obstacle == null) {
                pairs.add(fold(candidate));
            } else {
                QuantLog.warning(Area.BATCH_NORM_FOLDING, candidate.normPath() + " stays behind "
                        + candidate.layerPath() + ": " + obstacle);
            }
        }
        return pairs;
    }

    /** Why a pair cannot be folded, or null. */
    private String obstacle(FoldCandidate candidate) {
        QuantizedModule layer = quantized(candidate.layerPath());
        QuantizedModule norm = quantized(candidate.normPath());
        if (layer == null || norm == null) {
            return "one of them is not quantized";
        }
        if (layer.outputQuantizer(0) != null) {
            return "the layer's output is quantized before the batch norm";
        }
        if (layer.paramNames().contains("bias") && layer.paramQuantizer("bias") != null) {
            return "the layer's bias is quantized";
        }
        if (FoldableLayer.of(layer.layer()).orElseThrow().isGroupedTransposed()) {
            return "grouped transposed convolutions are not supported";
        }
        Quantizer weight = layer.paramQuantizer("weight");
        if (weight == null) {
            return null;
        }
        if (!(weight instanceof AffineQuantizer affine) || weight instanceof GroupedBlockQuantizeDequantize
                || !affine.blockSize().isEmpty()) {
            return "the weight's quantizer has no range for each channel";
        }
        int outputs = ((BatchNormBase<?>) norm.layer()).features();
        if (affine.shape().numel() != outputs) {
            return "the weight's quantizer has one range for all channels; quantize it per channel";
        }
        return affine.isInitialized() ? null : "the weight's quantizer is not calibrated";
    }

    private QuantizedModule quantized(String path) {
        return sim.quantizedModules().get(path);
    }

    private FoldedPair fold(FoldCandidate candidate) {
        QuantizedModule layer = quantized(candidate.layerPath());
        QuantizedModule norm = quantized(candidate.normPath());
        BatchNormBase<?> batchNorm = (BatchNormBase<?>) norm.layer();
        try (var noGrad = Dispatch.gradEnabled(false)) {
            FoldableLayer.Normalization normalization = FoldableLayer.Normalization.of(batchNorm,
                    batchNorm.affine() ? norm.quantizedParameter("weight") : null,
                    batchNorm.affine() ? norm.quantizedParameter("bias") : null);
            FoldableLayer.of(layer.layer()).orElseThrow().foldBackward(normalization);
            if (layer.paramQuantizer("weight") instanceof AffineQuantizer quantizer) {
                scale(quantizer, normalization.scale());
            }
        }
        layer.takeMembers();
        layer.setOutputQuantizer(0, norm.outputQuantizer(0));
        Identity identity = new Identity();
        identity.train(norm.isTraining());
        sim.replaceByPlain(candidate.normPath(), identity);
        return new FoldedPair(candidate.layerPath(), layer, candidate.normPath(), norm, false);
    }

    /** Multiplies each range by its channel's scale; a negative one turns the range round. */
    private static void scale(AffineQuantizer quantizer, Tensor scale) {
        Tensor factor = scale.reshape(quantizer.shape().toArray());
        Tensor low = quantizer.minimum().detach().mul(factor);
        Tensor high = quantizer.maximum().detach().mul(factor);
        quantizer.setRange(low.minimum(high), low.maximum(high));
    }
}

package org.bitgrid.quant.fold;

import java.util.List;

/**
 * What folding did.
 *
 * @param pairs         layers and the batch norms folded into them: those after their layer first, then those before
 * @param converted     paths of the batch norms that no layer could take; they are now y = weight · x + bias
 * @param maxDifference largest difference that folding made to an output on the sample
 * @param maxOutput     largest magnitude of an output on the sample
 */
public record FoldReport(List<FoldedPair> pairs, List<String> converted, double maxDifference, double maxOutput) {
    public FoldReport {
        pairs = List.copyOf(pairs);
        converted = List.copyOf(converted);
    }
}

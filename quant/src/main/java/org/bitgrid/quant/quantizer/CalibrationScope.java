package org.bitgrid.quant.quantizer;

/**
 * Has a quantizer observe what it is called with until closed; closing computes its encodings from what was seen.
 *
 * <pre>{@code
 * try (CalibrationScope calibration = quantizer.computeEncodings()) {
 *     batches.forEach(quantizer::call);
 * }
 * }</pre>
 *
 * <p>An exception thrown by the quantizer itself aborts the scope. Java does not tell a scope that is being closed
 * about exceptions thrown elsewhere in its block; {@link Quantizer#computeEncodings(Runnable)} aborts on any.
 */
public interface CalibrationScope extends AutoCloseable {
    /** A scope of a quantizer that may not be overwritten: nothing is observed. */
    CalibrationScope NOTHING = new CalibrationScope() {
        @Override
        public void abort() {
            // nothing was begun
        }

        @Override
        public void close() {
            // nothing was begun
        }
    };

    /** Leaves the quantizer as it was before, also when closed later. */
    void abort();

    /** Computes encodings, unless aborted or nothing was observed. */
    @Override
    void close();
}

package org.bitgrid.quant.quantizer;

import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleCopier;
import org.bitgrid.quant.encoding.Encoding;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Rounds tensors to what few bits can express. It must know its range first: {@link #computeEncodings} learns it from
 * data. Tensors that are not floating point pass through unchanged.
 */
public abstract class Quantizer extends Module {
    private EncodingAnalyzer analyzer;
    private volatile Calibration calibration;

    protected Quantizer(EncodingAnalyzer analyzer) {
        this.analyzer = analyzer;
    }

    /** Shape of the range, broadcast to tensors from the last dimension. */
    public abstract Shape shape();

    /** Number of bits of a code. */
    public abstract int bitwidth();

    public abstract void setBitwidth(int bitwidth);

    /** Whether zero lies at the centre of the grid. */
    public abstract boolean isSymmetric();

    public abstract void setSymmetric(boolean symmetric);

    /** Whether codes may be negative. */
    public abstract boolean isSigned();

    public abstract void setSigned(boolean signed);

    /** Whether the range is known. */
    public abstract boolean isInitialized();

    /** How codes and numbers correspond now, or null while the range is not known. */
    public abstract Encoding encoding();

    /** Allows calibration and loading of encodings to change the range, or forbids it. */
    public abstract void allowOverwrite(boolean allowed);

    /** Whether calibration may change the range, or an end of it. */
    public abstract boolean isOverwriteAllowed();

    /** A quantizer of the same settings and state. */
    @Override
    public abstract Quantizer copy();

    @Override
    protected final Module newCopy(ModuleCopier copier) {
        return copy();
    }

    /** Number of steps that an analyzer is to count with. */
    protected abstract long analyzerSteps();

    /** Takes over what calibration found. */
    protected abstract void adopt(EncodingAnalyzer statistics);

    /** Quantizes with the range as it is; called only when it is known. */
    protected abstract Tensor quantize(Tensor x);

    /** Quantizes with the range that this tensor alone asks for. */
    protected abstract Tensor quantizeDynamically(Tensor x, EncodingAnalyzer statistics);

    /** What gathers statistics during calibration, or null when there is nothing to learn. */
    public EncodingAnalyzer analyzer() {
        return analyzer;
    }

    /** Replaces what gathers statistics; its shape must be broadcastable to the quantizer's. */
    public void setAnalyzer(EncodingAnalyzer analyzer) {
        checkAnalyzer(analyzer);
        this.analyzer = analyzer;
    }

    /** An error when the statistics cannot be broadcast to the shape of the range. */
    protected void checkAnalyzer(EncodingAnalyzer candidate) {
        Shape from = candidate.shape();
        Shape to = shape();
        boolean fits = from.rank() <= to.rank();
        for (int i = 1; fits && i <= from.rank(); i++) {
            fits = from.dim(from.rank() - i) == 1 || from.dim(from.rank() - i) == to.dim(to.rank() - i);
        }
        if (!fits) {
            throw new StateException(typeName()
                    + ": shape of the analyzer must be expandable to that of the quantizer; "
                    + "got " + from + " and " + to);
        }
    }

    /**
     * Observes everything the quantizer is called with, quantizing dynamically meanwhile, until the scope is closed.
     */
    public final CalibrationScope computeEncodings() {
        return computeEncodings(CalibrationMode.DYNAMIC);
    }

    /** Observes everything the quantizer is called with until the scope is closed. */
    public CalibrationScope computeEncodings(CalibrationMode mode) {
        if (!isOverwriteAllowed() || analyzer == null) {
            return CalibrationScope.NOTHING;
        }
        Calibration opened = new Calibration(mode, analyzer, calibration);
        analyzer.reset();
        calibration = opened;
        return opened;
    }

    /** Calibrates with what {@code body} calls the quantizer with; when it throws, the quantizer stays as it was. */
    public final void computeEncodings(Runnable body) {
        try (CalibrationScope scope = computeEncodings()) {
            try {
                body.run();
            } catch (RuntimeException | Error failure) {
                scope.abort();
                throw failure;
            }
        }
    }

    /** Whether a calibration scope is open. */
    public final boolean isCalibrating() {
        return calibration != null;
    }

    @Override
    protected final Tensor forward(Tensor x) {
        if (!x.spec().dtype().isFloating()) {
            return x;
        }
        Calibration open = calibration;
        if (open != null && !x.device().isMeta()) {
            return open.observe(x);
        }
        if (!isInitialized()) {
            if (x.device().isMeta() || x.spec().shape().numel() == 0) {
                return x; // a tracer looks at shapes only
            }
            throw new StateException("Failed to run " + typeName()
                    + " since quantization parameters are not initialized. "
                    + "Please initialize the quantization parameters using `computeEncodings()`.");
        }
        return quantize(x);
    }

    private final class Calibration implements CalibrationScope {
        private final CalibrationMode mode;
        private final EncodingAnalyzer statistics;
        private final Calibration outer;
        private boolean over;

        Calibration(CalibrationMode mode, EncodingAnalyzer statistics, Calibration outer) {
            this.mode = mode;
            this.statistics = statistics;
            this.outer = outer;
        }

        Tensor observe(Tensor x) {
            try {
                synchronized (statistics) {
                    statistics.update(x);
                }
                if (mode == CalibrationMode.PASS_THROUGH || x.spec().shape().numel() == 0) {
                    return x;
                }
                EncodingAnalyzer alone = statistics.fresh();
                try (Dispatch.Scope seen = Dispatch.suspendInterceptors()) {
                    alone.update(x);
                }
                return quantizeDynamically(x, alone);
            } catch (RuntimeException | Error failure) {
                abort();
                throw failure;
            }
        }

        @Override
        public void abort() {
            over = true;
        }

        @Override
        public void close() {
            if (calibration == this) {
                calibration = outer;
            }
            if (!over && !statistics.isEmpty()) {
                over = true;
                adopt(statistics);
            }
        }
    }
}

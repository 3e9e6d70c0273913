package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.observe.NonFiniteCount;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.CalibrationMode;
import org.bitgrid.quant.quantizer.CalibrationScope;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Tensor;

/**
 * Calibration of a whole simulation. While it is open, parameters are quantized with ranges found from them when it was
 * opened; inputs and outputs pass through as they are and are observed. Closing computes their ranges.
 *
 * <pre>{@code
 * try (SimCalibration calibration = sim.computeEncodings()) {
 *     batches.forEach(sim.model()::call);
 * }
 * }</pre>
 */
public final class SimCalibration implements CalibrationScope {
    private static final float NEARLY_ALL = 0.95f;

    private final QuantizationSimModel sim;
    private final Map<Quantizer, CalibrationScope> scopes = new IdentityHashMap<>();
    private final List<SlotQuantizer> observed = new ArrayList<>();
    private boolean aborted;
    private boolean closed;

    SimCalibration(QuantizationSimModel sim) {
        this.sim = sim;
        try {
            sim.quantizedModules().values().forEach(QuantizedModule::computeParamEncodings);
            for (SlotQuantizer each : sim.slotQuantizers()) {
                Quantizer quantizer = each.quantizer();
                if (each.slot().kind() != SlotId.Kind.PARAM && !scopes.containsKey(quantizer)) {
                    CalibrationScope scope = quantizer.computeEncodings(CalibrationMode.PASS_THROUGH);
                    scopes.put(quantizer, scope);
                    if (scope != CalibrationScope.NOTHING) {
                        observed.add(each);
                    }
                }
            }
        } catch (RuntimeException | Error failure) {
            abort();
            close();
            throw failure;
        }
    }

    @Override
    public void abort() {
        aborted = true;
        scopes.values().forEach(CalibrationScope::abort);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<SlotId> unseen = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        RuntimeException first = null;
        for (SlotQuantizer each : observed) {
            if (each.quantizer().analyzer().isEmpty()) {
                unseen.add(each.slot());
            }
            try {
                scopes.get(each.quantizer()).close();
                check(each, warnings);
            } catch (RuntimeException failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
        if (!aborted) {
            CalibrationReport report = new CalibrationReport(observed.size(), unseen, warnings);
            sim.setLastCalibration(report);
            if (!report.isComplete()) {
                report.toString().lines().forEach(line -> QuantLog.warning(QuantLog.Area.QUANT, line));
            }
        }
    }

    private static void check(SlotQuantizer each, List<String> warnings) {
        NonFiniteCount nonFinite = each.quantizer().analyzer().nonFinite();
        if (!nonFinite.isEmpty()) {
            warnings.add(each.slot() + " saw values that are not finite: " + nonFinite);
        }
        if (each.quantizer() instanceof AffineQuantizer affine && affine.isInitialized()
                && !(isModerate(affine.minimum()) && isModerate(affine.maximum()))) {
            warnings.add(each.slot() + " got a range that is nearly as wide as float32, or not finite");
        }
    }

    private static boolean isModerate(Tensor ends) {
        for (float end : ends.toFloatArray()) {
            if (!(Math.abs(end) < NEARLY_ALL * Float.MAX_VALUE)) {
                return false;
            }
        }
        return true;
    }
}

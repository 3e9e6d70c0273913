package org.bitgrid.quant;

import java.lang.System.Logger.Level;
import org.bitgrid.tensor.Dispatch;

/**
 * What the parts of this module say while they work, under the names that AIMET's parts have. A listener gets the
 * lines of its thread; without one they go to the {@link System.Logger} of that name.
 */
public final class QuantLog {
    private static final ThreadLocal<Listener> LISTENER = new ThreadLocal<>();

    private QuantLog() {
    }

    /** Who speaks. */
    public enum Area {
        QUANT("Quant"), UTILS("Utils"), CONNECTED_GRAPH("ConnectedGraph"), MODEL_PREPARER("ModelPreparer"),
        BATCH_NORM_FOLDING("BatchNormFolding"), CROSS_LAYER_EQUALIZATION("CrossLayerEqualization"),
        MIXED_PRECISION("MixedPrecision"), AUTO_QUANT("AutoQuant"), LAYER_OUTPUTS("LayerOutputs"),
        QUANT_ANALYZER("QuantAnalyzer"), SEQ_MSE("SeqMse");

        private final String label;

        Area(String label) {
            this.label = label;
        }

        /** The name in log lines. */
        public String label() {
            return label;
        }
    }

    /** Takes log lines. */
    @FunctionalInterface
    public interface Listener {
        /** @param area the name of the part that speaks, such as {@code ModelPreparer} */
        void log(Level level, String area, String message);
    }

    /** Has {@code listener} get what is said on this thread until the scope is closed. */
    public static Dispatch.Scope listen(Listener listener) {
        Listener before = LISTENER.get();
        LISTENER.set(listener);
        return () -> LISTENER.set(before);
    }

    /** Says what was done. */
    public static void info(Area area, String message) {
        log(Level.INFO, area, message);
    }

    /** Says what the user may not expect. */
    public static void warning(Area area, String message) {
        log(Level.WARNING, area, message);
    }

    /** Says what is wrong. */
    public static void error(Area area, String message) {
        log(Level.ERROR, area, message);
    }

    /** Says what helps to find faults. */
    public static void debug(Area area, String message) {
        log(Level.DEBUG, area, message);
    }

    private static void log(Level level, Area area, String message) {
        Listener listener = LISTENER.get();
        if (listener == null) {
            System.getLogger(area.label).log(level, message);
        } else {
            listener.log(level, area.label, message);
        }
    }
}

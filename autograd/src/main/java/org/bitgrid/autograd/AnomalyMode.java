package org.bitgrid.autograd;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;

/**
 * Finds the operator whose gradient rule first makes a NaN, and names the line of the user's code that ran it forward.
 * Slow: for looking into a problem.
 *
 * <pre>{@code
 * try (var anomaly = AnomalyMode.enable()) {
 *     model.call(x).sum().backward();
 * }
 * }</pre>
 */
public final class AnomalyMode {
    private static final ThreadLocal<Boolean> ENABLED = ThreadLocal.withInitial(() -> false);
    private static volatile boolean everEnabled;
    private static final String[] OWN = {"org.bitgrid.tensor.", "org.bitgrid.autograd.", "org.bitgrid.nn.",
        "org.bitgrid.quant.", "java."};

    private AnomalyMode() {
    }

    /** Has operators on this thread remember the line they were called from until the scope is closed. */
    public static Dispatch.Scope enable() {
        boolean before = ENABLED.get();
        everEnabled = true;
        ENABLED.set(true);
        return () -> ENABLED.set(before);
    }

    public static boolean isEnabled() {
        return everEnabled && ENABLED.get();
    }

    /** The first stack frame outside the library, or null when anomalies are not looked for. */
    static String callSite() {
        if (!isEnabled()) {
            return null;
        }
        return StackWalker.getInstance().walk(frames -> frames.filter(AnomalyMode::isUsers).findFirst())
                .map(frame -> frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1) + "."
                        + frame.getMethodName() + " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                .orElse("an unknown line");
    }

    private static boolean isUsers(StackWalker.StackFrame frame) {
        for (String prefix : OWN) {
            if (frame.getClassName().startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    /** Throws when one of the gradients that {@code node} computed holds a NaN. */
    static void check(GradNode node, Tensor[] gradients) {
        for (int i = 0; i < gradients.length; i++) {
            if (gradients[i] != null && gradients[i].dtype().isFloating() && hasNaN(gradients[i])) {
                throw new AnomalyException(node + ": gradient of input " + i + " is NaN; the operator was run at "
                        + node.callSite + "; look at the values of its inputs there", node.callSite);
            }
        }
    }

    private static boolean hasNaN(Tensor gradient) {
        try (Dispatch.Scope off = Dispatch.gradEnabled(false); TensorScope scope = TensorScope.open()) {
            return gradient.ne(gradient).to(DType.INT64).sum().itemLong() > 0;
        }
    }
}

package org.bitgrid.opencl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.FormulaOp;
import org.bitgrid.tensor.op.Op;

/** Operators from outside that bring their formula: the kernel around it is written here. */
final class ClFormula extends ClKernel {
    static final ClFormula KERNEL = new ClFormula();

    /** The text of one class is always the same. */
    private final Map<Class<?>, ClSource> sources = new ConcurrentHashMap<>();

    private ClFormula() {
    }

    @Override
    void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
        FormulaOp own = (FormulaOp) op;
        float[] settings = own.settings();
        ClSource source = sources.computeIfAbsent(op.getClass(), each -> new ClSource(op.name(),
                text(own.formula(), inputs.length, outputs.length, settings.length), ""));
        ClLaunch launch = runtime.launch(source, "formula");
        for (Tensor input : inputs) {
            launch.input(input);
        }
        for (Tensor output : outputs) {
            launch.output(output);
        }
        for (float setting : settings) {
            launch.number(setting);
        }
        int count = (int) outputs[0].numel();
        launch.integer(count).over(count);
    }

    private static String text(String formula, int inputs, int outputs, int settings) {
        StringBuilder parameters = new StringBuilder();
        StringBuilder loads = new StringBuilder();
        StringBuilder stores = new StringBuilder();
        for (int k = 0; k < inputs; k++) {
            parameters.append("__global const float* in").append(k).append(", int from").append(k).append(", ");
            loads.append("float x").append(k).append(" = in").append(k).append("[from").append(k).append(" + i];\n");
        }
        for (int k = 0; k < outputs; k++) {
            parameters.append("__global float* out").append(k).append(", int to").append(k).append(", ");
            loads.append("float y").append(k).append(";\n");
            stores.append("out").append(k).append("[to").append(k).append(" + i] = y").append(k).append(";\n");
        }
        for (int k = 0; k < settings; k++) {
            parameters.append("float c").append(k).append(", ");
        }
        return "__kernel void formula(" + parameters + "int count) {\nint i = get_global_id(0);\nif (i < count) {\n"
                + loads + formula + stores + "}\n}\n";
    }
}

package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Conv1d;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.ConvTranspose2d;
import org.bitgrid.tensor.op.Embedding;
import org.bitgrid.tensor.op.GroupNorm;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.RmsNorm;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Window2d;

/** Operators that layers are made of: products, normalizations, softmax. */
final class OnnxLayers {
    private OnnxLayers() {
    }

    static void register(OnnxOps.Table table) {
        table.line(Conv1d.class, (op, call) -> call.add("Conv", call.inputs(),
                "dilations", List.of((long) op.dilation()), "group", (long) op.groups(),
                "kernel_shape", List.of((long) call.shape(1).dim(2)),
                "pads", List.of((long) op.padding(), (long) op.padding()), "strides", List.of((long) op.stride())));
        table.line(Conv2d.class, (op, call) -> convolution("Conv", op.window(), op.groups(), call));
        table.line(ConvTranspose2d.class, (op, call) -> convolution("ConvTranspose", op.window(), op.groups(), call,
                "output_padding", List.of((long) op.outputPaddingH(), (long) op.outputPaddingW())));
        table.line(Linear.class, (op, call) -> linear(call));
        table.line(MatMul.class, (op, call) -> call.add("MatMul", call.inputs()));
        table.line(BatchNorm.class, OnnxLayers::batchNorm);
        table.line(LayerNorm.class, (op, call) -> layerNorm(op, call));
        table.line(GroupNorm.class, OnnxLayers::groupNorm);
        table.line(RmsNorm.class, OnnxLayers::rmsNorm);
        table.line(Softmax.class, (op, call) -> call.add("Softmax", call.input(0), "axis", call.axis(0, op.axis())));
        table.line(LogSoftmax.class, (op, call) -> call.add("LogSoftmax", call.input(0), "axis",
                call.axis(0, op.axis())));
        table.line(Embedding.class, (op, call) -> call.add("Gather", call.inputs(), "axis", 0L));
    }

    private static String convolution(String type, Window2d window, int groups, OnnxCall call, Object... more) {
        List<Object> attributes = new ArrayList<>(List.of(
                "dilations", List.of((long) window.dilationH(), (long) window.dilationW()), "group", (long) groups,
                "kernel_shape", List.of((long) window.kernelH(), (long) window.kernelW()),
                "pads", OnnxPools.pads(window.padH(), window.padW(), window.padH(), window.padW()),
                "strides", List.of((long) window.strideH(), (long) window.strideW())));
        attributes.addAll(List.of(more));
        return call.add(type, call.inputs(), attributes.toArray());
    }

    private static String linear(OnnxCall call) {
        if (call.rank(0) == 2) {
            return call.add("Gemm", call.inputs(), "alpha", 1f, "beta", 1f, "transB", 1L);
        }
        String transposed = call.add("Transpose", call.input(1), "perm", List.of(1L, 0L));
        String product = call.add("MatMul", List.of(call.input(0), transposed));
        return call.inputCount() == 2 ? product : call.add("Add", List.of(call.input(2), product));
    }

    private static String batchNorm(BatchNorm op, OnnxCall call) {
        int running = op.runningIndex();
        if (!op.affine()) {
            return normalized("BatchNormalization", call, call.shape(0).dim(1),
                    List.of(call.input(running), call.input(running + 1)), "epsilon", (float) op.epsilon());
        }
        return call.add("BatchNormalization", call.inputs(), "epsilon", (float) op.epsilon());
    }

    /** A normalization without weights of its own, which ONNX wants all the same. */
    private static String normalized(String type, OnnxCall call, int channels, List<String> more,
                                     Object... attributes) {
        List<String> inputs = new ArrayList<>(List.of(call.input(0)));
        inputs.add(call.inputCount() > 1 && more.isEmpty() ? call.input(1) : call.constant(Tensors.full(
                Shape.of(channels), 1, call.spec(0).dtype())));
        inputs.add(call.inputCount() > 2 && more.isEmpty() ? call.input(2) : call.constant(Tensors.full(
                Shape.of(channels), 0, call.spec(0).dtype())));
        inputs.addAll(more);
        return call.add(type, inputs, attributes);
    }

    private static String layerNorm(LayerNorm op, OnnxCall call) {
        List<String> inputs = new ArrayList<>(call.inputs());
        if (inputs.size() == 1) {
            inputs.add(call.constant(Tensors.full(op.normalized(), 1, call.spec(0).dtype())));
        }
        return call.add("LayerNormalization", inputs, "axis", (long) call.rank(0) - op.normalized().rank(), "epsilon",
                (float) op.epsilon());
    }

    private static String groupNorm(GroupNorm op, OnnxCall call) {
        int channels = call.shape(0).dim(1);
        if (op.instance()) {
            return normalized("InstanceNormalization", call, channels, List.of(), "epsilon", (float) op.epsilon());
        }
        return normalized("GroupNormalization", call, channels, List.of(), "num_groups", (long) op.groups(), "epsilon",
                (float) op.epsilon());
    }

    private static String rmsNorm(RmsNorm op, OnnxCall call) {
        List<Long> axes = new ArrayList<>();
        for (int i = call.rank(0) - op.normalized().rank(); i < call.rank(0); i++) {
            axes.add((long) i);
        }
        String square = call.add("Mul", List.of(call.input(0), call.input(0)));
        String mean = call.add("ReduceMean", List.of(square, call.integers(axes)), "keepdims", 1L);
        String raised = call.add("Add", List.of(mean, call.scalar(op.epsilon(), call.spec(0).dtype())));
        String y = call.add("Div", List.of(call.input(0), call.add("Sqrt", raised)));
        return call.inputCount() == 1 ? y : call.add("Mul", List.of(y, call.input(1)));
    }
}

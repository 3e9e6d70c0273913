package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Writes a module as an ONNX model of opset {@value OnnxModel#OPSET} that runs on any batch size. The module is run
 * with two batch sizes; whatever differs depends on the batch size. Inputs and outputs are called {@code input} and
 * {@code output}, or {@code input0}, {@code input1}, … where there are several; tensors in between are called as
 * PyTorch's exporter calls them, after the module and ONNX's operator: {@code /module_relu/Relu_output_0}; weights by
 * their dotted path, {@code conv1.weight}.
 *
 * <p>Dimension 0 of the first input is the batch size, and so is dimension 0 of every other input when it is the same
 * in the sample.
 */
public final class OnnxWriter {
    private static final int FIRST_BATCH = 2;
    private static final int SECOND_BATCH = 3;

    private String producer = "bitgrid";
    private String producerVersion = "";
    private String graphName = "main_graph";
    private Map<String, Tensor> values = Map.of();
    private UnaryOperator<Module> standIn = UnaryOperator.identity();
    private final Set<OnnxRecording.Slot> apart = new HashSet<>();

    /** Who made the file; {@code bitgrid} by default. Returns this. */
    public OnnxWriter producer(String name, String version) {
        producer = name;
        producerVersion = version;
        return this;
    }

    /** Other values for parameters, by dotted path, such as quantize-dequantized ones. Returns this. */
    public OnnxWriter values(Map<String, Tensor> byPath) {
        values = Map.copyOf(byPath);
        return this;
    }

    /** What is exported in place of a module that wraps it, under the wrapper's path. Returns this. */
    public OnnxWriter standIn(UnaryOperator<Module> replacement) {
        standIn = replacement;
        return this;
    }

    /** Has an argument of a module called by a name of its own, behind a step of type Identity. Returns this. */
    public OnnxWriter ownInput(String path, int index) {
        apart.add(new OnnxRecording.Slot(path, true, index));
        return this;
    }

    /** Has an output of a module called by a name of its own, behind a step of type Identity. Returns this. */
    public OnnxWriter ownOutput(String path, int index) {
        apart.add(new OnnxRecording.Slot(path, false, index));
        return this;
    }

    /**
     * The module in evaluation mode as an ONNX model.
     *
     * @param sample inputs as the module takes them
     * @throws org.bitgrid.nn.graph.GraphException when an operator has no counterpart in ONNX, or a size depends on the
     *                                             batch size in a way that cannot be written; the message names the
     *                                             place
     */
    public OnnxExport write(Module model, Tensor... sample) {
        Map<String, Boolean> modes = new LinkedHashMap<>();
        model.namedModules().forEach((path, module) -> modes.put(path, module.isTraining()));
        model.eval();
        try {
            return translate(model, List.of(sample));
        } finally {
            modes.forEach((path, training) -> model.get(path).train(training)); // parents come first
        }
    }

    private OnnxExport translate(Module model, List<Tensor> sample) {
        OnnxRecording first;
        OnnxRecording second;
        try {
            first = OnnxRecording.of(model, withBatch(sample, FIRST_BATCH), apart, standIn);
            second = OnnxRecording.of(model, withBatch(sample, SECOND_BATCH), apart, standIn);
        } catch (ShapeException wrongShape) {
            // Either the sample is wrong, which this run reports, or the model works for one batch size only.
            first = OnnxRecording.of(model, sample, apart, standIn);
            second = first;
        }
        OnnxTranslation translation = new OnnxTranslation(first, second, values);
        OnnxGraph graph = translation.graph(graphName);
        OnnxModel file = new OnnxModel(OnnxModel.IR_VERSION, OnnxModel.OPSET, producer, producerVersion, graph,
                Map.of());
        return new OnnxExport(file, translation.moduleTensors());
    }

    /** Rows of the sample, repeated as often as it takes. */
    private static List<Tensor> withBatch(List<Tensor> sample, int batch) {
        List<Tensor> replaced = new ArrayList<>();
        int sampleBatch = -1;
        for (Tensor tensor : sample) {
            Shape shape = tensor.spec().shape();
            if (sampleBatch < 0 && shape.rank() > 0) {
                sampleBatch = shape.dim(0);
            }
            if (shape.rank() == 0 || shape.dim(0) != sampleBatch || sampleBatch == 0) {
                replaced.add(tensor);
                continue;
            }
            long[] rows = new long[batch];
            for (int i = 0; i < batch; i++) {
                rows[i] = i % sampleBatch;
            }
            replaced.add(tensor.detach().indexSelect(0, Tensors.of(rows, batch)));
        }
        return replaced;
    }

    /** Names of several inputs or outputs. */
    static String numbered(String name, int index, int count) {
        return count == 1 ? name : name + index;
    }
}

package org.bitgrid.quant.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleCopier;
import org.bitgrid.nn.ModuleDict;
import org.bitgrid.nn.ModuleList;
import org.bitgrid.nn.Parameter;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * A layer that computes with quantized parameters, on quantized inputs, and quantizes its outputs. It shares the
 * layer's parameters and buffers, under the same names; its quantizers are in its children {@code param_quantizers},
 * {@code input_quantizers} and {@code output_quantizers}, any of which may be absent. Without quantizers it does what
 * the layer does.
 *
 * <p>The layer itself is never changed while it runs, so that many threads may run it at once.
 */
public final class QuantizedModule extends Module {
    private final Module layer;
    private final LayerSlots slots;
    private final ModuleDict paramQuantizers = new ModuleDict();
    private final ModuleList inputQuantizers = new ModuleList(List.of());
    private final ModuleList outputQuantizers = new ModuleList(List.of());
    private final Map<String, QuantizedParameter> quantizedParameters = new LinkedHashMap<>();

    /**
     * A layer without quantizers yet.
     *
     * @param inputs number of inputs that can have a quantizer
     */
    public QuantizedModule(Module layer, LayerSlots slots, int inputs) {
        this.layer = layer;
        this.slots = slots;
        takeMembers();
        layer.ownParameters().keySet().forEach(name -> paramQuantizers.put(name, null));
        for (int i = 0; i < inputs; i++) {
            inputQuantizers.append(null);
        }
        for (int i = 0; i < slots.outputSlots(); i++) {
            outputQuantizers.append(null);
        }
        setChild("param_quantizers", paramQuantizers);
        setChild("input_quantizers", inputQuantizers);
        setChild("output_quantizers", outputQuantizers);
        train(layer.isTraining());
    }

    /** Takes over parameters, buffers and children that the layer has; to be called when it got new ones. */
    public void takeMembers() {
        layer.ownParameters().forEach((name, parameter) -> {
            addParameter(name, parameter);
            QuantizedParameter known = quantizedParameters.get(name);
            if (known == null || known.parameter() != parameter) {
                quantizedParameters.put(name, new QuantizedParameter(parameter));
            }
            if (!paramQuantizers.entries().containsKey(name)) {
                paramQuantizers.put(name, null);
            }
        });
        layer.ownBuffers().forEach(this::addBuffer);
        layer.namedChildren().forEach(this::setChild);
    }

    /** The layer as it is without quantizers; it has the same parameters. */
    public Module layer() {
        return layer;
    }

    /** Where layers of its class can have quantizers. */
    public LayerSlots slots() {
        return slots;
    }

    // ------------------------------------------------------------------ quantizers

    /** The quantizer of a parameter, or null. */
    public Quantizer paramQuantizer(String name) {
        return (Quantizer) paramQuantizers.entry(name);
    }

    /** Sets the quantizer of a parameter; null for none. */
    public void setParamQuantizer(String name, Quantizer quantizer) {
        if (!paramQuantizers.entries().containsKey(name)) {
            throw new StateException(typeName() + ": has no parameter \"" + name + "\" to quantize; it has "
                    + paramQuantizers.entries().keySet());
        }
        paramQuantizers.put(name, quantizer);
    }

    /** Names of the parameters, each of which can have a quantizer. */
    public List<String> paramNames() {
        return List.copyOf(paramQuantizers.entries().keySet());
    }

    /** Number of inputs that can have a quantizer. */
    public int inputCount() {
        return inputQuantizers.size();
    }

    /** The quantizer of an input, or null. */
    public Quantizer inputQuantizer(int index) {
        return (Quantizer) inputQuantizers.get(index);
    }

    /** Sets the quantizer of an input; null for none. */
    public void setInputQuantizer(int index, Quantizer quantizer) {
        checkIndex("input", index, inputQuantizers.size());
        inputQuantizers.set(index, quantizer);
    }

    /** Number of outputs that can have a quantizer. */
    public int outputCount() {
        return outputQuantizers.size();
    }

    /** The quantizer of an output, or null. */
    public Quantizer outputQuantizer(int index) {
        return (Quantizer) outputQuantizers.get(index);
    }

    /** Sets the quantizer of an output; null for none. */
    public void setOutputQuantizer(int index, Quantizer quantizer) {
        checkIndex("output", index, outputQuantizers.size());
        outputQuantizers.set(index, quantizer);
    }

    private void checkIndex(String what, int index, int size) {
        if (index < 0 || index >= size) {
            throw new StateException(typeName() + ": has no " + what + " " + index + " to quantize; it has " + size
                    + " " + what + "s");
        }
    }

    /** Finds the ranges of the parameters' quantizers from the parameters as they are now; frozen ones keep theirs. */
    public void computeParamEncodings() {
        quantizedParameters.forEach((name, parameter) -> {
            Quantizer quantizer = paramQuantizer(name);
            if (quantizer != null) {
                parameter.computeEncodings(quantizer);
            }
        });
    }

    /** A parameter as the layer computes with it: quantized when it has a quantizer. */
    public Tensor quantizedParameter(String name) {
        Quantizer quantizer = paramQuantizer(name);
        return quantizer == null ? ownParameters().get(name).tensor() : quantizedParameters.get(name).get(quantizer);
    }

    // ------------------------------------------------------------------ running

    @Override
    protected Tensor[] forwardWith(List<Object> arguments) {
        if (layer.isTraining() != isTraining()) {
            layer.train(isTraining()); // the layer is no child, so that its own mode does not follow
        }
        if (arguments.stream().anyMatch(argument -> argument instanceof Tensor tensor && tensor.device().isMeta())) {
            return layer.callWith(arguments); // only shapes are asked for, and quantizers keep them
        }
        List<Object> quantized = new ArrayList<>(arguments);
        for (int i = 0; i < Math.min(inputQuantizers.size(), quantized.size()); i++) {
            if (quantized.get(i) instanceof Tensor input) {
                Quantizer quantizer = inputQuantizer(i);
                quantized.set(i, quantize(quantizer, input));
            }
        }
        Tensor[] outputs = runLayer(quantized);
        for (int i = 0; i < outputs.length; i++) {
            int slot = slots.outputs() == LayerSlots.ONE_FOR_ALL ? 0 : i;
            Quantizer quantizer = slot < outputQuantizers.size() ? outputQuantizer(slot) : null;
            outputs[i] = quantize(quantizer, outputs[i]);
        }
        return outputs;
    }

    /** A range for each tensor has one dimension, a number has none: it gets one for the moment. */
    private static Tensor quantize(Quantizer quantizer, Tensor x) {
        if (quantizer == null) {
            return x;
        }
        return x.rank() > 0 || quantizer.shape().rank() == 0 ? quantizer.call(x)
                : quantizer.call(x.reshape(1)).reshape();
    }

    private Tensor[] runLayer(List<Object> arguments) {
        Map<Parameter, Tensor> substitutes = substitutes();
        if (substitutes.isEmpty()) {
            return layer.callWith(arguments);
        }
        try (Dispatch.Scope substitution = Parameter.substitute(substitutes)) {
            return layer.callWith(arguments);
        }
    }

    private Map<Parameter, Tensor> substitutes() {
        Map<Parameter, Tensor> substitutes = new LinkedHashMap<>();
        quantizedParameters.forEach((name, parameter) -> {
            Quantizer quantizer = paramQuantizer(name);
            if (quantizer != null) {
                substitutes.put(parameter.parameter(), parameter.get(quantizer));
            }
        });
        return substitutes;
    }

    // ------------------------------------------------------------------ copying, text

    @Override
    protected Module newCopy(ModuleCopier copier) {
        QuantizedModule copy = new QuantizedModule(copier.copy(layer), slots, inputQuantizers.size());
        paramQuantizers.entries().forEach((name, quantizer) ->
                copy.setParamQuantizer(name, copier.copy((Quantizer) quantizer)));
        BiFunction<ModuleList, Integer, Quantizer> copied = (list, i) -> copier.copy((Quantizer) list.get(i));
        for (int i = 0; i < inputQuantizers.size(); i++) {
            copy.setInputQuantizer(i, copied.apply(inputQuantizers, i));
        }
        for (int i = 0; i < outputQuantizers.size(); i++) {
            copy.setOutputQuantizer(i, copied.apply(outputQuantizers, i));
        }
        copy.train(isTraining());
        return copy;
    }

    /** {@code QuantizedConv2d} for a {@code Conv2d}. */
    @Override
    public String typeName() {
        return layer == null ? "QuantizedModule" : "Quantized" + layer.typeName();
    }

    @Override
    protected String extraRepr() {
        return layer.settings();
    }
}

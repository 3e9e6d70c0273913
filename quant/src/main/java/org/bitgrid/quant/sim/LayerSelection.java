package org.bitgrid.quant.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.FloatQuantizeDequantize;
import org.bitgrid.quant.quantizer.GroupedBlockQuantizeDequantize;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;

/**
 * Layers of a simulation whose quantizers are changed together. Only quantizers that are there are changed.
 *
 * <pre>{@code
 * sim.layers("conv1").paramBitwidth(8);
 * sim.layersOf(Linear.class).blockwiseWeights(4, true, 64);
 * sim.layers().where(module -> module.outputCount() > 1).outputBitwidth(16);
 * }</pre>
 */
public final class LayerSelection {
    private final QuantizationSimModel sim;
    private final Map<String, QuantizedModule> modules;

    LayerSelection(QuantizationSimModel sim, Map<String, QuantizedModule> modules) {
        this.sim = sim;
        this.modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
    }

    /** The layers by path. */
    public Map<String, QuantizedModule> modules() {
        return modules;
    }

    /** Those of these layers that a condition holds for. */
    public LayerSelection where(Predicate<QuantizedModule> condition) {
        Map<String, QuantizedModule> chosen = new LinkedHashMap<>(modules);
        chosen.values().removeIf(condition.negate());
        return new LayerSelection(sim, chosen);
    }

    /** Sets the number of bits of parameters. Ranges that are known stay; calibrate again to fit them. Returns this. */
    public LayerSelection paramBitwidth(int bits) {
        return each(Set.of(SlotId.Kind.PARAM), quantizer -> quantizer.setBitwidth(bits));
    }

    /** Sets the number of bits of inputs. Returns this. */
    public LayerSelection inputBitwidth(int bits) {
        return each(Set.of(SlotId.Kind.INPUT), quantizer -> quantizer.setBitwidth(bits));
    }

    /** Sets the number of bits of outputs. Returns this. */
    public LayerSelection outputBitwidth(int bits) {
        return each(Set.of(SlotId.Kind.OUTPUT), quantizer -> quantizer.setBitwidth(bits));
    }

    /** Makes parameters symmetric about zero on a signed grid, or neither. Returns this. */
    public LayerSelection symmetricParams(boolean symmetric) {
        return each(Set.of(SlotId.Kind.PARAM), quantizer -> setSymmetric(quantizer, symmetric));
    }

    /** Makes inputs and outputs symmetric about zero on a signed grid, or neither. Returns this. */
    public LayerSelection symmetricActivations(boolean symmetric) {
        return each(Set.of(SlotId.Kind.INPUT, SlotId.Kind.OUTPUT), quantizer -> setSymmetric(quantizer, symmetric));
    }

    private static void setSymmetric(Quantizer quantizer, boolean symmetric) {
        quantizer.setSymmetric(symmetric);
        quantizer.setSigned(symmetric);
    }

    /** Fixes ranges as they are: neither calibration nor training changes them. Returns this. */
    public LayerSelection freeze(SlotId.Kind... kinds) {
        return each(Set.of(kinds), quantizer -> {
            quantizer.allowOverwrite(false);
            quantizer.requiresGrad(false);
        });
    }

    private LayerSelection each(Set<SlotId.Kind> kinds, Consumer<Quantizer> change) {
        forEachQuantizer(kinds, (slot, quantizer) -> change.accept(quantizer));
        return this;
    }

    private interface Change {
        void apply(SlotId slot, Quantizer quantizer);
    }

    private void forEachQuantizer(Set<SlotId.Kind> kinds, Change change) {
        modules.forEach((path, module) -> Slots.of(path, module).forEach(slot -> {
            Quantizer quantizer = Slots.get(module, slot);
            if (quantizer != null && kinds.contains(slot.kind())) {
                change.apply(slot, quantizer);
            }
        }));
    }

    // ------------------------------------------------------------------ other kinds of quantizers

    /** Has inputs and outputs rounded to a floating-point format. Returns this. */
    public LayerSelection floatActivations(FloatFormat format) {
        return replace(Set.of(SlotId.Kind.INPUT, SlotId.Kind.OUTPUT), old -> new FloatQuantizeDequantize(format));
    }

    /** Has inputs and outputs rounded to a floating-point format of these bits. Returns this. */
    public LayerSelection floatActivations(int exponentBits, int mantissaBits) {
        return floatActivations(FloatFormat.of(exponentBits, mantissaBits));
    }

    private LayerSelection replace(Set<SlotId.Kind> kinds, Function<Quantizer, Quantizer> replacement) {
        Map<Quantizer, Quantizer> made = new IdentityHashMap<>(); // shared quantizers stay shared
        forEachQuantizer(kinds, (slot, quantizer) ->
                sim.set(slot, made.computeIfAbsent(quantizer, replacement)));
        return this;
    }

    /**
     * Gives weights one range for each output channel and {@code blockSize} input channels.
     *
     * @param blockSize must divide the number of input channels; -1 takes all of them
     */
    public LayerSelection blockwiseWeights(int bitwidth, boolean symmetric, int blockSize) {
        return weights((path, module, old) -> {
            List<Integer> blocks = blocks(path, module, blockSize);
            Shape shape = blockShape(module, blocks);
            return new QuantizeDequantize(shape, Grid.ofBits(bitwidth, symmetric), symmetric, null, blocks, 0);
        });
    }

    /**
     * Gives weights block-wise ranges whose scales are multiples of one scale for each output channel.
     *
     * @param decompressedBitwidth bits that a code times its integer scale needs
     * @param blockSize            must divide the number of input channels; -1 takes all of them
     */
    public LayerSelection groupedBlockwiseWeights(int bitwidth, int decompressedBitwidth, int blockSize) {
        return weights((path, module, old) -> {
            List<Integer> blocks = blocks(path, module, blockSize);
            Shape shape = blockShape(module, blocks);
            List<Integer> grouping = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
            grouping.set(inputAxis(module), -1);
            return new GroupedBlockQuantizeDequantize(shape, bitwidth, true, decompressedBitwidth, null, blocks,
                    grouping);
        });
    }

    private interface WeightQuantizer {
        Quantizer make(String path, QuantizedModule module, AffineQuantizer old);
    }

    /** Makes all quantizers before it sets the first, so that nothing changes when one cannot be made. */
    private LayerSelection weights(WeightQuantizer factory) {
        Map<QuantizedModule, Quantizer> made = new LinkedHashMap<>();
        modules.forEach((path, module) -> {
            if (module.paramNames().contains("weight") && module.paramQuantizer("weight") instanceof AffineQuantizer old
                    && module.ownParameters().get("weight").shape().rank() > 1) {
                Quantizer quantizer = factory.make(path, module, old);
                quantizer.requiresGrad(old.parameters().get(0).requiresGrad());
                made.put(module, quantizer);
            }
        });
        made.forEach((module, quantizer) -> module.setParamQuantizer("weight", quantizer));
        return this;
    }

    private static int inputAxis(QuantizedModule module) {
        return module.layer() instanceof ConvTranspose2d ? 0 : 1;
    }

    /** 1 for output channels, {@code blockSize} for input channels, all of the kernel. */
    private static List<Integer> blocks(String path, QuantizedModule module, int blockSize) {
        int inputAxis = inputAxis(module);
        Shape weight = module.ownParameters().get("weight").shape();
        int channels = weight.dim(inputAxis);
        if (blockSize != -1 && (blockSize < 1 || channels % blockSize != 0)) {
            throw new StateException("block-wise quantization: the block size must divide the number of input "
                    + "channels; got " + blockSize + " for " + channels + " channels of " + path + "; do choose another one, or "
                    + "select fewer layers");
        }
        List<Integer> blocks = new ArrayList<>();
        for (int axis = 0; axis < weight.rank(); axis++) {
            blocks.add(axis == inputAxis ? blockSize : axis == 1 - inputAxis ? 1 : -1);
        }
        return blocks;
    }

    private static Shape blockShape(QuantizedModule module, List<Integer> blocks) {
        Shape weight = module.ownParameters().get("weight").shape();
        int[] dims = new int[weight.rank()];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = blocks.get(axis) == -1 ? 1 : weight.dim(axis) / blocks.get(axis);
        }
        return Shape.of(dims);
    }

    // ------------------------------------------------------------------ removal

    /** Takes quantizers away; closing the scope puts them back. */
    public Dispatch.Scope removeQuantizers(SlotId.Kind... kinds) {
        Deque<SlotQuantizer> removed = new ArrayDeque<>();
        forEachQuantizer(Set.of(kinds), (slot, quantizer) -> {
            removed.push(new SlotQuantizer(slot, quantizer));
            sim.set(slot, null);
        });
        return () -> {
            while (!removed.isEmpty()) {
                SlotQuantizer each = removed.pop();
                sim.set(each.slot(), each.quantizer());
            }
        };
    }

    /** Takes quantizers of inputs and outputs away; closing the scope puts them back. */
    public Dispatch.Scope removeActivationQuantizers() {
        return removeQuantizers(SlotId.Kind.INPUT, SlotId.Kind.OUTPUT);
    }

    /** Takes all quantizers away; closing the scope puts them back. */
    public Dispatch.Scope removeAllQuantizers() {
        return removeQuantizers(SlotId.Kind.values());
    }
}

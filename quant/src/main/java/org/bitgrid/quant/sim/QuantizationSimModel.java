package org.bitgrid.quant.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.export.EncodingsLoader;
import org.bitgrid.quant.export.ExportBundle;
import org.bitgrid.quant.export.ExportOptions;
import org.bitgrid.quant.export.ExportReport;
import org.bitgrid.quant.export.LoadOptions;
import org.bitgrid.quant.export.ModuleEncodings;
import org.bitgrid.quant.export.SimCheckpoint;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.observe.PercentileAnalyzer;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Simulates how a model behaves on a target that computes with few bits: a copy of it in which every layer is a {@link
 * QuantizedModule}, with quantizers where the target's configuration puts them. Calibrate it with some data, evaluate
 * {@link #model()}, train it on, export it.
 *
 * <pre>{@code
 * var sim = new QuantizationSimModel(prepared, sampleInput, QuantSimOptions.defaults().paramBitwidth(4));
 * try (var calibration = sim.computeEncodings()) {
 *     batches.forEach(sim.model()::call);
 * }
 * }</pre>
 */
public final class QuantizationSimModel {
    private static final String DASHES = "-------------------------";

    private final GraphModule model;
    private final QuantSimOptions options;
    private final Placement placement;
    private final Map<String, QuantizedModule> quantized = new LinkedHashMap<>();
    private final Set<String> excludedLayers = new LinkedHashSet<>();
    private CalibrationReport lastCalibration;

    /** Simulates a model with one input. */
    public QuantizationSimModel(Module model, Tensor sampleInput, QuantSimOptions options) {
        this(model, List.of(sampleInput), options);
    }

    /**
     * Simulates a model. Only shapes and types of the sample matter; values are never looked at.
     *
     * @param model a prepared model, or any other, which is then traced
     * @throws StateException when the model has quantizers already, when there are layers of unknown classes (all are
     *                        named at once), or when the configuration contradicts itself for this model
     */
    public QuantizationSimModel(Module model, List<Tensor> sampleInputs, QuantSimOptions options) {
        PlacementTypes types = options.types();
        LayerWrapper.checkPlain(model);
        GraphModule graph = model instanceof GraphModule traced ? traced
                : new Tracer().trace(model, sampleInputs.toArray(Tensor[]::new));
        this.model = options.inPlace() ? graph : (GraphModule) graph.copy();
        this.options = options;
        LayerWrapper wrapper = new LayerWrapper(this.model);
        Map<String, Module> layers = QuantizerPlacement.ordered(this.model, wrapper.layers());
        placement = QuantizerPlacement.of(this.model, layers, options.config(), types);
        placement.warnings().forEach(warning -> QuantLog.warning(QuantLog.Area.QUANT, warning));
        realise(wrapper, layers);
    }

    private void realise(LayerWrapper wrapper, Map<String, Module> layers) {
        QuantizerFactory factory = new QuantizerFactory(options.scheme());
        Map<SlotId, Quantizer> made = new LinkedHashMap<>();
        layers.keySet().forEach(path -> {
            int inputs = (int) placement.of(path).stream().filter(plan -> plan.slot().kind() == SlotId.Kind.INPUT)
                    .count();
            quantized.put(path, wrapper.wrap(path, inputs));
        });
        for (SlotPlan plan : placement.slots()) {
            if (plan.quantized() && plan.sharedWith() == null) {
                made.put(plan.slot(), factory.make(plan, parameter(plan.slot())));
            }
        }
        for (SlotPlan plan : placement.slots()) {
            if (plan.quantized()) {
                set(plan.slot(), made.get(plan.sharedWith() == null ? plan.slot() : plan.sharedWith()));
            }
        }
    }

    private Parameter parameter(SlotId slot) {
        return slot.kind() == SlotId.Kind.PARAM ? quantized.get(slot.module()).ownParameters().get(slot.name()) : null;
    }

    // ------------------------------------------------------------------ looking at it

    /** The model that computes as the target would; train it, evaluate it, call it. */
    public GraphModule model() {
        return model;
    }

    public QuantSimOptions options() {
        return options;
    }

    /** Where quantizers were put when the simulation was made, and why. */
    public Placement placement() {
        return placement;
    }

    /** For every slot whether it is quantized and which rule decided. */
    public String explain() {
        return placement.explain();
    }

    /** All quantized modules by path, in the order in which they run. */
    public Map<String, QuantizedModule> quantizedModules() {
        return Collections.unmodifiableMap(quantized);
    }

    /** The quantized module at a path. */
    public QuantizedModule quantizedModule(String path) {
        QuantizedModule module = quantized.get(path);
        if (module == null) {
            throw new StateException("quantsim: has no quantized module \"" + path + "\"; it has "
                    + quantized.keySet());
        }
        return module;
    }

    /** All slots with a quantizer, parameters, inputs and outputs of each layer, in the order in which layers run. */
    public List<SlotQuantizer> slotQuantizers() {
        List<SlotQuantizer> found = new ArrayList<>();
        quantized.forEach((path, module) -> Slots.of(path, module).forEach(slot -> {
            Quantizer quantizer = Slots.get(module, slot);
            if (quantizer != null) {
                found.add(new SlotQuantizer(slot, quantizer));
            }
        }));
        return found;
    }

    /** All quantizers by path, such as {@code conv1.param_quantizers.weight}; a shared one under its first path. */
    public Map<String, Quantizer> quantizers() {
        Map<String, Quantizer> found = new LinkedHashMap<>();
        Set<Quantizer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (SlotQuantizer each : slotQuantizers()) {
            if (seen.add(each.quantizer())) {
                found.put(each.slot().path(), each.quantizer());
            }
        }
        return found;
    }

    /** The quantizer at a slot, or null. */
    public Quantizer quantizer(SlotId slot) {
        return Slots.get(quantizedModule(slot.module()), slot);
    }

    /** Puts a quantizer, or null for none, at a slot. */
    public void set(SlotId slot, Quantizer quantizer) {
        Slots.set(quantizedModule(slot.module()), slot, quantizer);
    }

    /** Learnable numbers of the quantizers, by path. */
    public Map<String, Parameter> quantizerParameters() {
        Map<String, Parameter> found = new LinkedHashMap<>();
        quantizers().forEach((path, quantizer) -> quantizer.namedParameters().forEach((name, parameter) ->
                found.put(path + "." + name, parameter)));
        return found;
    }

    // ------------------------------------------------------------------ calibration

    /**
     * Begins calibration; closing the scope ends it. What runs meanwhile runs as the user has it run: switch to {@code
     * eval()} and to {@code noGrad} where they are wanted.
     */
    public SimCalibration computeEncodings() {
        return new SimCalibration(this);
    }

    /**
     * Calibrates with what {@code forwardPass} runs through the model, in evaluation mode and without gradients. When
     * it throws, ranges of inputs and outputs stay as they were.
     */
    public void computeEncodings(Consumer<GraphModule> forwardPass) {
        computeEncodings(List.of(this), models -> forwardPass.accept(models.get(0)));
    }

    /** Calibrates several simulations with what {@code forwardPass} runs through their models. */
    public static void computeEncodings(List<QuantizationSimModel> sims, Consumer<List<GraphModule>> forwardPass) {
        List<Runnable> restore = new ArrayList<>();
        List<SimCalibration> open = new ArrayList<>();
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            for (QuantizationSimModel sim : sims) {
                for (Module module : sim.model.modules()) { // parents first, as a mode reaches all below
                    boolean training = module.isTraining();
                    restore.add(() -> module.train(training));
                }
                sim.model.eval();
            }
            for (QuantizationSimModel sim : sims) {
                open.add(sim.computeEncodings());
            }
            forwardPass.accept(sims.stream().map(QuantizationSimModel::model).toList());
        } catch (RuntimeException | Error failure) {
            open.forEach(SimCalibration::abort);
            throw failure;
        } finally {
            open.forEach(SimCalibration::close);
            restore.forEach(Runnable::run);
        }
    }

    /** Finds the ranges of all parameters from what they are now. */
    public void computeParamEncodings() {
        quantized.values().forEach(QuantizedModule::computeParamEncodings);
    }

    /** What the last calibration found, if there was one. */
    public Optional<CalibrationReport> lastCalibration() {
        return Optional.ofNullable(lastCalibration);
    }

    void setLastCalibration(CalibrationReport report) {
        lastCalibration = report;
    }

    /** Sets the percentage, 50 to 100, of values that ranges of the percentile scheme are to hold. */
    public void setPercentileValue(double percentile) {
        quantizers().values().forEach(quantizer -> {
            if (quantizer.analyzer() instanceof PercentileAnalyzer analyzer) {
                analyzer.setPercentile(percentile);
            }
        });
    }

    // ------------------------------------------------------------------ changing it

    /** Replaces a quantized module by one that has no quantizers: how folding leaves an {@code Identity} behind. */
    public void replaceByPlain(String path, Module plain) {
        quantizedModule(path);
        model.setModule(path, plain);
        quantized.remove(path);
    }

    /** All layers, to be changed together; see {@link LayerSelection#where}. */
    public LayerSelection layers() {
        return new LayerSelection(this, quantized);
    }

    /** The layers at these paths. */
    public LayerSelection layers(String... paths) {
        Map<String, QuantizedModule> chosen = new LinkedHashMap<>();
        Arrays.stream(paths).forEach(path -> chosen.put(path, quantizedModule(path)));
        return new LayerSelection(this, chosen);
    }

    /** The layers of these classes. */
    @SafeVarargs
    public final LayerSelection layersOf(Class<? extends Module>... classes) {
        return layers().where(module -> Arrays.stream(classes).anyMatch(type -> type.isInstance(module.layer())));
    }

    /** Takes layers out of the simulation: nothing in them is quantized any more. */
    public void excludeLayersFromQuantization(String... paths) {
        LayerSelection chosen = layers(paths);
        chosen.removeQuantizers(SlotId.Kind.values());
        excludedLayers.addAll(chosen.modules().keySet());
    }

    /** Takes all parameters of this name out of the simulation. */
    public void excludeParamFromQuantization(String name) {
        quantized.values().stream().filter(module -> module.paramNames().contains(name))
                .forEach(module -> module.setParamQuantizer(name, null));
    }

    /** Paths of the layers that were taken out of the simulation. */
    public List<String> excludedLayers() {
        return List.copyOf(excludedLayers);
    }

    /**
     * Has the layers before those that {@code condition} picks use their output's quantizer, so that inputs and output
     * lie on one grid.
     */
    public void propagateOutputEncodings(Predicate<QuantizedModule> condition) {
        OperatorGraph graph = OperatorGraph.of(model);
        List<OperatorGraph.Operator> chosen = SharedEncodings.backwards(graph, operator ->
                operator.module() != null && quantized.containsKey(operator.module())
                        && condition.test(quantized.get(operator.module())));
        for (OperatorGraph.Operator operator : chosen) {
            QuantizedModule module = quantized.get(operator.module());
            if (module.outputCount() != 1 || module.outputQuantizer(0) == null) {
                throw new StateException("propagateOutputEncodings: a layer must have exactly one output, with a "
                        + "quantizer; got " + operator.module() + " with " + module.outputCount() + " outputs"
                        + (module.outputCount() == 1 ? ", without quantizer" : ""));
            }
        }
        for (OperatorGraph.Operator operator : chosen) {
            Quantizer shared = quantized.get(operator.module()).outputQuantizer(0);
            for (SlotId slot : SharedEncodings.slotsBefore(operator)) {
                QuantizedModule module = quantized.get(slot.module());
                if (module != null && Slots.exists(module, slot)
                        && (slot.kind() == SlotId.Kind.INPUT || Slots.get(module, slot) != null)) {
                    Slots.set(module, slot, shared);
                }
            }
        }
    }

    /**
     * Replaces parameters by what their quantizers make of them, and takes those quantizers away: evaluation is faster,
     * and results are the same. The scope brings both back when it is closed.
     */
    public Dispatch.Scope foldParamQuantizers() {
        return ParamFolding.fold(quantized);
    }

    /**
     * The model as it was before it was simulated, in a copy: with the parameters as they are now.
     *
     * @param bakeQdqWeights whether parameters are to hold what their quantizers make of them
     */
    public GraphModule getOriginalModel(boolean bakeQdqWeights) {
        return OriginalModel.of(this, bakeQdqWeights);
    }

    // ------------------------------------------------------------------ files

    /**
     * Exports the model and its encodings as {@code PREFIX.onnx}, {@code PREFIX.safetensors}, {@code PREFIX.encodings}
     * and {@code PREFIX_torch.encodings}, in the version that the options name. What was written is read again and
     * compared with this simulation before it is put in place.
     *
     * @param sampleInput inputs as the model takes them; values do not matter
     */
    public ExportReport export(Path folder, String prefix, Tensor... sampleInput) {
        return export(folder, prefix, ExportOptions.of(options.encodingVersion()), sampleInput);
    }

    /** Exports the model and its encodings as these options say. */
    public ExportReport export(Path folder, String prefix, ExportOptions exportOptions, Tensor... sampleInput) {
        return ExportBundle.write(this, folder, prefix, exportOptions, sampleInput);
    }

    /** Loads the encodings of a file by module, {@code PREFIX_torch.encodings}; every entry must have a quantizer. */
    public List<SlotId> loadEncodings(Path file) {
        return loadEncodings(file, LoadOptions.defaults());
    }

    /**
     * Loads the encodings of a file by module.
     *
     * @return slots that the file lists
     * @throws StateException naming every entry that fits no quantizer; nothing is changed then
     */
    public List<SlotId> loadEncodings(Path file, LoadOptions loadOptions) {
        return EncodingsLoader.load(this, ModuleEncodings.read(file), loadOptions);
    }

    /** Loads the encodings of a file; what is loaded neither learns nor changes any more. */
    public List<SlotId> loadAndFreezeEncodings(Path file) {
        return loadEncodings(file, LoadOptions.frozen());
    }

    /** Loads the encodings of parameters of a file; what is loaded neither learns nor changes any more. */
    public List<SlotId> setAndFreezeParamEncodings(Path file) {
        ModuleEncodings all = ModuleEncodings.read(file);
        return EncodingsLoader.load(this, new ModuleEncodings(all.header(), List.of(), all.parameters()),
                LoadOptions.frozen());
    }

    /** Writes the whole state, of the model and of the quantizers, as one safetensors file. */
    public void saveCheckpoint(Path file) {
        SimCheckpoint.save(this, file);
    }

    /** Takes over the state that a simulation of the same model and options saved. */
    public void loadCheckpoint(Path file) {
        SimCheckpoint.load(this, file);
    }

    /** The report of the model: three lines, then the model. */
    @Override
    public String toString() {
        return DASHES + "\nQuantized Model Report\n" + DASHES + "\n" + model + "\n";
    }
}

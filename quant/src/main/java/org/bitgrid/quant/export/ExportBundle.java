package org.bitgrid.quant.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bitgrid.nn.io.AtomicFiles;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.export.onnx.OnnxExport;
import org.bitgrid.quant.export.onnx.OnnxModel;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.quant.sim.SlotQuantizer;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * The files of an export, made of one simulation: {@code PREFIX.onnx}, the model without quantizers and with quantized
 * parameters; {@code PREFIX.safetensors}, the parameters as they were trained; {@code PREFIX.encodings} by tensor of
 * the graph; {@code PREFIX_torch.encodings} by module. They are written aside, read again and compared with the graph
 * and with the simulation, and put in place only when all is right.
 */
public final class ExportBundle {
    static final String PRODUCER = "bitgrid";
    static final String PRODUCER_VERSION = "0.1.0";

    private final QuantizationSimModel sim;
    private final ExportOptions options;
    private final ExportPlan plan;
    private final List<NamedEncoding> parameters = new ArrayList<>();
    private final List<NamedEncoding> activations = new ArrayList<>();
    private final List<FurtherEncoding> further = new ArrayList<>();

    private ExportBundle(QuantizationSimModel sim, ExportOptions options, Tensor... sample) {
        this.sim = sim;
        this.options = options;
        plan = new ExportPlan(sim, sample);
        collect();
    }

    /**
     * Exports a simulation.
     *
     * @param sample inputs as the model takes them; values do not matter
     * @throws StateException  when a quantizer knows no range, or the files do not say what the simulation does
     * @throws FormatException when the version cannot say it
     */
    public static ExportReport write(QuantizationSimModel sim, Path folder, String prefix, ExportOptions options,
                                     Tensor... sample) {
        if (prefix.isEmpty() || prefix.contains("/") || prefix.contains("\\")) {
            throw new StateException("export: prefix must be the start of a file name; got \"" + prefix + "\"");
        }
        return new ExportBundle(sim, options, sample).write(folder, prefix);
    }

    /**
     * Writes the model with its quantization in it, as one ONNX file of steps QuantizeLinear and DequantizeLinear,
     * whole or not at all. Parameters hold numbers of their grid.
     *
     * @param sample inputs as the model takes them; values do not matter
     * @throws FormatException when a quantizer is not of integers of 4, 8 or 16 bits
     */
    public static void writeQdq(QuantizationSimModel sim, Path file, Tensor... sample) {
        ExportBundle bundle = new ExportBundle(sim, ExportOptions.of(EncodingsVersion.V0_6_1), sample);
        List<NamedEncoding> encodings = new ArrayList<>(bundle.parameters);
        bundle.plan.activations().forEach((name, encoding) -> encodings.add(new NamedEncoding(name, encoding)));
        QdqGraph.of(bundle.plan.export().model(), encodings).write(file);
    }

    private void collect() {
        sim.quantizedModules().forEach((path, module) -> module.paramNames().forEach(name -> {
            if (plan.quantizedParameters().containsKey(path + "." + name)) {
                parameters.add(new NamedEncoding(path + "." + name, concrete(module, name)));
            }
        }));
        plan.activations().forEach((name, encoding) ->
                activations.add(new NamedEncoding(name, forced(encoding))));
        OnnxExport export = plan.export();
        DerivedEncodings.of(export.model().graph(), plan.activations(), options).forEach(each ->
                further.add(new FurtherEncoding(each.name(), each.kind(), each.from(), forced(each.encoding()))));
        if (options.int32Bias()) {
            further.addAll(BiasEncodings.of(sim, moduleInputs()));
        }
    }

    /** A parameter's encoding; blocks of "whatever is left" get their size from the parameter. */
    private static FileEncoding concrete(QuantizedModule module, String name) {
        FileEncoding encoding = FileEncoding.of(module.paramQuantizer(name).encoding());
        boolean open = encoding.blockSize() == -1;
        return open ? encoding.withBlockSize(module.ownParameters().get(name).shape().dim(encoding.axis())
                / encoding.shape().dim(encoding.axis())) : encoding;
    }

    private FileEncoding forced(FileEncoding encoding) {
        if (encoding.isFloat() || options.activations() == ExportOptions.Activations.AS_THEY_ARE) {
            return encoding;
        }
        return encoding.withSigned(options.activations() == ExportOptions.Activations.SIGNED);
    }

    /** Encodings of what goes into modules with one input: their own input quantizer's, or the incoming tensor's. */
    private Map<String, FileEncoding> moduleInputs() {
        Map<String, FileEncoding> known = new LinkedHashMap<>(plan.activations());
        // Whatever the file lists, a bias needs the grid behind steps that only move data.
        ExportOptions all = options.dataMovement(true).rescaling(true);
        DerivedEncodings.of(plan.export().model().graph(), plan.activations(), all)
                .forEach(each -> known.put(each.name(), each.encoding()));
        Map<String, FileEncoding> inputs = new LinkedHashMap<>();
        for (OnnxExport.ModuleTensors call : plan.export().calls()) {
            if (call.arguments().size() == 1 && known.containsKey(call.arguments().get(0))) {
                inputs.put(call.path(), known.get(call.arguments().get(0)));
            }
        }
        return inputs;
    }

    // ------------------------------------------------------------------ writing

    private ExportReport write(Path folder, String prefix) {
        OnnxModel model = withMetadata(plan.export().model());
        TensorEncodings byTensor = byTensor();
        ModuleEncodings byModule = byModule();
        String tensorText = byTensor.toText();
        String moduleText = byModule.toText();
        ExportFiles target = new ExportFiles(folder, prefix);
        Path aside = folder.resolve("." + prefix + "." + ProcessHandle.current().pid() + "-" + System.nanoTime()
                + ".tmp");
        try {
            Files.createDirectories(aside);
            ExportFiles temporary = new ExportFiles(aside, prefix);
            model.write(temporary.onnx());
            SafeTensors.write(temporary.weights(), weights());
            AtomicFiles.write(temporary.encodings(), tensorText);
            AtomicFiles.write(temporary.moduleEncodings(), moduleText);
            VerificationReport report = ExportVerifier.verify(temporary, byTensor, byModule);
            if (!report.isSound()) {
                throw new StateException("export: what was written does not say what the simulation does; got "
                        + report.faults() + "; nothing was put in place");
            }
            for (int i = 0; i < target.all().size(); i++) {
                Files.move(temporary.all().get(i), target.all().get(i), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw FileException.of("export", folder, e);
        } finally {
            remove(aside);
        }
        return new ExportReport(target.all(), parameters.size() + activations.size(), further,
                plan.idle().stream().map(SlotId::toString).toList());
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw FileException.of("export", folder, e);
        }
    }

    private EncodingsHeader header() {
        Optional<QuantizerArguments> arguments = options.version().isOnnxStyle() ? Optional.empty()
                : Optional.of(SimArguments.of(sim.options()));
        return new EncodingsHeader(options.version(), options.version().isOnnxStyle() ? List.of()
                : sim.excludedLayers(), arguments, new EncodingsHeader.Producer(PRODUCER, PRODUCER_VERSION));
    }

    private TensorEncodings byTensor() {
        List<NamedEncoding> allParameters = new ArrayList<>(parameters);
        List<NamedEncoding> allActivations = new ArrayList<>(activations);
        further.forEach(each -> (each.kind() == FurtherEncoding.Kind.INT32_BIAS ? allParameters : allActivations)
                .add(each.named()));
        return new TensorEncodings(header(), allActivations, allParameters);
    }

    private ModuleEncodings byModule() {
        List<SlotEncoding> slots = new ArrayList<>();
        for (SlotQuantizer each : sim.slotQuantizers()) {
            if (each.slot().kind() != SlotId.Kind.PARAM && plan.tensors().containsKey(each.slot())) {
                slots.add(new SlotEncoding(each.slot().module(), each.slot().kind() == SlotId.Kind.INPUT,
                        each.slot().index(), FileEncoding.of(each.quantizer().encoding())));
            }
        }
        return new ModuleEncodings(header(), slots, parameters);
    }

    /** Notes beside the graph which slot is which tensor, and which encodings no quantizer gave. */
    private OnnxModel withMetadata(OnnxModel model) {
        ExportNotes notes = ExportNotes.of(plan.tensors(), further, divisions());
        return new OnnxModel(model.irVersion(), model.opset(), model.producerName(), model.producerVersion(),
                model.graph(), notes.toMetadata());
    }

    private Map<String, ExportNotes.Division> divisions() {
        Map<String, ExportNotes.Division> divisions = new LinkedHashMap<>();
        sim.quantizedModules().forEach((path, module) -> module.paramNames().forEach(name -> {
            if (plan.quantizedParameters().containsKey(path + "." + name)) {
                divisions.put(path + "." + name, ExportNotes.Division.of(module.paramQuantizer(name).encoding()));
            }
        }));
        return divisions;
    }

    /** Parameters and buffers as they were trained, without those of the quantizers. */
    private Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        sim.model().stateDict().forEach((path, tensor) -> {
            if (!path.contains("_quantizers.")) {
                weights.put(path, tensor);
            }
        });
        return weights;
    }
}

package org.bitgrid.quant.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.export.onnx.OnnxModel;
import org.bitgrid.quant.export.onnx.OnnxTensor;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Checks exported files against each other: every encoding names a tensor of the graph; every quantizer that the model
 * notes has exactly one, with the same numbers by tensor and by module; every further encoding is noted with its
 * reason; parameters in the model are the trained ones, quantized by their encodings, bit for bit.
 */
public final class ExportVerifier {
    private final ExportFiles files;
    private final List<String> faults = new ArrayList<>();
    private final List<String> further = new ArrayList<>();
    private int entries;

    private ExportVerifier(ExportFiles files) {
        this.files = files;
    }

    /** Checks every export in a folder; finding none is an error. */
    public static List<VerificationReport> verify(Path folder) {
        List<VerificationReport> reports = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(each -> each.toString().endsWith(ExportFiles.ONNX)).sorted().toList()) {
                String name = file.getFileName().toString();
                String prefix = name.substring(0, name.length() - ExportFiles.ONNX.length());
                reports.add(new ExportVerifier(new ExportFiles(folder, prefix)).check(null, null));
            }
        } catch (IOException e) {
            throw FileException.of("verify-export", folder, e);
        }
        if (reports.isEmpty()) {
            throw new StateException("verify-export: no exported model; got " + folder
                    + "; expected a folder with a file PREFIX.onnx");
        }
        return reports;
    }

    /** Checks the files of one export. */
    public static VerificationReport verify(Path folder, String prefix) {
        return new ExportVerifier(new ExportFiles(folder, prefix)).check(null, null);
    }

    /** Checks files against each other and against what they were to say. */
    static VerificationReport verify(ExportFiles files, TensorEncodings byTensor, ModuleEncodings byModule) {
        return new ExportVerifier(files).check(byTensor, byModule);
    }

    private VerificationReport check(TensorEncodings expectedTensors, ModuleEncodings expectedModules) {
        OnnxModel model = read(() -> OnnxModel.read(files.onnx()));
        ExportNotes notes = model == null ? null : read(() -> ExportNotes.of(model.metadata()));
        TensorEncodings byTensor = read(() -> TensorEncodings.read(files.encodings()));
        ModuleEncodings byModule = read(() -> ModuleEncodings.read(files.moduleEncodings()));
        Map<String, Tensor> weights = read(() -> SafeTensors.read(files.weights()));
        if (faults.isEmpty()) {
            read(() -> {
                model.graph().check();
                return model;
            });
            new EncodingsComparison(model, notes, byTensor, byModule, faults, further).run();
            checkParameters(model, notes, byModule, weights);
            entries = byModule.parameters().size() + byModule.activations().size();
            if (expectedTensors != null) {
                sameNumbers("by tensor", expectedTensors.all(), byTensor.all());
                sameNumbers("by module", expectedModules.parameters(), byModule.parameters());
                sameNumbers("by module", slots(expectedModules), slots(byModule));
            }
        }
        return new VerificationReport(files.prefix(), faults, entries, further);
    }

    private <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (BitgridException fault) {
            faults.add(fault.getMessage());
            return null;
        }
    }

    private static List<NamedEncoding> slots(ModuleEncodings encodings) {
        return encodings.activations().stream().map(slot -> new NamedEncoding(slot.place(), slot.encoding())).toList();
    }

    /** Read again, everything must be there once, bit for bit. */
    private void sameNumbers(String what, List<NamedEncoding> expected, List<NamedEncoding> actual) {
        Map<String, FileEncoding> found = new LinkedHashMap<>();
        actual.forEach(each -> found.put(each.name(), each.encoding()));
        for (NamedEncoding each : expected) {
            FileEncoding back = found.remove(each.name());
            if (back == null) {
                faults.add("encodings " + what + " lack " + each.name());
            } else if (!back.sameNumbers(each.encoding())) {
                faults.add("encodings " + what + " say something else of " + each.name() + " when read again");
            }
        }
        found.keySet().forEach(name -> faults.add("encodings " + what + " list " + name + ", which nobody gave"));
    }

    private void checkParameters(OnnxModel model, ExportNotes notes, ModuleEncodings byModule,
                                 Map<String, Tensor> weights) {
        Map<String, FileEncoding> encodings = new LinkedHashMap<>();
        byModule.parameters().forEach(each -> encodings.put(each.name(), each.encoding()));
        for (OnnxTensor initializer : model.graph().initializers()) {
            String name = initializer.name();
            Tensor trained = weights.get(name);
            if (trained == null) {
                faults.add(name + " of the model is not among the trained weights");
            } else if (!trained.spec().shape().equals(initializer.tensor().spec().shape())) {
                faults.add(name + " has another shape among the trained weights; got " + trained.spec().shape()
                        + "; the model has " + initializer.tensor().spec().shape());
            } else if (!notes.parameters().containsKey(name)) {
                if (!initializer.equals(OnnxTensor.of(name, trained))) {
                    faults.add(name + " is not quantized, but differs from the trained weights");
                }
            } else if (encodings.containsKey(name)) {
                String fault = QuantizedWeights.fault(trained, initializer.tensor(), encodings.get(name),
                        notes.parameters().get(name));
                if (fault != null) {
                    faults.add(name + " of the model is not the trained weight quantized by its encoding; " + fault);
                }
            }
        }
    }
}

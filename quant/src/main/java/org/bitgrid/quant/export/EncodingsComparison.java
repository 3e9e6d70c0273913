package org.bitgrid.quant.export;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bitgrid.quant.export.onnx.OnnxModel;

/** Holds the encodings of an export against the graph, against each other and against the model's notes. */
final class EncodingsComparison {
    private final ExportNotes notes;
    private final TensorEncodings byTensor;
    private final ModuleEncodings byModule;
    private final List<String> faults;
    private final List<String> further;
    private final Set<String> tensors;
    private final Set<String> initializers;
    private final Map<String, FileEncoding> listed = new LinkedHashMap<>();

    EncodingsComparison(OnnxModel model, ExportNotes notes, TensorEncodings byTensor, ModuleEncodings byModule,
                        List<String> faults, List<String> further) {
        this.notes = notes;
        this.byTensor = byTensor;
        this.byModule = byModule;
        this.faults = faults;
        this.further = further;
        tensors = model.graph().tensorNames();
        initializers = model.graph().initializersByName().keySet();
    }

    void run() {
        checkHeaders();
        byTensor.all().forEach(each -> {
            if (listed.put(each.name(), each.encoding()) != null) {
                faults.add(each.name() + " is listed twice, as a parameter and as an activation");
            }
            if (!tensors.contains(each.name())) {
                faults.add(each.name() + " has an encoding but is no tensor of the graph");
            }
        });
        byTensor.parameters().stream().filter(each -> !initializers.contains(each.name())
                && tensors.contains(each.name())).forEach(each ->
                faults.add(each.name() + " is listed as a parameter but is none of the graph's"));
        Set<String> explained = new HashSet<>();
        checkActivations(explained);
        checkParameters(explained);
        checkFurther(explained);
        listed.keySet().stream().filter(name -> !explained.contains(name)).forEach(name ->
                faults.add(name + " has an encoding that no quantizer gave and the model does not note"));
    }

    private void checkHeaders() {
        EncodingsHeader one = byTensor.header();
        EncodingsHeader other = byModule.header();
        if (!one.equals(other)) {
            faults.add("the two encodings files differ in version, producer, excluded layers or arguments; got " + one
                    + " and " + other);
        }
    }

    private void checkActivations(Set<String> explained) {
        Set<String> missing = new TreeSet<>(notes.slots().keySet());
        for (SlotEncoding slot : byModule.activations()) {
            List<String> names = notes.slots().get(slot.place());
            if (names == null) {
                faults.add(slot.place() + " has an encoding, but the model notes no quantizer there");
                continue;
            }
            if (!missing.remove(slot.place())) {
                faults.add(slot.place() + " is listed twice by module");
            }
            for (String name : names) {
                explained.add(name);
                same(slot.place(), slot.encoding(), name);
            }
        }
        missing.forEach(slot -> faults.add(slot + " has a quantizer but no encoding by module"));
    }

    private void checkParameters(Set<String> explained) {
        Set<String> missing = new TreeSet<>(notes.parameters().keySet());
        for (NamedEncoding parameter : byModule.parameters()) {
            if (!missing.remove(parameter.name())) {
                faults.add(parameter.name() + " has an encoding by module, but the model notes no quantizer there");
                continue;
            }
            explained.add(parameter.name());
            same(parameter.name(), parameter.encoding(), parameter.name());
        }
        missing.forEach(name -> faults.add(name + " has a quantizer but no encoding by module"));
    }

    private void same(String place, FileEncoding encoding, String tensor) {
        FileEncoding other = listed.get(tensor);
        if (other == null) {
            faults.add(place + " has a quantizer but " + tensor + " has no encoding by tensor");
        } else if (!other.sameNumbers(encoding)) {
            faults.add(place + " by module and " + tensor + " by tensor have different numbers");
        }
    }

    private void checkFurther(Set<String> explained) {
        notes.further().forEach((name, note) -> {
            FileEncoding encoding = listed.get(name);
            if (!explained.add(name)) {
                faults.add(name + " is noted as " + note.kind() + " although a quantizer gave its encoding");
                return;
            }
            if (encoding == null) {
                faults.add(name + " is noted as " + note.kind() + " but has no encoding");
                return;
            }
            FileEncoding source = listed.get(note.from());
            switch (note.kind()) {
                case INHERITED -> {
                    if (source == null || !source.sameNumbers(encoding)) {
                        faults.add(name + " has not the encoding of " + note.from() + ", whose numbers it holds");
                    }
                }
                case INT32_BIAS -> {
                    if (encoding.isFloat() || encoding.bitwidth() != 32 || !initializers.contains(name)) {
                        faults.add(name + " is noted as a bias of 32-bit integers, but is not");
                    }
                }
                case RESCALED -> {
                    if (source == null || source.bitwidth() != encoding.bitwidth()) {
                        faults.add(name + " has not as many codes as " + note.from() + ", which it rescales");
                    }
                }
                case CONSTANT -> {
                    if (encoding.isFloat()) {
                        faults.add(name + " is noted as a constant, but is floating point");
                    }
                }
            }
            further.add(name + ": " + note.kind() + (note.from().isEmpty() ? "" : " from " + note.from()));
        });
    }
}

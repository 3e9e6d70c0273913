package org.bitgrid.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.prepare.PrepareOptions;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds golden data: in the folder that the system property {@code bitgrid.golden} names, else among the test
 * resources. What is absent is skipped, with a line that says so.
 */
public final class GoldenModels {
    private GoldenModels() {
    }

    /** The sub-folder {@code name}; the test is skipped when it is nowhere. */
    public static Path folder(String name) {
        String property = System.getProperty("bitgrid.golden", "");
        Path folder = property.isEmpty() ? resource(name) : Path.of(property).resolve(name);
        boolean there = folder != null && Files.isDirectory(folder);
        if (!there) {
            System.out.println("golden data: " + (folder == null ? "-Dbitgrid.golden is not set and the test resources"
                    + " have no copy of " + name : folder + " is absent") + "; its cases are skipped");
        }
        Assumptions.assumeTrue(there, "no golden data " + name);
        return folder;
    }

    private static Path resource(String name) {
        URL resource = GoldenModels.class.getResource("/golden/" + name);
        try {
            return resource == null || !resource.getProtocol().equals("file") ? null : Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All networks of {@code models/}, in the order of their names. */
    public static List<GoldenModel> all() {
        List<GoldenModel> models = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder("models"))) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                models.add(new GoldenModel(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return models;
    }

    /** One network with everything that was recorded of it. */
    public static final class GoldenModel {
        private final Path folder;
        private final String name;
        private final JsonValue json;
        private final Map<String, Tensor> tensors;

        GoldenModel(Path folder) {
            this.folder = folder;
            name = folder.getFileName().toString();
            json = Json.read(folder.resolve(name + ".json"));
            tensors = SafeTensors.read(folder.resolve(name + ".safetensors"));
        }

        public String name() {
            return name;
        }

        /** The folder that holds the printed texts and the exported files. */
        public Path folder() {
            return folder;
        }

        /** {@code NAME.json}. */
        public JsonValue json() {
            return json;
        }

        /** {@code NAME.safetensors}. */
        public Map<String, Tensor> tensors() {
            return tensors;
        }

        /** A tensor of {@code NAME.safetensors}. */
        public Tensor tensor(String key) {
            if (!tensors.containsKey(key)) {
                throw new IllegalArgumentException(name + " has no tensor " + key + "; it has " + tensors.keySet());
            }
            return tensors.get(key);
        }

        /** Tensors whose names begin with {@code prefix} and a dot, without it. */
        public Map<String, Tensor> weights(String prefix) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            tensors.forEach((key, tensor) -> {
                if (key.startsWith(prefix + ".")) {
                    weights.put(key.substring(prefix.length() + 1), tensor);
                }
            });
            return weights;
        }

        /** The network as it was before anything was done to it, with its weights, in evaluation mode. */
        public StructureNetwork network() {
            StructureNetwork network = new StructureNetwork(json.get("structure"));
            Map<String, Tensor> state = new LinkedHashMap<>(network.stateDict());
            state.keySet().removeIf(key -> !key.endsWith("num_batches_tracked")); // not recorded, and not used
            state.putAll(weights("model"));
            network.loadStateDict(state);
            network.eval();
            return network;
        }

        /** The network, prepared. */
        public GraphModule prepared() {
            StructureNetwork network = network();
            PrepareOptions options = PrepareOptions.defaults()
                    .inputNames(network.inputNames().toArray(String[]::new));
            return ModelPreparer.prepareModel(network, options, (Object[]) input(0));
        }

        /** Number of batches of inputs. */
        public int batches() {
            return inputTensors().get(0).size(0);
        }

        /** One batch of each input of the network, {@code inputs}, or {@code inputs0}, {@code inputs1}, … */
        public Tensor[] input(int batch) {
            return inputTensors().stream().map(all -> all.select(0, batch).contiguous()).toArray(Tensor[]::new);
        }

        private List<Tensor> inputTensors() {
            if (tensors.containsKey("inputs")) {
                return List.of(tensors.get("inputs"));
            }
            List<Tensor> inputs = new ArrayList<>();
            while (tensors.containsKey("inputs" + inputs.size())) {
                inputs.add(tensors.get("inputs" + inputs.size()));
            }
            return inputs;
        }

        /** The outputs {@code PREFIX0}, {@code PREFIX1}, … that were recorded for the first batch. */
        public List<Tensor> outputs(String prefix) {
            List<Tensor> outputs = new ArrayList<>();
            while (tensors.containsKey(prefix + outputs.size())) {
                outputs.add(tensors.get(prefix + outputs.size()));
            }
            return outputs;
        }

        /** A text file beside the JSON, with the novelty of a later PyTorch taken out. */
        public String text(String file) {
            try {
                return Files.readString(folder.resolve(file))
                        .replaceAll("(BatchNorm\\dd\\(.*affine=\\w+), bias=True", "$1");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }
}

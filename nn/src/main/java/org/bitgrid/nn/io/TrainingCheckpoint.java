package org.bitgrid.nn.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.optim.Optimizer;
import org.bitgrid.nn.optim.OptimizerState;
import org.bitgrid.nn.optim.ReduceLROnPlateau;
import org.bitgrid.nn.optim.Scheduler;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;

/**
 * Saves everything that a training run needs to go on later: model, optimizer, scheduler, random generator, epoch.
 *
 * <pre>{@code
 * TrainingCheckpoint checkpoint = new TrainingCheckpoint(Path.of("run.json"), model).optimizer(optimizer).rng(rng);
 * for (long epoch = checkpoint.exists() ? checkpoint.restore() : 0; epoch < 10; epoch++) {
 *     …
 *     checkpoint.save(epoch + 1);
 * }
 * }</pre>
 *
 * <p>A checkpoint is a JSON file and beside it a safetensors file that the JSON names, with its SHA-256. A new tensors
 * file is complete before the JSON file is replaced, and the old one goes last: whenever the process dies, the JSON file
 * names a whole set. A run that is killed and restored ends with the same bytes as one that was not.
 */
public final class TrainingCheckpoint {
    private static final String FORMAT = "bitgrid-checkpoint";
    private static final long VERSION = 1;
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";
    private static final List<String> KEYS = List.of("format", "version", "epoch", "tensors", "sha256", "optimizer",
            "scheduler", "rng");

    private final Path file;
    private final Module model;
    private Optimizer optimizer;
    private Supplier<Map<String, Double>> schedulerState = Map::of;
    private Consumer<Map<String, Double>> schedulerLoader = state -> { };
    private Rng rng;

    /**
     * @param file  the JSON file; the tensors lie beside it
     * @param model whose parameters and buffers are saved
     */
    public TrainingCheckpoint(Path file, Module model) {
        this.file = file;
        this.model = model;
    }

    /** Also saves the state of an optimizer. Returns this. */
    public TrainingCheckpoint optimizer(Optimizer saved) {
        this.optimizer = saved;
        return this;
    }

    /** Also saves the state of a learning-rate schedule. Returns this. */
    public TrainingCheckpoint scheduler(Scheduler saved) {
        this.schedulerState = saved::stateDict;
        this.schedulerLoader = saved::loadStateDict;
        return this;
    }

    /** Also saves the state of a learning-rate schedule. Returns this. */
    public TrainingCheckpoint scheduler(ReduceLROnPlateau saved) {
        this.schedulerState = saved::stateDict;
        this.schedulerLoader = saved::loadStateDict;
        return this;
    }

    /** Also saves the state of a random generator. Returns this. */
    public TrainingCheckpoint rng(Rng saved) {
        this.rng = saved;
        return this;
    }

    /** Whether there is something to restore. */
    public boolean exists() {
        return Files.isRegularFile(file);
    }

    /**
     * Saves, whole or not at all.
     *
     * @param epoch what {@link #restore} will return: how much was done, in units of the caller's choice
     */
    public void save(long epoch) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.stateDict().forEach((name, tensor) -> tensors.put(MODEL + name, tensor));
        OptimizerState state = optimizer == null ? new OptimizerState(Map.of(), Map.of()) : optimizer.stateDict();
        state.tensors().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
        String previous = exists() ? tensorsName(read()) : null;
        Path temporary = sibling("new");
        SafeTensors.write(temporary, tensors);
        String sum = sha256(temporary);
        Path target = sibling(sum.substring(0, 16));
        try {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw FileException.of("checkpoint", target, e);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("format", FORMAT);
        values.put("version", VERSION);
        values.put("epoch", epoch);
        values.put("tensors", target.getFileName().toString());
        values.put("sha256", sum);
        values.put("optimizer", texts(state.numbers()));
        values.put("scheduler", texts(schedulerState.get()));
        values.put("rng", rng == null ? List.of()
                : List.of(rng.state().seed(), rng.state().stream(), rng.state().position()));
        Json.write(file, values, JsonStyle.INDENTED);
        deleteOthers(previous, target);
    }

    private void deleteOthers(String previous, Path current) {
        if (previous != null && !previous.equals(current.getFileName().toString())) {
            try {
                Files.deleteIfExists(current.resolveSibling(previous));
            } catch (IOException e) {
                throw FileException.of("checkpoint", current.resolveSibling(previous), e);
            }
        }
    }

    /** {@code run.json} and {@code x} give {@code run-x.safetensors}. */
    private Path sibling(String suffix) {
        String name = file.getFileName().toString();
        String stem = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        return file.resolveSibling(stem + "-" + suffix + ".safetensors");
    }

    /** Numbers as texts: JSON has no infinity, which schedules use. */
    private static Map<String, Object> texts(Map<String, Double> numbers) {
        Map<String, Object> texts = new LinkedHashMap<>();
        numbers.forEach((name, value) -> texts.put(name, Double.isFinite(value) ? (Object) value : value.toString()));
        return texts;
    }

    /**
     * Puts everything back.
     *
     * @return the epoch that was saved
     * @throws FormatException when a file is damaged or belongs to another kind of run; nothing has changed then
     */
    public long restore() {
        JsonValue values = read();
        Path tensorsFile = file.resolveSibling(tensorsName(values));
        String sum = sha256(tensorsFile);
        if (!sum.equals(values.get("sha256").asString())) {
            throw new FormatException("checkpoint: " + tensorsFile + " is not the file that " + file
                    + " belongs to; got SHA-256 " + sum + "; expected " + values.get("sha256").asString());
        }
        Map<String, Tensor> modelState = new LinkedHashMap<>();
        Map<String, Tensor> optimizerTensors = new LinkedHashMap<>();
        SafeTensors.read(tensorsFile).forEach((name, tensor) -> {
            if (name.startsWith(MODEL)) {
                modelState.put(name.substring(MODEL.length()), tensor);
            } else if (name.startsWith(OPTIMIZER)) {
                optimizerTensors.put(name.substring(OPTIMIZER.length()), tensor);
            } else {
                throw new FormatException("checkpoint: " + tensorsFile + " has an unexpected entry; got " + name
                        + "; expected names that begin with " + MODEL + " or " + OPTIMIZER);
            }
        });
        Map<String, Double> optimizerNumbers = numbers(values.get("optimizer"));
        Map<String, Double> scheduler = numbers(values.get("scheduler"));
        Rng.State generator = generator(values.get("rng"));
        requireSame(values, "optimizer", !optimizerNumbers.isEmpty(), optimizer != null);
        requireSame(values, "scheduler", !scheduler.isEmpty(), !schedulerState.get().isEmpty());
        requireSame(values, "rng", generator != null, rng != null);
        model.loadStateDict(modelState);
        if (optimizer != null) {
            optimizer.loadStateDict(new OptimizerState(optimizerTensors, optimizerNumbers));
        }
        schedulerLoader.accept(scheduler);
        if (rng != null) {
            rng.restore(generator);
        }
        return values.get("epoch").asLong();
    }

    private static void requireSame(JsonValue values, String key, boolean saved, boolean wanted) {
        if (saved != wanted) {
            throw values.get(key).error(saved ? "was saved, but the run that restores has none" : "was not saved, but "
                    + "the run that restores has one");
        }
    }

    private JsonValue read() {
        JsonValue values = Json.read(file);
        if (!List.copyOf(values.keys()).equals(KEYS)) {
            throw values.error("has other keys than a checkpoint; got " + values.keys() + "; expected " + KEYS);
        }
        if (!values.get("format").asString().equals(FORMAT)) {
            throw values.get("format").error("is not that of a checkpoint; expected " + FORMAT);
        }
        if (values.get("version").asLong() != VERSION) {
            throw values.get("version").error("is unknown; expected " + VERSION);
        }
        return values;
    }

    /** A name without folders: a file beside the JSON file, whatever somebody wrote into it. */
    private static String tensorsName(JsonValue values) {
        JsonValue name = values.get("tensors");
        if (!name.asString().matches("[^/\\\\]+\\.safetensors")) {
            throw name.error("must name a safetensors file in the same folder; got " + name);
        }
        return name.asString();
    }

    private static Map<String, Double> numbers(JsonValue object) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        object.fields().forEach((name, value) -> {
            if (!value.isString()) {
                numbers.put(name, value.asDouble());
                return;
            }
            switch (value.asString()) {
                case "Infinity" -> numbers.put(name, Double.POSITIVE_INFINITY);
                case "-Infinity" -> numbers.put(name, Double.NEGATIVE_INFINITY);
                case "NaN" -> numbers.put(name, Double.NaN);
                default -> throw value.error("is no number; got " + value);
            }
        });
        return numbers;
    }

    private static Rng.State generator(JsonValue state) {
        if (state.size() == 0) {
            return null;
        }
        if (state.size() != 3) {
            throw state.error("must have 3 items; got " + state.size());
        }
        return new Rng.State(state.get(0).asLong(), state.get(1).asLong(), state.get(2).asLong());
    }

    private static String sha256(Path path) {
        try (var in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw FileException.of("checkpoint", path, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package org.bitgrid.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.Main;
import org.bitgrid.nn.Module;
import org.bitgrid.opencl.OpenCl;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.tensor.Tensor;

/** Where the project's sources and classes are. */
final class Project {
    /** The modules that depend on nothing but each other, in order of dependence. */
    static final List<String> CORE = List.of("tensor", "autograd", "nn", "quant");

    private static final Map<String, Class<?>> ONE_CLASS = new LinkedHashMap<>();

    static {
        ONE_CLASS.put("tensor", Tensor.class);
        ONE_CLASS.put("autograd", Autograd.class);
        ONE_CLASS.put("nn", Module.class);
        ONE_CLASS.put("quant", QuantScheme.class);
        ONE_CLASS.put("opencl-kernels", OpenCl.class);
        ONE_CLASS.put("cli", Main.class);
    }

    private Project() {
    }

    /** The project's folder: the first above the working directory that has the modules in it. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("tensor/src/main/java/module-info.java"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new AssertionError("the project's sources are not above " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    /** The folder of the module's sources. */
    static Path sources(String module) {
        return root().resolve(module).resolve("src/main/java");
    }

    /** The folder or jar of the module's classes. */
    static Path classes(String module) {
        return location(ONE_CLASS.get(module));
    }

    /** The folder of the module's classes, also when they were loaded from the jar beside it. */
    static Path classFolder(String module) {
        Path place = classes(module);
        return Files.isDirectory(place) ? place : place.resolveSibling("classes");
    }

    /** The folder or jar that a class was loaded from. */
    static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** All Java files below a folder, in order. */
    static List<Path> javaFiles(Path folder) {
        return filesBelow(folder).stream().filter(file -> file.toString().endsWith(".java")).toList();
    }

    static List<Path> filesBelow(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

package org.bitgrid.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jocl.CL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The modules as such: their size, their services, and that they start on the module path. */
class ModulesTest {
    private static final long MOST_BYTES = 2_000_000;
    private static final Pattern PROVIDES = Pattern.compile("provides\\s+([\\w.]+)\\s+with\\s+([\\w.,\\s]+);");

    @TempDir
    Path folder;

    @Test
    void coreJarsAreSmall() throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String module : Project.CORE) {
            sizes.put(module, jarSize(Project.classes(module)));
        }
        long sum = sizes.values().stream().mapToLong(Long::longValue).sum();
        System.out.println("bytes of the core jars: " + sizes + ", together " + sum);
        assertThat(sum).isLessThan(MOST_BYTES);
        assertThat(sum).isGreaterThan(100_000);
    }

    private static long jarSize(Path classes) throws IOException {
        if (Files.isRegularFile(classes)) {
            return Files.size(classes);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path file : Project.filesBelow(classes)) {
                zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return bytes.size();
    }

    /** Those on the class path find the same services as those on the module path. */
    @Test
    void servicesAreTheSameOnBothPaths() {
        int services = 0;
        for (String module : Project.CORE) {
            Matcher provides = PROVIDES.matcher(Project.text(Project.sources(module).resolve("module-info.java")));
            while (provides.find()) {
                services++;
                Path file = Project.root().resolve(module).resolve("src/main/resources/META-INF/services")
                        .resolve(provides.group(1));
                assertThat(file).exists();
                List<String> listed = Project.text(file).lines().filter(line -> !line.isBlank()).toList();
                List<String> provided = Arrays.stream(provides.group(2).split(",")).map(String::strip).toList();
                assertThat(listed).as(file.toString()).isEqualTo(provided);
            }
            long files = Project.filesBelow(Project.root().resolve(module).resolve(
                    "src/main/resources/META-INF/services")).size();
            assertThat(files).as("services of %s", module).isEqualTo(PROVIDES.matcher(Project.text(
                    Project.sources(module).resolve("module-info.java"))).results().count());
        }
        assertThat(services).isGreaterThanOrEqualTo(2);
    }

    /** Builds modules of the classes, compiling the descriptions, and starts the command on the module path. */
    @Test
    void startsOnTheModulePath() throws Exception {
        List<Path> path = new ArrayList<>(List.of(Project.location(CommandLine.class),
                Project.location(CL.class)));
        List<String> modules = new ArrayList<>(Project.CORE);
        modules.add("opencl-kernels");
        modules.add("cli");
        for (String module : modules) {
            path.add(described(module, path));
        }
        String version = start(path, "-m", "org.bitgrid.cli/org.bitgrid.cli.Main", "--version");
        assertThat(version).contains("bitgrid ");
        path.add(userModule(path));
        assertThat(start(path, "-m", "smoke/smoke.Main")).contains("gradient [2.0, 4.0]").contains("QuantScheme");
    }

    /** A user's module: computes, differentiates and names a class of each module. */
    private Path userModule(List<Path> path) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("smoke-sources/smoke"));
        Path description = Files.writeString(sources.resolveSibling("module-info.java"),
                "module smoke { requires org.bitgrid.quant; }");
        Path main = Files.writeString(sources.resolve("Main.java"), """
                package smoke;

                import java.util.Arrays;
                import org.bitgrid.nn.Sequential;
                import org.bitgrid.quant.QuantScheme;
                import org.bitgrid.tensor.Tensor;
                import org.bitgrid.tensor.Tensors;

                class Main {
                    public static void main(String[] arguments) {
                        Tensor x = Tensors.of(1f, 2f).requiresGrad(true);
                        x.square().sum().backward();
                        System.out.println("gradient " + Arrays.toString(x.grad().toFloatArray()));
                        System.out.println(Sequential.class.getSimpleName() + QuantScheme.class.getSimpleName());
                    }
                }
                """);
        Path target = folder.resolve("smoke");
        compile(target, path, description, main);
        return target;
    }

    /** The module's classes with its compiled description. */
    private Path described(String module, List<Path> path) throws IOException {
        Path classes = Project.classes(module);
        if (!Files.isDirectory(classes) || Files.exists(classes.resolve("module-info.class"))) {
            return classes;
        }
        Path target = folder.resolve(module);
        for (Path file : Project.filesBelow(classes)) {
            Path copy = target.resolve(classes.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        compile(target, path, Project.sources(module).resolve("module-info.java"));
        return target;
    }

    private static void compile(Path target, List<Path> path, Path... sources) {
        List<String> arguments = new ArrayList<>(List.of("-d", target.toString(), "--module-path",
                joined(path)));
        for (Path source : sources) {
            arguments.add(source.toString());
        }
        StringWriter messages = new StringWriter();
        int code = ToolProvider.findFirst("javac").orElseThrow().run(new PrintWriter(messages),
                new PrintWriter(messages), arguments.toArray(new String[0]));
        assertThat(code).as("javac of %s: %s", Arrays.toString(sources), messages).isZero();
    }

    private static String joined(List<Path> path) {
        return String.join(File.pathSeparator, path.stream().map(Path::toString).toList());
    }

    private static String start(List<Path> path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "--add-modules", "jdk.incubator.vector", "-p", joined(path)));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}

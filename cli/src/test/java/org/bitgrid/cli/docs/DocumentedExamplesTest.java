package org.bitgrid.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.bitgrid.autograd.Autograd;
import org.bitgrid.cli.Main;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs every Java block of the README and of {@code docs/}. A block is a whole file when it has a
 * {@code main}, else statements. Imports of Bitgrid and of the usual Java packages need not be written. A block after a
 * comment {@code <!-- not run: reason -->} is compiled nowhere; how many there are is printed. Statements in a comment
 * that begins with the line {@code <!-- given} come before those of the block.
 *
 * <p>Where a block is followed by a {@code text} block after the line {@code prints}, its output must be just that.
 */
class DocumentedExamplesTest {
    private static final Pattern BLOCK = Pattern.compile("(<!-- not run: [^>]*-->\\s*\\n)?(?:<!-- given\\n(.*?)-->\\s*\\n)?"
            + "```java\\n(.*?)```(\\s*\\nprints\\s*\\n+```text\\n(.*?)```)?", Pattern.DOTALL);
    private static final List<String> PACKAGES = List.of("java.nio.file", "java.util", "org.bitgrid.autograd", "org.bitgrid.nn",
            "org.bitgrid.nn.data", "org.bitgrid.nn.debug", "org.bitgrid.nn.graph", "org.bitgrid.nn.init", "org.bitgrid.nn.io",
            "org.bitgrid.nn.optim", "org.bitgrid.quant", "org.bitgrid.quant.config", "org.bitgrid.quant.encoding",
            "org.bitgrid.quant.export", "org.bitgrid.quant.fold", "org.bitgrid.quant.layers", "org.bitgrid.quant.observe",
            "org.bitgrid.quant.prepare", "org.bitgrid.quant.ptq", "org.bitgrid.quant.quantizer", "org.bitgrid.quant.sim",
            "org.bitgrid.tensor", "org.bitgrid.tensor.spi");

    @TempDir
    private static Path folder;

    private record Example(String name, String code, String output) {
    }

    private static Path root() {
        return Files.exists(Path.of("README.md")) ? Path.of("") : Path.of("..");
    }

    private static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>(List.of(root().resolve("README.md")));
        try (Stream<Path> files = Files.walk(root().resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(found::add);
        }
        return found;
    }

    @TestFactory
    List<DynamicTest> everyExampleCompilesAndRuns() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        int notRun = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher matcher = BLOCK.matcher(text);
            while (matcher.find()) {
                if (matcher.group(1) != null) {
                    notRun++;
                    continue;
                }
                int line = (int) text.substring(0, matcher.start(3)).lines().count() + 1;
                String given = matcher.group(2) == null ? "" : matcher.group(2);
                Example example = new Example("Example" + tests.size(), given + matcher.group(3), matcher.group(5));
                tests.add(DynamicTest.dynamicTest(root().relativize(document) + ":" + line, () -> check(example)));
            }
        }
        System.out.println("examples in documents: " + tests.size() + " run, " + notRun + " marked as not to be run");
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void check(Example example) throws Exception {
        String output = run(example);
        if (example.output() != null) {
            assertThat(output).isEqualTo(example.output());
        }
    }

    private static String source(Example example) {
        StringBuilder source = new StringBuilder();
        String code = example.code();
        StringBuilder body = new StringBuilder();
        code.lines().forEach(line -> (line.startsWith("import ") ? source : body).append(line).append('\n'));
        PACKAGES.forEach(name -> source.append(exists(name)
                ? "import " + name + ".*;\n" : ""));
        // Two packages have a class of this name; the network's is meant.
        source.append("import org.bitgrid.nn.Module;\n");
        if (code.contains("static void main(")) {
            return source.append(body).toString();
        }
        return source.append("class Statements {\n    static void main(String[] arguments) throws Exception {\n")
                .append(body).append("    }\n}\n").toString();
    }

    private static boolean exists(String packageName) {
        return packageName.startsWith("java.")
                || DocumentedExamplesTest.class.getClassLoader().getResource(packageName.replace('.', '/')) != null;
    }

    /** Where the libraries' classes come from, whoever started this test. */
    private static String classPath() {
        return Stream.of(Tensor.class, Autograd.class, Module.class, QuantScheme.class, Main.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String run(Example example) throws Exception {
        Path classes = Files.createDirectories(folder.resolve(example.name()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String source = source(example);
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + example.name() + ".java"),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }

            @Override
            public boolean isNameCompatible(String simpleName, Kind kind) {
                return true;
            }
        };
        boolean compiled = compiler.getTask(messages, null, null, List.of("-d", classes.toString(), "-proc:none",
                "-classpath", classPath()), null, List.of(file)).call();
        assertThat(compiled).as("%s%n%s", messages, source).isTrue();
        Matcher main = Pattern.compile("class (\\w+)[^{]*\\{(?:(?!\\nclass ).)*?static void main\\(", Pattern.DOTALL)
                .matcher(source);
        String type = "Statements";
        while (main.find()) {
            type = main.group(1);
        }
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()},
                DocumentedExamplesTest.class.getClassLoader())) {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            var method = loader.loadClass(type).getDeclaredMethod("main", String[].class);
            method.setAccessible(true);
            method.invoke(null, (Object) new String[] {folder.toString()});
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}

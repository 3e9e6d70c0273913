package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.OperatorDocs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in docs/adding-an-operator.md compiles, runs and prints what it says. */
class AddingAnOperatorTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("public (?:record|class) (\\w+)");

    @TempDir
    Path folder;

    @Test
    void exampleRuns() throws Exception {
        String document = Files.readString(OperatorDocs.file().resolveSibling("adding-an-operator.md"));
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-cp", classPath(Tensor.class, Autograd.class),
                "-d", folder.toString()));
        Matcher blocks = BLOCK.matcher(document);
        while (blocks.find()) {
            Matcher type = TYPE.matcher(blocks.group(1));
            assertThat(type.find()).isTrue();
            arguments.add(Files.writeString(folder.resolve(type.group(1) + ".java"), blocks.group(1)).toString());
        }
        StringWriter messages = new StringWriter();
        PrintWriter writer = new PrintWriter(messages);
        int code = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(new String[0]));
        assertThat(code).as(messages.toString()).isZero();
        assertThat(output()).isEqualToNormalizingNewlines("""
                [5.0, 13.0]
                [0.6, 0.3846154]
                hypot: right operand has the wrong shape; got (3,); expected (2,)
                """);
    }

    private String output() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()},
                AddingAnOperatorTest.class.getClassLoader())) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            loader.loadClass("HypotExample").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String classPath(Class<?>... types) throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> type : types) {
            places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
        }
        return String.join(File.pathSeparator, places);
    }
}

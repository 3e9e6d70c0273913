package org.bitgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the script {@code bitgrid} in a made-up checkout, with a made-up Java and a made-up Maven that write down how they
 * were called.
 */
class LauncherTest {
    private static final int LAUNCHER_FAILURE = 3;

    @TempDir
    private Path folder;
    private Path checkout;
    private Path tools;

    private record Outcome(int exitCode, String out, String err) {
    }

    @BeforeEach
    void makeCheckout() throws IOException {
        assumeThat(Files.isExecutable(Path.of("/bin/sh"))).as("there is a POSIX shell").isTrue();
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        Files.copy(launcher(), checkout.resolve("bitgrid"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(checkout.resolve("pom.xml"), "");
        for (String module : List.of("tensor", "autograd", "nn", "quant", "cli")) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main/java"));
            Files.writeString(checkout.resolve(module).resolve("pom.xml"), "");
        }
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sh", "sed", "head", "dirname", "find", "readlink", "mkdir", "tr", "rm", "mv", "cat",
                "touch")) {
            script(tools.resolve(tool), "exec " + find(tool) + " \"$@\"");
        }
    }

    private static Path launcher() {
        Path script = Path.of("bitgrid");
        return (Files.exists(script) ? script : Path.of("..").resolve(script)).toAbsolutePath().normalize();
    }

    private static Path find(String tool) {
        return List.of("/bin", "/usr/bin").stream().map(place -> Path.of(place, tool)).filter(Files::exists).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + tool));
    }

    /** A folder like a JDK's whose java writes its arguments, one a line. */
    private Path makeJava(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("java " + version));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "printf '%s\\n' \"$@\"; exit 7");
        script(home.resolve("bin/javac"), "exit 0");
        return home;
    }

    /** A Maven that makes the jar, and writes its JAVA_HOME and arguments to {@code calls}. */
    private void makeMaven(String body) throws IOException {
        script(tools.resolve("mvn"), "echo \"$JAVA_HOME $*\" >>'" + folder.resolve("calls") + "'; " + body);
    }

    private String makeJar() {
        return "touch '" + jar() + "'";
    }

    private Path jar() {
        return checkout.resolve("cli/target/bitgrid.jar");
    }

    private static void script(Path path, String body) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private Outcome run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        return run(checkout.resolve("bitgrid"), environment, arguments);
    }

    private void existingJar() throws IOException {
        Files.createDirectories(jar().getParent());
        Files.writeString(jar(), "");
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().plusSeconds(60)));
    }

    @Test
    void withoutAnyJavaItSaysWhatIsMissing() throws Exception {
        Outcome outcome = run(Map.of());
        assertThat(outcome.exitCode()).isEqualTo(LAUNCHER_FAILURE);
        assertThat(outcome.err()).isEqualTo("bitgrid: launcher: no usable Java; got PATH: no java; expected version 17 or "
                + "newer; install a JDK or point JAVA_HOME at one\n");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void aWrongJavaHomeIsNamed() throws Exception {
        Outcome outcome = run(Map.of("JAVA_HOME", folder.resolve("nowhere").toString()));
        assertThat(outcome.exitCode()).isEqualTo(LAUNCHER_FAILURE);
        assertThat(outcome.err()).contains("JAVA_HOME: no executable " + folder.resolve("nowhere/bin/java"));
    }

    @Test
    void anOldJavaIsRefusedWithItsVersion() throws Exception {
        for (String[] version : new String[][] {{"1.8.0_292", "8"}, {"11.0.2", "11"}, {"16", "16"}}) {
            Outcome outcome = run(Map.of("JAVA_HOME", makeJava(version[0]).toString()));
            assertThat(outcome.exitCode()).isEqualTo(LAUNCHER_FAILURE);
            assertThat(outcome.err()).contains("is version " + version[1] + ";", "expected version 17 or newer")
                    .hasLineCount(1);
        }
    }

    @Test
    void aJavaWithoutAReleaseFileIsAskedForItsVersion() throws Exception {
        Path home = makeJava("any");
        Files.delete(home.resolve("release"));
        script(home.resolve("bin/java"), "echo 'Picked up JAVA_TOOL_OPTIONS: -Dx' >&2; "
                + "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        Outcome outcome = run(Map.of("JAVA_HOME", home.toString()));
        assertThat(outcome.err()).contains("is version 11;");
    }

    @Test
    void anOldJavaHomeGivesWayToANewerJavaOnThePath() throws Exception {
        existingJar();
        Files.createSymbolicLink(tools.resolve("java"), makeJava("21.0.1").resolve("bin/java"));
        script(folder.resolve("java 21.0.1/bin/java"), "if [ \"$1\" = -version ]; then "
                + "echo 'openjdk version \"21.0.1\" 2023-10-17' >&2; else exit 7; fi");
        Outcome outcome = run(Map.of("JAVA_HOME", makeJava("11").toString()));
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("passing over JAVA_HOME: ", "is version 11; using " + tools.resolve("java"));
    }

    @Test
    void withoutMavenItSaysSo() throws Exception {
        Outcome outcome = run(Map.of("JAVA_HOME", makeJava("17.0.1").toString()));
        assertThat(outcome.exitCode()).isEqualTo(LAUNCHER_FAILURE);
        assertThat(outcome.err()).contains("build: the command mvn is not on the PATH").hasLineCount(1);
    }

    @Test
    void withoutACompilerItSaysSo() throws Exception {
        Path home = makeJava("17.0.1");
        Files.delete(home.resolve("bin/javac"));
        script(home.resolve("bin/java"), "echo '    java.home = " + home + "' >&2");
        Outcome outcome = run(Map.of("JAVA_HOME", home.toString()));
        assertThat(outcome.exitCode()).isEqualTo(LAUNCHER_FAILURE);
        assertThat(outcome.err()).contains("has no compiler beside it; expected a JDK of version 17 or newer");
    }

    @Test
    void aFailedBuildShowsMavensMessagesOnStandardError() throws Exception {
        makeMaven("echo 'COMPILATION ERROR'; exit 1");
        Outcome outcome = run(Map.of("JAVA_HOME", makeJava("17.0.1").toString()));
        assertThat(outcome.exitCode()).isEqualTo(LAUNCHER_FAILURE);
        assertThat(outcome.err()).contains("COMPILATION ERROR", "build: Maven failed");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void aMissingJarIsBuiltOnceWithTheJavaInUse() throws Exception {
        makeMaven(makeJar());
        Path home = makeJava("17.0.1");
        for (int i = 0; i < 2; i++) {
            Outcome outcome = run(Map.of("JAVA_HOME", home.toString()), "doctor", "two words", "*", "");
            assertThat(outcome.exitCode()).as("the exit code of Java").isEqualTo(7);
            assertThat(outcome.out()).isEqualTo(String.join("\n", "-Xmx2g", "-XX:+UseParallelGC", "--add-modules",
                    "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                    "-Djava.library.path=/.cache/bitgrid/native", "-Dbitgrid.terminal=false", "-jar",
                    jar().toString(), "doctor", "two words", "*", "", ""));
        }
        assertThat(Files.readAllLines(folder.resolve("calls"))).singleElement().asString()
                .startsWith(home + " -q -B -f " + checkout.resolve("pom.xml"));
    }

    @Test
    void aChangedSourceLeadsToANewBuild() throws Exception {
        makeMaven(makeJar());
        Path home = makeJava("17.0.1");
        existingJar();
        run(Map.of("JAVA_HOME", home.toString()));
        assertThat(folder.resolve("calls")).doesNotExist();
        for (String changed : List.of("pom.xml", "nn/pom.xml", "tensor/src/main/java")) {
            Files.deleteIfExists(folder.resolve("calls"));
            Files.setLastModifiedTime(checkout.resolve(changed), FileTime.from(Instant.now().plusSeconds(120)));
            Outcome outcome = run(Map.of("JAVA_HOME", home.toString()));
            assertThat(outcome.err()).isEqualTo("bitgrid: sources have changed; building\n");
            assertThat(folder.resolve("calls")).exists();
            Files.setLastModifiedTime(checkout.resolve(changed), FileTime.from(Instant.EPOCH));
        }
    }

    @Test
    void optionsForJavaComeLastAndMayChooseTheCollector() throws Exception {
        existingJar();
        Outcome outcome = run(Map.of("JAVA_HOME", makeJava("17.0.1").toString(), "BITGRID_JAVA_OPTS",
                "-Xmx8g  -XX:+UseG1GC -Dstar=*"));
        assertThat(outcome.out()).isEqualTo(String.join("\n", "-Xmx2g", "--add-modules", "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "-Djava.library.path=/.cache/bitgrid/native",
                "-Dbitgrid.terminal=false", "-Xmx8g", "-XX:+UseG1GC", "-Dstar=*", "-jar", jar().toString(), ""));
    }

    @Test
    void itFindsItsCheckoutThroughLinks() throws Exception {
        existingJar();
        Path place = Files.createDirectories(folder.resolve("some bin"));
        Files.createSymbolicLink(place.resolve("first"), Path.of("../a checkout/bitgrid"));
        Files.createSymbolicLink(folder.resolve("second"), place.resolve("first"));
        Outcome outcome = run(folder.resolve("second"), Map.of("JAVA_HOME", makeJava("17.0.1").toString()));
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("-jar\n" + jar().toRealPath());
    }
}

package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.DeviceException;
import org.jocl.CL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** jocl's native library: taken out of its jar, checked, and never written where others can write. */
class ClLibraryTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"Linux, amd64, libJOCL_2_0_6-linux-x86_64.so", "Linux, aarch64, libJOCL_2_0_6-linux-arm64.so",
            "Mac OS X, aarch64, libJOCL_2_0_6-apple-arm64.dylib", "Mac OS X, x86_64, libJOCL_2_0_6-apple-x86_64.dylib",
            "Windows 11, amd64, JOCL_2_0_6-windows-x86_64.dll"})
    void everyLibraryOfJoclIsExtracted(String system, String processor, String expected) throws IOException {
        String name = ClLibrary.fileName(system, processor);
        assertThat(name).isEqualTo(expected);
        ClLibrary.extract(folder, name);
        assertThat(folder.resolve(name)).isNotEmptyFile();
    }

    @Test
    void otherSystemsAreRefused() {
        assertThatThrownBy(() -> ClLibrary.fileName("Linux", "riscv64")).isInstanceOf(DeviceException.class)
                .hasMessageContaining("Linux on riscv64");
    }

    @Test
    void aWrongFileIsReplaced() throws IOException {
        String name = ClLibrary.fileName("Linux", "amd64");
        Path library = ClLibrary.extract(folder, name).resolve(name);
        byte[] whole = Files.readAllBytes(library);
        byte[] changed = whole.clone();
        changed[changed.length / 2] ^= 1;
        Files.write(library, changed);
        ClLibrary.extract(folder, name);
        assertThat(library).hasBinaryContent(whole);
    }

    @Test
    void theFolderIsItsOwnersAlone() throws IOException {
        Path own = folder.resolve("new");
        ClLibrary.extract(own, ClLibrary.fileName("Linux", "amd64"));
        if (own.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own))).isEqualTo("rwx------");
        }
    }

    @Test
    void firstStartsAtTheSameTimeLeaveOneWholeFile() throws Exception {
        String name = ClLibrary.fileName("Linux", "amd64");
        Path own = folder.resolve("new");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Path>> starts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            starts.add(threads.submit(() -> ClLibrary.extract(own, name)));
        }
        for (Future<Path> start : starts) {
            assertThat(start.get(30, TimeUnit.SECONDS)).isEqualTo(own);
        }
        threads.shutdown();
        try (Stream<Path> files = Files.list(own)) {
            assertThat(files).containsExactly(own.resolve(name));
        }
    }

    /** Run in a Java of its own by the test below. */
    static final class Start {
        private Start() {
        }

        public static void main(String[] arguments) {
            System.out.println("none because: " + OpenCl.whyNone());
        }
    }

    /** The folder or jar that a class was loaded from, however the tests were started. */
    private static String placeOf(Class<?> type) throws Exception {
        String name = type.getName().replace('.', '/') + ".class";
        URI place = type.getResource("/" + name).toURI();
        if (place.getScheme().equals("jar")) {
            String inside = place.getSchemeSpecificPart();
            return Path.of(URI.create(inside.substring(0, inside.indexOf("!/")))).toString();
        }
        String path = Path.of(place).toString();
        return path.substring(0, path.length() - name.length() - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsWrittenToTheSharedTemporaryFolder(boolean onLibraryPath) throws Exception {
        OnDevice.assumeThereIsOne();
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path cache = folder.resolve("cache");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary, "-cp", String.join(File.pathSeparator,
                placeOf(Start.class), placeOf(OpenCl.class), placeOf(CL.class), placeOf(Device.class))));
        if (onLibraryPath) {
            command.add(1, "-Djava.library.path=" + cache.resolve("bitgrid").resolve("native"));
        }
        command.add("--add-modules=jdk.incubator.vector");
        command.add(Start.class.getName());
        Path output = folder.resolve("output");
        ProcessBuilder start = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        start.environment().put("XDG_CACHE_HOME", cache.toString());
        Process process = start.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).content().contains("none because: null");
        assertThat(cache.resolve("bitgrid").resolve("native").resolve(ClLibrary.fileName())).isNotEmptyFile();
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).isEmpty();
        }
    }
}

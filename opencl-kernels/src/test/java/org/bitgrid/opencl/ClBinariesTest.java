package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jocl.cl_context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled programs on disk: used again, and never trusted. */
class ClBinariesTest {
    private static final ClSource PROGRAM = new ClSource("cache test",
            "__kernel void once(__global float* x) { x[get_global_id(0)] = 1.0f; }\n", "");
    private static final String KEY = "0123456789abcdef";

    @TempDir
    private Path folder;

    private byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + seed);
        }
        return bytes;
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void givesBackWhatItKept() {
        ClBinaries binaries = new ClBinaries(folder, ClBinaries.LIMIT);
        assertThat(binaries.find(KEY)).isNull();
        binaries.keep(KEY, bytes(1000, 1));
        assertThat(binaries.find(KEY)).isEqualTo(bytes(1000, 1));
    }

    @Test
    void everyChangedByteAndEveryTruncationIsFound() throws IOException {
        ClBinaries binaries = new ClBinaries(folder, ClBinaries.LIMIT);
        binaries.keep(KEY, bytes(40, 2));
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 4;
            Files.write(file, changed);
            assertThat(binaries.find(KEY)).as("byte %d changed", i).isNull();
            assertThat(file).doesNotExist();
            Files.write(file, Arrays.copyOf(whole, i));
            assertThat(binaries.find(KEY)).as("cut to %d bytes", i).isNull();
        }
    }

    @Test
    void theLeastRecentlyUsedGoFirst() throws IOException {
        ClBinaries binaries = new ClBinaries(folder, 2500);
        binaries.keep("a", bytes(1000, 1));
        binaries.keep("b", bytes(1000, 2));
        Files.setLastModifiedTime(folder.resolve("a.clbin"), FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(folder.resolve("b.clbin"), FileTime.fromMillis(2_000));
        assertThat(binaries.find("a")).isNotNull(); // now b was not used for longer
        binaries.keep("c", bytes(1000, 3));
        assertThat(binaries.find("b")).isNull();
        assertThat(binaries.find("a")).isNotNull();
        assertThat(binaries.find("c")).isNotNull();
    }

    @Test
    void keepsNothingWhenOff() {
        ClBinaries off = new ClBinaries(null, ClBinaries.LIMIT);
        off.keep(KEY, bytes(10, 1));
        assertThat(off.find(KEY)).isNull();
    }

    private int compilations(ClSource source) {
        OnDevice.assumeThereIsOne();
        ClDevice device = ClDevices.get(0);
        JoclApi api = new JoclApi();
        cl_context context = api.createContext(device.platform(), device.id());
        ClPrograms programs = new ClPrograms(api, context, device, new ClBinaries(folder, ClBinaries.LIMIT));
        assertThat(programs.kernel(source, "once")).isNotNull();
        return programs.compilations();
    }

    @Test
    void aProgramIsCompiledOnce() {
        assertThat(compilations(PROGRAM)).isEqualTo(1);
        assertThat(compilations(PROGRAM)).isZero();
    }

    @Test
    void aBinaryThatTheDriverRefusesIsCompiledAgain() throws IOException {
        assertThat(compilations(PROGRAM)).isEqualTo(1);
        String name = onlyFile().getFileName().toString();
        String key = name.substring(0, name.indexOf('.'));
        new ClBinaries(folder, ClBinaries.LIMIT).keep(key, bytes(300, 9)); // right checksum, but no program
        assertThat(compilations(PROGRAM)).isEqualTo(1);
        assertThat(compilations(PROGRAM)).isZero();
    }

    @Test
    void aBuildErrorQuotesTheSource() {
        ClSource broken = new ClSource("broken.cl", "__kernel void once(__global float* x) { x[0] = missing; }\n", "");
        assertThatThrownBy(() -> compilations(broken)).isInstanceOf(ClBuildException.class)
                .hasMessageContaining("broken.cl failed to build")
                .hasMessageContaining("x[0] = missing; }");
    }

    @Test
    void quotesTheLinesThatTheLogNames() {
        assertThat(ClBuildException.quote("one\n  two\nthree", "<kernel>:2:5: error: no\nx.cl:9:1: warning: far"))
                .isEqualTo("\n  line 2: two");
    }
}

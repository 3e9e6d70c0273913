package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void replacesTheWholeFile() throws IOException {
        Path file = folder.resolve("deep/er/a.txt");
        AtomicFiles.write(file, "a long first version");
        AtomicFiles.write(file, "second");
        assertThat(file).hasContent("second");
        assertThat(file.getParent()).isDirectoryContaining(found -> found.equals(file));
        assertThat(Files.list(file.getParent())).hasSize(1);
    }

    @Test
    void failureLeavesTheOldFileAndNothingElse() {
        Path file = folder.resolve("a.txt");
        AtomicFiles.write(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
            out.write("half".getBytes());
            throw new IOException("disk full");
        })).isInstanceOf(FileException.class).hasMessage("AtomicFiles.write: disk full; got " + file);
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
            throw new IllegalStateException("bug");
        })).isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(found -> !found.equals(file));
    }
}

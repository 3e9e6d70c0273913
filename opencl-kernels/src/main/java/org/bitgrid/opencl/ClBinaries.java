package org.bitgrid.opencl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiled programs on disk, one file each: a line that names the format, the SHA-256 of what follows in hexadecimal
 * digits, a line feed, the binary as the driver gave it. Only a help: whatever fails here costs a compilation.
 * {@code -Dbitgrid.opencl.cache} names another folder, or is {@code off}.
 */
final class ClBinaries {
    /** Bytes of all files together; those that were not used for longest go first. */
    static final long LIMIT = 256L << 20;
    private static final System.Logger LOG = System.getLogger("org.bitgrid.opencl");
    private static final String FORMAT = "bitgrid-opencl-1\n";
    private static final int HEADER = FORMAT.length() + 64 + 1;
    private static final String SUFFIX = ".clbin";

    /** Null when nothing is kept. */
    private final Path folder;
    private final long limit;

    ClBinaries(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    static ClBinaries ofProperty() {
        String chosen = System.getProperty("bitgrid.opencl.cache", "");
        Path folder = chosen.equals("off") ? null : chosen.isEmpty() ? ClCache.folder("opencl") : Path.of(chosen);
        return new ClBinaries(folder, LIMIT);
    }

    /** Different for everything that may change what a compiler makes. The source holds all our own code. */
    static String key(ClDevice device, String source, String options) {
        String all = String.join("\0", FORMAT, device.platformName(), device.name(), device.version(), device.driver(),
                options, source);
        return ClLibrary.checksum(all.getBytes(StandardCharsets.UTF_8));
    }

    /** The binary kept under this key, or null. A damaged file is removed. */
    byte[] find(String key) {
        if (folder == null) {
            return null;
        }
        Path file = file(key);
        try {
            if (!Files.isRegularFile(file)) {
                return null;
            }
            byte[] content = Files.readAllBytes(file);
            byte[] binary = content.length <= HEADER ? null : Arrays.copyOfRange(content, HEADER, content.length);
            if (binary == null || !Arrays.equals(header(binary), Arrays.copyOf(content, HEADER))) {
                discard(key, "its checksum is wrong");
                return null;
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return binary;
        } catch (IOException failed) {
            log(file, failed.toString());
            return null;
        }
    }

    /** Removes a file that is of no use and says so. */
    void discard(String key, String why) {
        log(file(key), why);
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException failed) {
            log(file(key), failed.toString());
        }
    }

    void keep(String key, byte[] binary) {
        if (folder == null || binary.length == 0) {
            return;
        }
        try {
            ClCache.createPrivate(folder);
            ByteArrayOutputStream content = new ByteArrayOutputStream(HEADER + binary.length);
            content.writeBytes(header(binary));
            content.writeBytes(binary);
            ClCache.write(file(key), content.toByteArray());
            removeOldest();
        } catch (IOException failed) {
            log(file(key), failed.toString());
        }
    }

    private record Kept(Path file, long bytes, FileTime used) {
    }

    private void removeOldest() throws IOException {
        List<Kept> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.filter(each -> each.toString().endsWith(SUFFIX))::iterator) {
                all.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
            }
        }
        all.sort(Comparator.comparing(Kept::used));
        long total = all.stream().mapToLong(Kept::bytes).sum();
        for (Kept oldest : all) {
            if (total <= limit) {
                return;
            }
            Files.deleteIfExists(oldest.file());
            total -= oldest.bytes();
        }
    }

    private Path file(String key) {
        return folder.resolve(key + SUFFIX);
    }

    private static byte[] header(byte[] binary) {
        return (FORMAT + ClLibrary.checksum(binary) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static void log(Path file, String why) {
        LOG.log(System.Logger.Level.INFO, "opencl: not using the compiled program {0}: {1}; compiling it", file, why);
    }
}

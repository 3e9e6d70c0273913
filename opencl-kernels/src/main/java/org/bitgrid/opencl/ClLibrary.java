package org.bitgrid.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.bitgrid.tensor.DeviceException;
import org.jocl.CL;

/**
 * Makes jocl's native library available before jocl's first class loads. jocl itself would write it under a fixed name
 * into the temporary folder that all users share, and load whatever it finds there. So it is extracted into a folder of
 * the user's own, its checksum compared with the one known here, at every start.
 *
 * <p>jocl finds it there through {@code java.library.path}, which the launcher sets. Java reads that property once, when
 * it starts; a program started without it has jocl look for its "temporary" file in that same folder instead, by
 * pointing {@code java.io.tmpdir} there for the moment of loading.
 */
final class ClLibrary {
    /** SHA-256 of the libraries in jocl 2.0.6. */
    private static final Map<String, String> CHECKSUMS = Map.of(
            "JOCL_2_0_6-windows-x86_64.dll", "528cff4e285023cc890db442abc266e80eafb5cbad14b4833eb4a798636ac56f",
            "libJOCL_2_0_6-apple-arm64.dylib", "c22fcb90d5bea8337cfbba21626ed73122bba34a20b502f5469fa1b80a02ab15",
            "libJOCL_2_0_6-apple-x86_64.dylib", "12175668829cca8f70e831fad546520ca7feb6320c42f28c301392821b17ed65",
            "libJOCL_2_0_6-linux-arm64.so", "841f10b3524448d3881e1969efb7194903ae94a5eb163fea02b8529064285dbc",
            "libJOCL_2_0_6-linux-x86_64.so", "3c1e47b563872984e1c9ac527a2e9e7b6aed4e31be0af708d852728af56c3ad5");
    private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

    private ClLibrary() {
    }

    /**
     * Loads the library.
     *
     * @throws DeviceException   when there is none for this system, or it cannot be extracted
     * @throws UnsatisfiedLinkError when the system has no OpenCL loader
     */
    static synchronized void load() {
        Path folder = extract(ClCache.folder("native"), fileName());
        String before = System.getProperty(TEMPORARY_FOLDER);
        System.setProperty(TEMPORARY_FOLDER, folder.toString());
        try {
            CL.setExceptionsEnabled(true); // has the class loaded, and with it the library
        } finally {
            System.setProperty(TEMPORARY_FOLDER, before);
        }
    }

    /** The library's name on this system. */
    static String fileName() {
        return fileName(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static String fileName(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT);
        String arch = processor.equals("aarch64") || processor.equals("arm64") ? "arm64"
                : processor.equals("amd64") || processor.equals("x86_64") ? "x86_64" : processor;
        String name = os.startsWith("windows") ? "JOCL_2_0_6-windows-" + arch + ".dll"
                : os.startsWith("mac") ? "libJOCL_2_0_6-apple-" + arch + ".dylib"
                : "libJOCL_2_0_6-linux-" + arch + ".so";
        if (!CHECKSUMS.containsKey(name)) {
            throw new DeviceException("opencl: jocl has no library for this system; got " + system + " on " + processor
                    + "; expected one of " + CHECKSUMS.keySet().stream().sorted().toList());
        }
        return name;
    }

    /** Puts the library into the folder unless it is there already, whole and unchanged. Returns the folder. */
    static Path extract(Path folder, String name) {
        String expected = CHECKSUMS.get(name);
        try {
            ClCache.createPrivate(folder);
            Path target = folder.resolve(name);
            if (Files.isRegularFile(target) && expected.equals(checksum(Files.readAllBytes(target)))) {
                return folder;
            }
            byte[] library = resource(name);
            if (!expected.equals(checksum(library))) {
                throw new DeviceException("opencl: jocl's library " + name + " has the wrong checksum; got "
                        + checksum(library) + "; expected " + expected + "; use jocl 2.0.6");
            }
            ClCache.write(target, library);
            return folder;
        } catch (IOException failed) {
            throw new DeviceException("opencl: cannot extract jocl's library to " + folder + "; got "
                    + failed.getMessage() + "; make the folder writable, or set XDG_CACHE_HOME to one that is");
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ClLibrary.class.getClassLoader().getResourceAsStream("lib/" + name)) {
            if (in == null) {
                throw new IOException("no resource lib/" + name);
            }
            return in.readAllBytes();
        }
    }

    static String checksum(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

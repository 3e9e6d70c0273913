package org.bitgrid.nn.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A zip file whose entries are read whole, with their sizes and checksums checked. */
final class ZipArchive implements AutoCloseable {
    /** Deflate cannot shrink data further than this; an entry that claims more lies about its size. */
    private static final long MOST_SHRINKING = 1032;
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private final String operation;
    private final Path path;
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    private ZipArchive(String operation, Path path, ZipFile zip) {
        this.operation = operation;
        this.path = path;
        this.zip = zip;
    }

    /**
     * Opens an archive.
     *
     * @param operation begins error messages
     */
    static ZipArchive open(String operation, Path path) {
        ZipFile zip = null;
        boolean usable = false;
        try {
            zip = new ZipFile(path.toFile());
            ZipArchive archive = new ZipArchive(operation, path, zip);
            archive.list();
            usable = true;
            return archive;
        } catch (ZipException | IllegalArgumentException e) {
            throw new FormatException(operation + ": " + path + " is no sound zip file; got "
                    + oneLine(e.getMessage()), e);
        } catch (IOException e) {
            throw FileException.of(operation, path, e);
        } finally {
            if (!usable && zip != null) {
                closeQuietly(zip);
            }
        }
    }

    private static void closeQuietly(ZipFile zip) {
        try {
            zip.close();
        } catch (IOException e) {
            // The error that made the file unusable is on its way; this one would only hide it.
            return;
        }
    }

    private static String oneLine(String text) {
        return text == null ? "nothing more is known" : text.replaceAll("\\s+", " ");
    }

    private void list() {
        Enumeration<? extends ZipEntry> all = zip.entries();
        while (all.hasMoreElements()) {
            ZipEntry entry = all.nextElement();
            if (!entry.isDirectory() && entries.put(entry.getName(), entry) != null) {
                throw fault("has two entries of one name; got " + oneLine(entry.getName()));
            }
        }
    }

    FormatException fault(String fault) {
        return new FormatException(operation + ": " + path + " " + fault);
    }

    /** Names of the entries, folders left out, in the order of the directory. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Size in bytes that the directory gives for an entry. */
    long size(String name) {
        return entry(name).getSize();
    }

    private ZipEntry entry(String name) {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            throw fault("lacks an entry; got " + entries.size() + " entries; expected one named " + oneLine(name));
        }
        return entry;
    }

    /** The contents of an entry. */
    byte[] read(String name) {
        ZipEntry entry = entry(name);
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        long most = entry.getMethod() == ZipEntry.STORED ? packed : MOST_SHRINKING * (packed + 1);
        if (size < 0 || size > Math.min(most, MOST_BYTES)) {
            throw fault("gives a wrong size for entry " + oneLine(name) + "; got " + size + " bytes; expected at most "
                    + Math.min(most, MOST_BYTES));
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes((int) size); // takes memory as bytes come, not as the directory promises
            if (bytes.length < size || in.read() >= 0) {
                throw fault("has an entry of another length than it says: " + oneLine(name) + "; expected " + size
                        + " bytes");
            }
        } catch (ZipException | IllegalArgumentException | EOFException e) {
            throw new FormatException(operation + ": " + path + " has a damaged entry " + oneLine(name) + "; got "
                    + oneLine(e.getMessage()), e);
        } catch (IOException e) {
            throw FileException.of(operation, path, e);
        }
        CRC32 sum = new CRC32();
        sum.update(bytes);
        if (entry.getCrc() >= 0 && sum.getValue() != entry.getCrc()) {
            throw fault("has a damaged entry " + oneLine(name) + "; got checksum " + Long.toHexString(sum.getValue())
                    + "; expected " + Long.toHexString(entry.getCrc()));
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw FileException.of(operation, path, e);
        }
    }
}

package org.bitgrid.nn.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensors;

/**
 * Reads the binary form of CIFAR-10 and CIFAR-100: records of one or two label bytes and 3,072 pixels, red, green and
 * blue planes of 32 rows.
 */
public final class CifarFile {
    private static final int SIDE = 32;
    private static final int PIXELS = 3 * SIDE * SIDE;

    private CifarFile() {
    }

    /** CIFAR-10: images (N, 3, 32, 32) of pixel / 255 and labels 0 to 9, the files one after the other. */
    public static TensorDataset readCifar10(List<Path> files) {
        return read(files, 1, 0, 10);
    }

    /** CIFAR-100 with its 100 fine labels, or with the 20 coarse ones. */
    public static TensorDataset readCifar100(List<Path> files, boolean fine) {
        return read(files, 2, fine ? 1 : 0, fine ? 100 : 20);
    }

    private static TensorDataset read(List<Path> files, int labelBytes, int label, int classes) {
        int record = labelBytes + PIXELS;
        long total = 0;
        for (Path file : files) {
            total += checkedSize(file, record);
        }
        int count = (int) (total / record);
        byte[] pixels = new byte[checkedLength(files, (long) count * PIXELS)];
        long[] labels = new long[count];
        int sample = 0;
        for (Path file : files) {
            byte[] bytes = bytes(file, record);
            for (int at = 0; at < bytes.length; at += record, sample++) {
                labels[sample] = bytes[at + label] & 0xff;
                if (labels[sample] >= classes) {
                    throw new FormatException("cifar: " + file + " has a label out of range; got " + labels[sample]
                            + " at offset " + (at + label) + "; expected 0 to " + (classes - 1));
                }
                System.arraycopy(bytes, at + labelBytes, pixels, sample * PIXELS, PIXELS);
            }
        }
        return TensorDataset.ofImages(Tensors.ofBytes(DType.UINT8, pixels, count, 3, SIDE, SIDE),
                Tensors.of(labels, count));
    }

    private static int checkedLength(List<Path> files, long bytes) {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new FormatException("cifar: " + files + " hold too many pixels for one tensor; got " + bytes);
        }
        return (int) bytes;
    }

    private static long checkedSize(Path file, int record) {
        try {
            long size = Files.size(file);
            if (size % record != 0 || size > Integer.MAX_VALUE - 8) {
                throw new FormatException("cifar: " + file + " is truncated or of another form; got " + size
                        + " bytes; expected a multiple of " + record);
            }
            return size;
        } catch (IOException e) {
            throw FileException.of("cifar", file, e);
        }
    }

    private static byte[] bytes(Path file, int record) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length % record != 0) {
                throw new FormatException("cifar: " + file + " changed while it was read");
            }
            return bytes;
        } catch (IOException e) {
            throw FileException.of("cifar", file, e);
        }
    }
}

package org.bitgrid.cli.data;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.Dataset;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * Images in folders, one folder for each class: {@code shoes/a.png}, {@code shoes/b.jpg}, {@code bags/c.png}. Classes
 * are numbered by folder name in alphabetical order. Batches are FLOAT32 (n, C, height, width) of pixel / 255 and INT64
 * (n) labels; images are decoded when they are asked for, and scaled to one size.
 *
 * <p>It lives beside the command because decoding needs the module {@code java.desktop}, which the libraries do not.
 */
public final class ImageFolder implements Dataset {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp");
    private static final float BRIGHTEST = 255f;

    private record Sample(Path file, int label) {
    }

    private final List<String> classes;
    private final List<Sample> samples;
    private final int channels;
    private final int height;
    private final int width;

    /**
     * @param folder   holds one folder for each class
     * @param channels 1 for grey, 3 for red, green and blue
     * @throws FormatException when there is no image in the folders
     */
    public ImageFolder(Path folder, int channels, int height, int width) {
        if (channels != 1 && channels != 3 || height < 1 || width < 1) {
            throw new ShapeException("ImageFolder", "images must have 1 or 3 channels and a positive size; got "
                    + channels + ", " + height + ", " + width);
        }
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.classes = list(folder).stream().filter(Files::isDirectory).map(path -> path.getFileName().toString()).toList();
        this.samples = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            for (Path file : list(folder.resolve(classes.get(label)))) {
                String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                if (ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(file)) {
                    samples.add(new Sample(file, label));
                }
            }
        }
        if (samples.isEmpty()) {
            throw new FormatException("images: " + folder + " holds no image; got " + classes.size()
                    + " folders; expected one for each class with files ending in " + ENDINGS);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw FileException.of("images", folder, e);
        }
    }

    /** Names of the classes; a label is an index into this list. */
    public List<String> classes() {
        return classes;
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Batch batch(int... indices) {
        float[] pixels = new float[Math.multiplyExact(indices.length, channels * height * width)];
        long[] labels = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= samples.size()) {
                throw new ShapeException("ImageFolder.batch", "sample number out of range; got " + indices[i]
                        + "; expected 0 to " + (samples.size() - 1));
            }
            Sample sample = samples.get(indices[i]);
            labels[i] = sample.label();
            decode(sample.file(), pixels, i * channels * height * width);
        }
        try (TensorScope scope = TensorScope.open()) {
            return new Batch(outlive(Tensors.of(pixels, indices.length, channels, height, width)),
                    outlive(Tensors.of(labels, indices.length)));
        }
    }

    private static Tensor outlive(Tensor tensor) {
        TensorAccess.get().retain(tensor);
        return tensor;
    }

    private void decode(Path file, float[] out, int start) {
        BufferedImage image;
        try {
            image = ImageIO.read(file.toFile());
        } catch (IOException | RuntimeException e) { // decoders throw anything at damaged files
            throw new FormatException("images: " + file + " cannot be decoded; got " + e.getMessage(), e);
        }
        if (image == null) {
            throw new FormatException("images: " + file + " is no image that Java can decode; expected one of " + ENDINGS);
        }
        BufferedImage scaled = scale(image);
        int plane = height * width;
        int[] rgb = scaled.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < plane; i++) {
            int red = rgb[i] >> 16 & 0xff;
            int green = rgb[i] >> 8 & 0xff;
            int blue = rgb[i] & 0xff;
            if (channels == 3) {
                out[start + i] = red / BRIGHTEST;
                out[start + plane + i] = green / BRIGHTEST;
                out[start + 2 * plane + i] = blue / BRIGHTEST;
            } else {
                // Luma of ITU-R 601, in whole numbers as PIL computes it.
                out[start + i] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000 >> 16) / BRIGHTEST;
            }
        }
    }

    private BufferedImage scale(BufferedImage image) {
        if (image.getWidth() == width && image.getHeight() == height) {
            return image;
        }
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }
}

package org.bitgrid.cli.data;

import java.util.stream.IntStream;
import org.bitgrid.nn.data.Dataset;
import org.bitgrid.nn.data.TensorDataset;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensors;

/**
 * Draws a set of ten classes of garments, for machines that cannot fetch the real one. A picture depends on the seed and
 * on its number only, so a smaller set is the beginning of a larger one, and all are the same on every machine.
 */
public final class SyntheticImages {
    private static final int PIXELS = ImageData.SIDE * ImageData.SIDE;
    private static final float PIXEL = 2f / ImageData.SIDE;
    private static final long TRAIN_STREAM = 1;
    private static final long TEST_STREAM = 2;

    private SyntheticImages() {
    }

    /** As many pictures as asked for; the two sets have none in common. */
    public static ImageData draw(long seed, int trainCount, int testCount) {
        Rng rng = new Rng(seed);
        return new ImageData(ImageData.Origin.SYNTHETIC, draw(rng.fork(TRAIN_STREAM), trainCount),
                draw(rng.fork(TEST_STREAM), testCount));
    }

    private static Dataset draw(Rng rng, int count) {
        byte[] pixels = new byte[count * PIXELS];
        long[] labels = new long[count];
        IntStream.range(0, count).parallel().forEach(index -> labels[index] = picture(rng.fork(index), pixels,
                index * PIXELS));
        return TensorDataset.ofGreyImages(Tensors.ofBytes(DType.UINT8, pixels, count, ImageData.SIDE, ImageData.SIDE),
                Tensors.of(labels, count));
    }

    /** Draws one picture and returns its label. */
    private static long picture(Rng rng, byte[] pixels, int start) {
        int label = rng.nextInt(ImageData.CLASSES);
        Garment.Sketch sketch = new Garment.Sketch(rng);
        Garment.values()[label].draw(sketch);

        // Place, size and slant: the inverse map from pixel to drawing.
        float shiftX = sketch.vary(0, 0.08f);
        float shiftY = sketch.vary(0, 0.08f);
        float scaleX = sketch.vary(1.08f, 0.14f);
        float scaleY = sketch.vary(1.06f, 0.1f);
        float slant = sketch.vary(0, 0.12f);
        float turn = sketch.vary(0, 0.08f);

        // Cloth: brightness, stripes, shading from one side, and the grain of the picture.
        float brightness = sketch.vary(0.68f, 0.3f);
        float stripes = rng.nextFloat() < 0.4f ? sketch.vary(0.2f, 0.15f) : 0;
        float stripesX = sketch.vary(0, 5);
        float stripesY = sketch.vary(0, 5);
        float shading = sketch.vary(0, 0.25f);
        float grain = sketch.vary(0.1f, 0.06f);

        for (int row = 0; row < ImageData.SIDE; row++) {
            for (int column = 0; column < ImageData.SIDE; column++) {
                float pixelX = (column + 0.5f) * PIXEL - 1 - shiftX;
                float pixelY = (row + 0.5f) * PIXEL - 1 - shiftY;
                float x = scaleX * pixelX + (slant - turn) * pixelY;
                float y = scaleY * pixelY + turn * pixelX;
                float cloth = brightness * (1 + shading * x - stripes * wave(stripesX * x + stripesY * y));
                // Grain lies on the cloth only, as in the real set, whose background is black.
                float noise = grain * (rng.nextFloat() + rng.nextFloat() - 1);
                float tone = sketch.tone(x, y, 1.5f * PIXEL);
                float value = Math.min(1, Math.max(0, tone * (cloth + noise)));
                pixels[start + row * ImageData.SIDE + column] = (byte) (int) (value * 255 + 0.5f);
            }
        }
        return label;
    }

    /** A triangle wave of period 1 between 0 and 1. */
    private static float wave(float x) {
        float phase = x - (float) Math.floor(x);
        return phase < 0.5f ? 2 * phase : 2 - 2 * phase;
    }
}

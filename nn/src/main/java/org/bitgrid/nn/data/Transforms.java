package org.bitgrid.nn.data;

import java.util.Arrays;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** Changes of images (C, H, W), with the names and defaults of torchvision. */
public final class Transforms {
    private Transforms() {
    }

    /** (x - mean) / deviation, one of each for every channel. */
    public static Transform normalize(double[] mean, double[] deviation) {
        if (mean.length != deviation.length || mean.length == 0) {
            throw new ShapeException("normalize", "needs one mean and one deviation for each channel; got "
                    + mean.length + " and " + deviation.length);
        }
        for (double value : deviation) {
            if (!(value > 0)) {
                throw new ShapeException("normalize", "deviations must be positive; got " + Arrays.toString(deviation));
            }
        }
        float[] shift = new float[mean.length];
        float[] scale = new float[mean.length];
        for (int i = 0; i < mean.length; i++) {
            shift[i] = (float) mean[i];
            scale[i] = (float) deviation[i];
        }
        return (image, rng) -> {
            Shape shape = image(image, "normalize");
            if (shape.dim(0) != shift.length) {
                throw new ShapeException("normalize", "image has " + shape.dim(0) + " channels; expected " + shift.length);
            }
            return image.sub(Tensors.of(shift, shift.length, 1, 1)).div(Tensors.of(scale, scale.length, 1, 1));
        };
    }

    private static Shape image(Tensor image, String operation) {
        Shape shape = image.spec().shape();
        if (shape.rank() != 3) {
            throw new ShapeException(operation, "image must be (C, H, W); got " + shape);
        }
        return shape;
    }

    /** A square of {@code size} at a random place, after {@code padding} zeros were put around the image. */
    public static Transform randomCrop(int size, int padding) {
        return (image, rng) -> {
            Tensor padded = padding == 0 ? image : image.pad(0.0, padding, padding, padding, padding);
            Shape shape = image(padded, "randomCrop");
            if (size < 1 || shape.dim(1) < size || shape.dim(2) < size) {
                throw new ShapeException("randomCrop", "crop does not fit; got size " + size + " for image "
                        + image.spec().shape() + " with padding " + padding);
            }
            int top = rng.nextInt(shape.dim(1) - size + 1);
            int left = rng.nextInt(shape.dim(2) - size + 1);
            return padded.slice(1, top, top + size, 1).slice(2, left, left + size, 1);
        };
    }

    /** Mirrors left and right with this probability; 0.5 by custom. */
    public static Transform randomHorizontalFlip(double probability) {
        return flip("randomHorizontalFlip", probability, 2);
    }

    /** Mirrors top and bottom with this probability; 0.5 by custom. */
    public static Transform randomVerticalFlip(double probability) {
        return flip("randomVerticalFlip", probability, 1);
    }

    private static Transform flip(String operation, double probability, int axis) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new ShapeException(operation, "probability must be from 0 to 1; got " + probability);
        }
        return (image, rng) -> {
            image(image, operation);
            return rng.nextDouble() < probability ? image.flip(axis) : image;
        };
    }

    /** Turns the image about its centre by a random angle from -degrees to degrees; what comes in from outside is 0. */
    public static Transform randomRotation(double degrees) {
        if (!(degrees >= 0 && degrees <= 360)) {
            throw new ShapeException("randomRotation", "degrees must be from 0 to 360; got " + degrees);
        }
        return (image, rng) -> rotate(image, (2 * rng.nextDouble() - 1) * degrees);
    }

    /** Turns the image about its centre, counter-clockwise; each pixel is the nearest one of the image, or 0 outside. */
    static Tensor rotate(Tensor image, double degrees) {
        Shape shape = image(image, "randomRotation");
        int channels = shape.dim(0);
        int height = shape.dim(1);
        int width = shape.dim(2);
        double angle = StrictMath.toRadians(degrees);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double centreY = (height - 1) / 2.0;
        double centreX = (width - 1) / 2.0;
        long[] from = new long[height * width];
        for (int i = 0; i < from.length; i++) {
            double y = i / width - centreY;
            double x = i % width - centreX;
            long row = (long) StrictMath.rint(sin * x + cos * y + centreY);
            long column = (long) StrictMath.rint(cos * x - sin * y + centreX);
            boolean inside = row >= 0 && row < height && column >= 0 && column < width;
            from[i] = inside ? row * width + column : from.length; // one more pixel, which is 0
        }
        return image.reshape(channels, from.length).pad(0.0, 0, 1).indexSelect(1, Tensors.of(from, from.length))
                .reshape(channels, height, width);
    }

    /**
     * Blackens a square with its centre at a random pixel, cut off at the borders (DeVries and Taylor, 2017).
     *
     * @param size height and width of the square
     */
    public static Transform cutout(int size) {
        if (size < 1) {
            throw new ShapeException("cutout", "size must be positive; got " + size);
        }
        return (image, rng) -> {
            Shape shape = image(image, "cutout");
            int top = rng.nextInt(shape.dim(1)) - size / 2;
            int left = rng.nextInt(shape.dim(2)) - size / 2;
            float[] mask = new float[shape.dim(1) * shape.dim(2)];
            Arrays.fill(mask, 1);
            for (int y = Math.max(0, top); y < Math.min(shape.dim(1), top + size); y++) {
                Arrays.fill(mask, y * shape.dim(2) + Math.max(0, left),
                        y * shape.dim(2) + Math.min(shape.dim(2), left + size), 0);
            }
            return image.mul(Tensors.of(mask, 1, shape.dim(1), shape.dim(2)));
        };
    }
}

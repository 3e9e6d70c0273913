package org.bitgrid.cli.data;

import org.bitgrid.cli.UsageException;

/**
 * Grey pictures of 28x28 pixels, each of one of ten classes. The arrays are shared, not copied.
 *
 * @param pixels count × 28 × 28 brightnesses, row by row, 0 (black) to 255 (white) as unsigned bytes
 * @param labels the class of each picture, 0 to 9
 */
public record LabelledImages(byte[] pixels, byte[] labels) {
    /** Height and width of a picture. */
    public static final int SIDE = 28;
    /** Pixels of a picture. */
    public static final int PIXELS = SIDE * SIDE;
    /** Number of classes. */
    public static final int CLASSES = 10;

    /** Checks that every picture has a label. */
    public LabelledImages {
        if (pixels.length != labels.length * PIXELS) {
            throw new UsageException("data: pictures and labels differ in number; got " + pixels.length / PIXELS
                    + " pictures and " + labels.length + " labels; expected as many of both; do use the two files of "
                    + "one set");
        }
    }

    /** Number of pictures. */
    public int count() {
        return labels.length;
    }
}

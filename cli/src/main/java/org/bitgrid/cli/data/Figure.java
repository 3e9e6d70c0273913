package org.bitgrid.cli.data;

/**
 * A plane figure, as the distance of a point from its edge: negative inside, positive outside, exact near the edge.
 * Coordinates run from -1 to 1, x to the right and y downward. Only additions, multiplications and square roots are
 * used, so that a picture is the same on every machine.
 */
interface Figure {

    /** Signed distance of (x, y) from the edge. */
    float distance(float x, float y);

    /** A convex polygon; its corners in clockwise order as seen on the picture: x0, y0, x1, y1, … */
    static Figure polygon(float... corners) {
        int count = corners.length / 2;
        float[] normalX = new float[count];
        float[] normalY = new float[count];
        float[] shift = new float[count];
        for (int i = 0; i < count; i++) {
            int next = (i + 1) % count;
            float alongX = corners[2 * next] - corners[2 * i];
            float alongY = corners[2 * next + 1] - corners[2 * i + 1];
            float length = (float) Math.sqrt(alongX * alongX + alongY * alongY);
            normalX[i] = alongY / length;
            normalY[i] = -alongX / length;
            shift[i] = normalX[i] * corners[2 * i] + normalY[i] * corners[2 * i + 1];
        }
        return (x, y) -> {
            float distance = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) {
                distance = Math.max(distance, normalX[i] * x + normalY[i] * y - shift[i]);
            }
            return distance;
        };
    }

    /** A rectangle with sides along the axes. */
    static Figure box(float left, float top, float right, float bottom) {
        return (x, y) -> Math.max(Math.max(left - x, x - right), Math.max(top - y, y - bottom));
    }

    /** A filled circle. */
    static Figure disc(float centreX, float centreY, float radius) {
        return (x, y) -> {
            float dx = x - centreX;
            float dy = y - centreY;
            return (float) Math.sqrt(dx * dx + dy * dy) - radius;
        };
    }

    /** A circle's line of the given width. */
    static Figure ring(float centreX, float centreY, float radius, float width) {
        Figure disc = disc(centreX, centreY, radius);
        return (x, y) -> Math.abs(disc.distance(x, y)) - width / 2;
    }

    /** A straight line of the given width, with round ends. */
    static Figure stroke(float fromX, float fromY, float toX, float toY, float width) {
        float alongX = toX - fromX;
        float alongY = toY - fromY;
        float square = alongX * alongX + alongY * alongY;
        return (x, y) -> {
            float position = ((x - fromX) * alongX + (y - fromY) * alongY) / square;
            float clamped = Math.min(1, Math.max(0, position));
            float dx = x - fromX - clamped * alongX;
            float dy = y - fromY - clamped * alongY;
            return (float) Math.sqrt(dx * dx + dy * dy) - width / 2;
        };
    }

    /** This figure together with its mirror image left to right. */
    default Figure mirrored() {
        return (x, y) -> Math.min(distance(x, y), distance(-x, y));
    }
}

package org.bitgrid.nn.optim;

import java.util.function.DoubleFunction;
import org.bitgrid.tensor.Tensor;

/**
 * Looks along a direction for a point that meets the strong Wolfe conditions: the loss falls enough and the slope
 * flattens enough (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6, with cubic interpolation 3.59).
 */
final class WolfeSearch {
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MOST_STEPS = 25;

    private final DoubleFunction<Point> function;
    private final double tolerance;
    private int evaluations;

    /**
     * A place on the line.
     *
     * @param at       distance along the direction
     * @param loss     the loss there
     * @param slope    the gradient there along the direction
     * @param gradient the gradient there
     */
    record Point(double at, double loss, double slope, Tensor gradient) {
    }

    /** Where to go, with the loss and gradient there, and how many losses were computed. */
    record Result(double at, double loss, Tensor gradient, int evaluations) {
    }

    WolfeSearch(DoubleFunction<Point> function, double tolerance) {
        this.function = function;
        this.tolerance = tolerance;
    }

    /** Searches from a first guess; the loss and its (negative) slope are those at distance 0. */
    Result search(double guess, double loss, double slope, int budget) {
        Point start = new Point(0, loss, slope, null);
        Point previous = start;
        Point now = evaluate(guess);
        int most = Math.min(MOST_STEPS, Math.max(1, budget));
        while (evaluations < most) {
            if (tooHigh(now, start) || evaluations > 1 && now.loss() >= previous.loss()) {
                return zoom(previous, now, start, most);
            }
            if (Math.abs(now.slope()) <= -CURVATURE * slope) {
                return result(now);
            }
            if (now.slope() >= 0) {
                return zoom(now, previous, start, most);
            }
            double least = now.at() + 0.01 * (now.at() - previous.at());
            double next = interpolate(previous, now, least, 10 * now.at());
            previous = now;
            now = evaluate(next);
        }
        return result(now.loss() <= previous.loss() || previous.gradient() == null ? now : previous);
    }

    /** Narrows an interval whose end {@code low} is the best point so far, until a point fits. */
    private Result zoom(Point first, Point second, Point start, int most) {
        Point low = first;
        Point high = second;
        while (evaluations < most && Math.abs(high.at() - low.at()) * Math.abs(start.slope()) > tolerance) {
            double from = Math.min(low.at(), high.at());
            double to = Math.max(low.at(), high.at());
            double margin = 0.1 * (to - from);
            // Kept away from the ends, so that the interval shrinks whatever the interpolation says.
            Point middle = evaluate(interpolate(low, high, from + margin, to - margin));
            if (tooHigh(middle, start) || middle.loss() >= low.loss()) {
                high = middle;
                continue;
            }
            if (Math.abs(middle.slope()) <= -CURVATURE * start.slope()) {
                return result(middle);
            }
            if (middle.slope() * (high.at() - low.at()) >= 0) {
                high = low;
            }
            low = middle;
        }
        return result(low.gradient() == null ? high : low);
    }

    private static boolean tooHigh(Point point, Point start) {
        // Written so that a loss that is not a number counts as too high.
        return !(point.loss() <= start.loss() + SUFFICIENT_DECREASE * point.at() * start.slope());
    }

    private Point evaluate(double at) {
        evaluations++;
        return function.apply(at);
    }

    private Result result(Point point) {
        return new Result(point.at(), point.loss(), point.gradient(), evaluations);
    }

    /** The minimum between two bounds of the cubic through two points and their slopes, else the bounds' middle. */
    private static double interpolate(Point a, Point b, double least, double most) {
        double slopes = a.slope() + b.slope() - 3 * (a.loss() - b.loss()) / (a.at() - b.at());
        double square = slopes * slopes - a.slope() * b.slope();
        if (!(square >= 0) || Double.isInfinite(square)) {
            return (least + most) / 2;
        }
        double root = Math.signum(b.at() - a.at()) * Math.sqrt(square);
        double at = b.at() - (b.at() - a.at()) * (b.slope() + root - slopes) / (b.slope() - a.slope() + 2 * root);
        return Double.isNaN(at) ? (least + most) / 2 : Math.min(Math.max(at, least), most);
    }
}

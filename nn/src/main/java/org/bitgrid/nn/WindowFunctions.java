package org.bitgrid.nn;

import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AdaptiveMaxPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.Conv3d;
import org.bitgrid.tensor.op.ConvTranspose1d;
import org.bitgrid.tensor.op.ConvTranspose3d;
import org.bitgrid.tensor.op.GridSample;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Unfold;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.op.Window3d;

/** The part of {@link F} about windows over lines, images and volumes. */
abstract class WindowFunctions extends DistanceFunctions {
    WindowFunctions() {
    }

    /** x (N, C, D, H, W), weight (K, C/groups, Q, R, S), bias (K) or null -> (N, K, Do, Ho, Wo). */
    public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias, Window3d window, int groups) {
        return F.withOptional(new Conv3d(window, groups), x, weight, bias)[0];
    }

    /** x (N, C, L), weight (C, K/groups, R), bias (K) or null -> (N, K, Lo). */
    public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias, int stride, int padding,
                                         int outputPadding, int dilation, int groups) {
        return F.withOptional(new ConvTranspose1d(stride, padding, outputPadding, dilation, groups), x, weight,
                bias)[0];
    }

    /**
     * x (N, C, D, H, W), weight (C, K/groups, Q, R, S), bias (K) or null -> (N, K, Do, Ho, Wo).
     *
     * @param outputPadding in depth, height and width
     */
    public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias, Window3d window, int[] outputPadding,
                                         int groups) {
        return F.withOptional(new ConvTranspose3d(window, outputPadding[0], outputPadding[1], outputPadding[2],
                groups), x, weight, bias)[0];
    }

    private static Window2d line(int kernel, int stride, int padding, int dilation) {
        return new Window2d(1, kernel, 1, stride, 0, padding, 1, dilation);
    }

    private static Tensor flat(String operation, Tensor x) {
        Check.rank(operation, "input", x.spec(), 3);
        return x.unsqueeze(2);
    }

    /** x (N, C, L) -> largest element of each window (N, C, Lo). */
    public static Tensor maxPool1d(Tensor x, int kernel, int stride, int padding, int dilation, boolean ceilMode) {
        return Dispatch.functionAll(new MaxPool2d(line(kernel, stride, padding, dilation), ceilMode),
                flat("max_pool1d", x))[0].squeeze(2);
    }

    /** x (N, C, L) -> mean of each window (N, C, Lo). */
    public static Tensor avgPool1d(Tensor x, int kernel, int stride, int padding, boolean ceilMode,
                                   boolean countIncludePad) {
        return Dispatch.function(new AvgPool2d(line(kernel, stride, padding, 1), ceilMode, countIncludePad, 0),
                flat("avg_pool1d", x)).squeeze(2);
    }

    /** x (N, C, L) -> means over windows chosen so that the output is (N, C, length). */
    public static Tensor adaptiveAvgPool1d(Tensor x, int length) {
        return Dispatch.function(new AdaptiveAvgPool2d(1, length), flat("adaptive_avg_pool1d", x)).squeeze(2);
    }

    /** x (N, C, L) -> largest elements of windows chosen so that the output is (N, C, length). */
    public static Tensor adaptiveMaxPool1d(Tensor x, int length) {
        return Dispatch.functionAll(new AdaptiveMaxPool2d(1, length), flat("adaptive_max_pool1d", x))[0].squeeze(2);
    }

    /** x (N, C, H, W) -> largest elements of windows chosen so that the output is (N, C, height, width). */
    public static Tensor adaptiveMaxPool2d(Tensor x, int height, int width) {
        return Dispatch.functionAll(new AdaptiveMaxPool2d(height, width), x)[0];
    }

    /** x (N, C, H, W) -> (N, C·R·S, Ho·Wo): what each window sees, as a column. */
    public static Tensor unfold(Tensor x, Window2d window) {
        return Dispatch.function(new Unfold(window), x);
    }

    /** Columns (N, C·R·S, Ho·Wo) -> (N, C, height, width): each added where {@link #unfold} took it from. */
    public static Tensor fold(Tensor columns, int height, int width, Window2d window) {
        return Dispatch.function(new Unfold.Fold(height, width, window), columns);
    }

    /** x (N, C, H, W), grid (N, Ho, Wo, 2) of places from -1 to 1 -> the image there, (N, C, Ho, Wo). */
    public static Tensor gridSample(Tensor x, Tensor grid, GridSample.Mode mode, GridSample.Padding padding,
                                    boolean alignCorners) {
        return Dispatch.function(new GridSample(mode, padding, alignCorners), x, grid);
    }

    /** x (N, C, H, W) -> the same image at {@code factor} times the size, rounded down. */
    public static Tensor interpolate(Tensor x, double factor, Interpolate.Mode mode, boolean alignCorners) {
        Check.rank("interpolate", "input", x.spec(), 4);
        return Dispatch.function(Interpolate.by(factor, x.spec().shape(), mode, alignCorners), x);
    }
}

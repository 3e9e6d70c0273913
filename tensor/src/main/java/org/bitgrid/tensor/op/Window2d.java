package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;

/**
 * A window that slides over height and width: kernel size, stride, zero padding on both sides and dilation, all in
 * elements.
 */
public record Window2d(int kernelH, int kernelW, int strideH, int strideW, int padH, int padW, int dilationH,
                       int dilationW) {
    public Window2d {
        if (kernelH < 1 || kernelW < 1) {
            throw new ShapeException("window", "kernel size must be at least 1; got " + Shape.of(
                    Math.max(0, kernelH), Math.max(0, kernelW)));
        }
        if (strideH < 1 || strideW < 1) {
            throw new ShapeException("window", "stride must be at least 1; got (" + strideH + ", " + strideW + ")");
        }
        if (padH < 0 || padW < 0) {
            throw new ShapeException("window", "padding must not be negative; got (" + padH + ", " + padW + ")");
        }
        if (dilationH < 1 || dilationW < 1) {
            throw new ShapeException("window", "dilation must be at least 1; got (" + dilationH + ", " + dilationW
                    + ")");
        }
    }

    /** Output height, floor((H + 2·padH - dilationH·(kernelH - 1) - 1) / strideH) + 1. */
    public int outputHeight(String operation, int height) {
        return outputSize(operation, "height", height, kernelH, strideH, padH, dilationH, false);
    }

    /** Output width, by the same formula. */
    public int outputWidth(String operation, int width) {
        return outputSize(operation, "width", width, kernelW, strideW, padW, dilationW, false);
    }

    /**
     * Output size along one dimension.
     *
     * @param ceil whether a last window that starts inside the padded input but overhangs it counts (PyTorch's
     *             {@code ceil_mode}; a window that would start in the right padding does not)
     */
    public static int outputSize(String operation, String dimension, int size, int kernel, int stride, int pad,
                                 int dilation, boolean ceil) {
        long span = (long) size + 2L * pad - (long) dilation * (kernel - 1) - 1;
        if (span < 0) {
            throw new ShapeException(operation, "window does not fit the input's " + dimension + "; got " + size
                    + " with padding " + pad + "; expected at least " + ((long) dilation * (kernel - 1) + 1 - 2L * pad)
                    + " for kernel " + kernel + " and dilation " + dilation);
        }
        long count = (span + (ceil ? stride - 1 : 0)) / stride + 1;
        if (ceil && (count - 1) * stride >= (long) size + pad) {
            count--;
        }
        return (int) count;
    }
}

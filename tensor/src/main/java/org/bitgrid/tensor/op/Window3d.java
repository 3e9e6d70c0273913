package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Shape;

/** A window that slides over depth, height and width: one {@link Window2d} and what it does in depth. */
public record Window3d(int kernelD, int strideD, int padD, int dilationD, Window2d plane) {
    public Window3d {
        new Window2d(kernelD, 1, strideD, 1, padD, 0, dilationD, 1); // complains about wrong sizes
    }

    /** The same size, stride, padding and dilation in all three dimensions. */
    public static Window3d cube(int kernel, int stride, int pad, int dilation) {
        return new Window3d(kernel, stride, pad, dilation,
                new Window2d(kernel, kernel, stride, stride, pad, pad, dilation, dilation));
    }

    /** Sizes in depth, height and width. */
    public static Window3d of(int[] kernel, int[] stride, int[] pad, int[] dilation) {
        return new Window3d(kernel[0], stride[0], pad[0], dilation[0], new Window2d(kernel[1], kernel[2], stride[1],
                stride[2], pad[1], pad[2], dilation[1], dilation[2]));
    }

    /** Kernel size (depth, height, width). */
    public Shape kernel() {
        return Shape.of(kernelD, plane.kernelH(), plane.kernelW());
    }

    /** Output depth, by the formula of {@link Window2d#outputHeight}. */
    public int outputDepth(String operation, int depth) {
        return Window2d.outputSize(operation, "depth", depth, kernelD, strideD, padD, dilationD, false);
    }
}

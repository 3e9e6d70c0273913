package org.bitgrid.bench;

/**
 * Layers of some library, so that one description of a network runs on several. Parameters are made on the first use of
 * a name, by the library that comes first, and copied to the others.
 *
 * @param <T> the library's tensors
 */
interface Layers<T> {
    /** A square convolution without dilation; padding is half the kernel. */
    T convolution(String name, T x, int inputs, int outputs, int kernel, int stride, int groups, boolean bias);

    /** Batch norm by channel, in training with the statistics of the batch. */
    T batchNorm(String name, T x, int channels);

    T relu(T x);

    T relu6(T x);

    T maxPool(T x, int kernel, int stride, int padding);

    /** Mean of each channel: (N, C, H, W) -> (N, C). */
    T globalMean(T x);

    T flatten(T x);

    T linear(String name, T x, int inputs, int outputs);

    T add(T a, T b);

    T softmax(T x);
}

// Normalisation by channel. Elements of a channel of x (N, C, plane) are summed in chunks as in reduce.cl: chunk c takes
// elements c, c + chunks, ... of the channel's N * plane ones. Sums are of distances from the channel's first element, so
// that a large mean does not swallow the variance.

static inline int elementOf(int j, int channel, int channels, int plane) {
    int sample = j / plane;
    return (sample * channels + channel) * plane + j - sample * plane;
}

__kernel void channelMoments(__global const float* x, int xOffset, __global acc_t* partial, int channels, int chunks,
                             int count, int plane) {
    int i = get_global_id(0);
    if (i < channels * chunks) {
        int channel = i / chunks;
        float first = x[xOffset + channel * plane];
        acc_t sum = 0;
        acc_t squares = 0;
        for (int j = i % chunks; j < count; j += chunks) {
            acc_t distance = (acc_t) x[xOffset + elementOf(j, channel, channels, plane)] - first;
            sum += distance;
            squares += distance * distance;
        }
        partial[2 * i] = sum;
        partial[2 * i + 1] = squares;
    }
}

// Mean and inverse standard deviation of each channel, and when tracked new running statistics.
__kernel void channelStatistics(__global const float* x, int xOffset, __global const acc_t* partial,
                                __global float* mean, int meanOffset, __global float* inverse, int inverseOffset,
                                int channels, int chunks, int count, int plane, float epsilon, int tracked,
                                float momentum, __global const float* oldMean, int oldMeanOffset,
                                __global const float* oldVariance, int oldVarianceOffset, __global float* newMean,
                                int newMeanOffset, __global float* newVariance, int newVarianceOffset) {
    int c = get_global_id(0);
    if (c < channels) {
        acc_t sum = 0;
        acc_t squares = 0;
        for (int k = 0; k < chunks; k++) {
            sum += partial[2 * (c * chunks + k)];
            squares += partial[2 * (c * chunks + k) + 1];
        }
        acc_t shift = sum / count;
        acc_t average = x[xOffset + c * plane] + shift;
        acc_t deviations = fmax(squares - sum * shift, (acc_t) 0);
        mean[meanOffset + c] = (float) average;
        inverse[inverseOffset + c] = (float) (1 / sqrt(deviations / count + epsilon));
        if (tracked) {
            acc_t keep = 1 - (acc_t) momentum;
            newMean[newMeanOffset + c] = (float) (keep * oldMean[oldMeanOffset + c] + momentum * average);
            newVariance[newVarianceOffset + c] = (float) (keep * oldVariance[oldVarianceOffset + c]
                    + momentum * (deviations / (count - 1)));
        }
    }
}

// (x - mean) * inverse * weight + bias; in evaluation the inverse comes from the variance
__kernel void normalizeChannels(__global const float* x, int xOffset, __global const float* mean, int meanOffset,
                        __global const float* spread, int spreadOffset, __global const float* weight, int weightOffset,
                        __global const float* bias, int biasOffset, __global float* y, int yOffset, int count,
                        int channels, int plane, int affine, int isVariance, float epsilon) {
    int i = get_global_id(0);
    if (i < count) {
        int c = i / plane % channels;
        float inverse = spread[spreadOffset + c];
        if (isVariance) {
            inverse = 1.0f / sqrt(inverse + epsilon);
        }
        float normal = (x[xOffset + i] - mean[meanOffset + c]) * inverse;
        y[yOffset + i] = affine ? fma(normal, weight[weightOffset + c], bias[biasOffset + c]) : normal;
    }
}

__kernel void gradientMoments(__global const float* grad, int gradOffset, __global const float* x, int xOffset,
                              __global const float* mean, int meanOffset, __global acc_t* partial, int channels,
                              int chunks, int count, int plane) {
    int i = get_global_id(0);
    if (i < channels * chunks) {
        int channel = i / chunks;
        float centre = mean[meanOffset + channel];
        acc_t sum = 0;
        acc_t products = 0;
        for (int j = i % chunks; j < count; j += chunks) {
            int at = elementOf(j, channel, channels, plane);
            acc_t g = grad[gradOffset + at];
            sum += g;
            products += g * (x[xOffset + at] - centre);
        }
        partial[2 * i] = sum;
        partial[2 * i + 1] = products;
    }
}

// Gradients of weight and bias, and the means that every element's gradient needs.
__kernel void gradientStatistics(__global const acc_t* partial, __global const float* inverse, int inverseOffset,
                                 __global float* means, __global float* weightGrad, int weightGradOffset,
                                 __global float* biasGrad, int biasGradOffset, int channels, int chunks, int count,
                                 int affine) {
    int c = get_global_id(0);
    if (c < channels) {
        acc_t sum = 0;
        acc_t products = 0;
        for (int k = 0; k < chunks; k++) {
            sum += partial[2 * (c * chunks + k)];
            products += partial[2 * (c * chunks + k) + 1];
        }
        products *= inverse[inverseOffset + c];
        means[2 * c] = (float) (sum / count);
        means[2 * c + 1] = (float) (products / count);
        if (affine) {
            weightGrad[weightGradOffset + c] = (float) products;
            biasGrad[biasGradOffset + c] = (float) sum;
        }
    }
}

__kernel void normalizeGrad(__global const float* grad, int gradOffset, __global const float* x, int xOffset,
                            __global const float* mean, int meanOffset, __global const float* inverse,
                            int inverseOffset, __global const float* weight, int weightOffset,
                            __global const float* means, __global float* out, int outOffset, int count, int channels,
                            int plane, int affine) {
    int i = get_global_id(0);
    if (i < count) {
        int c = i / plane % channels;
        float spread = inverse[inverseOffset + c];
        float normal = (x[xOffset + i] - mean[meanOffset + c]) * spread;
        float scale = affine ? spread * weight[weightOffset + c] : spread;
        out[outOffset + i] = scale * (grad[gradOffset + i] - means[2 * c] - normal * means[2 * c + 1]);
    }
}

// Quantization. Codes have the same bits as the CPU's: every step is rounded to float, division as IEEE 754 rounds it.
// x is row-major; its scale and offset lie where the strides say.

static inline float stepsOf(float x, float scale, float shift, int reciprocal) {
    return (reciprocal ? x * quotient(1.0f, scale) : quotient(x, scale)) - shift;
}

// As Math.min and Math.max do it: NaN stays NaN, and -0 at the lower end becomes the end
static inline float onGrid(float code, float qmin, float qmax) {
    return code <= qmin ? qmin : code > qmax ? qmax : code;
}

// 1 on the grid, 0 outside, NaN for NaN.
static inline float insideOf(float code, float qmin, float qmax) {
    return code >= qmin && code <= qmax ? 1.0f : code != code ? code : 0.0f;
}

// keepCodes: whether the result is the code rather than the number it stands for. Zero has no sign.
__kernel void quantizeValues(__global const float* x, int xOffset, __global const float* scales, int scaleOffset,
                             __global const float* offsets, int offsetOffset, __global float* y, int yOffset, int count,
                             int rank, int8 sizes, int8 strides, float qmin, float qmax, float shift, int reciprocal,
                             int keepCodes) {
    int i = get_global_id(0);
    if (i < count) {
        int at = rank == 1 ? i * strides.s0 : placeOf(i, rank, sizes, strides);
        float scale = scales[scaleOffset + at];
        float offset = offsets[offsetOffset + at];
        float code = onGrid(rint(stepsOf(x[xOffset + i], scale, shift, reciprocal)) - offset, qmin, qmax);
        y[yOffset + i] = keepCodes ? code + 0.0f : (code + offset + shift) * scale;
    }
}

// The straight-through gradient.
__kernel void passInside(__global const float* grad, int gradOffset, __global const float* x, int xOffset,
                         __global const float* scales, int scaleOffset, __global const float* offsets, int offsetOffset,
                         __global float* out, int outOffset, int count, int rank, int8 sizes, int8 strides, float qmin,
                         float qmax, float shift, int reciprocal) {
    int i = get_global_id(0);
    if (i < count) {
        int at = rank == 1 ? i * strides.s0 : placeOf(i, rank, sizes, strides);
        float code = rint(stepsOf(x[xOffset + i], scales[scaleOffset + at], shift, reciprocal))
                - offsets[offsetOffset + at];
        out[outOffset + i] = grad[gradOffset + i] * insideOf(code, qmin, qmax);
    }
}

// Gradients of x, and in chunks (see reduce.cl) those of scale and offset. The elements that share a scale are those that
// the second strides walk through.
__kernel void rangeGradients(__global const float* grad, int gradOffset, __global const float* x, int xOffset,
                             __global const float* scales, int scaleOffset, __global const float* offsets,
                             int offsetOffset, __global float* out, int outOffset, __global acc_t* partial, int groups,
                             int chunks, int length, int keptRank, int8 keptSizes, int8 keptStrides, int rank,
                             int8 sizes, int8 strides, float qmin, float qmax, float shift, int reciprocal,
                             int ofCodes) {
    int i = get_global_id(0);
    if (i < groups * chunks) {
        int group = i / chunks;
        int base = placeOf(group, keptRank, keptSizes, keptStrides);
        float scale = scales[scaleOffset + group];
        float offset = offsets[offsetOffset + group];
        acc_t ofScale = 0;
        acc_t ofOffset = 0;
        for (int j = i % chunks; j < length; j += chunks) {
            int at = base + (rank == 1 ? j * strides.s0 : placeOf(j, rank, sizes, strides));
            float value = x[xOffset + at];
            float g = grad[gradOffset + at];
            float steps = stepsOf(value, scale, shift, reciprocal);
            float code = rint(steps) - offset;
            float inside = insideOf(code, qmin, qmax);
            if (ofCodes) {
                float kept = g * inside;
                float passed = quotient(kept, scale);
                out[outOffset + at] = passed;
                ofScale += -passed * steps;
                ofOffset += -kept;
            } else {
                out[outOffset + at] = g * inside;
                float slope = code < qmin ? qmin + offset : code > qmax ? qmax + offset : rint(steps) - steps;
                ofScale += g * slope;
                ofOffset += g * scale * (1.0f - inside);
            }
        }
        partial[2 * i] = ofScale;
        partial[2 * i + 1] = ofOffset;
    }
}

__kernel void finishRanges(__global const acc_t* partial, __global float* scaleGrad, int scaleGradOffset,
                           __global float* offsetGrad, int offsetGradOffset, int groups, int chunks) {
    int i = get_global_id(0);
    if (i < groups) {
        acc_t ofScale = 0;
        acc_t ofOffset = 0;
        for (int k = 0; k < chunks; k++) {
            ofScale += partial[2 * (i * chunks + k)];
            ofOffset += partial[2 * (i * chunks + k) + 1];
        }
        scaleGrad[scaleGradOffset + i] = (float) ofScale;
        offsetGrad[offsetGradOffset + i] = (float) ofOffset;
    }
}

// Extremes of each group of elements in chunks, and how many are NaN and infinite.
__kernel void extremes(__global const float* x, int xOffset, __global float* ends, __global int* odd, int groups,
                       int chunks, int length, int keptRank, int8 keptSizes, int8 keptStrides, int rank, int8 sizes,
                       int8 strides, int finiteOnly) {
    int i = get_global_id(0);
    if (i < groups * chunks) {
        int base = xOffset + placeOf(i / chunks, keptRank, keptSizes, keptStrides);
        float low = INFINITY;
        float high = -INFINITY;
        int nan = 0;
        int infinite = 0;
        for (int j = i % chunks; j < length; j += chunks) {
            float value = x[base + (rank == 1 ? j * strides.s0 : placeOf(j, rank, sizes, strides))];
            bool isNan = value != value;
            bool isInfinite = fabs(value) == INFINITY;
            nan += isNan;
            infinite += isInfinite;
            if (!finiteOnly || !isNan && !isInfinite) {
                low = low != low || isNan ? NAN : fmin(low, value);
                high = high != high || isNan ? NAN : fmax(high, value);
            }
        }
        ends[2 * i] = low;
        ends[2 * i + 1] = high;
        odd[2 * i] = nan;
        odd[2 * i + 1] = infinite;
    }
}

__kernel void finishExtremes(__global const float* ends, __global float* least, int leastOffset, __global float* most,
                             int mostOffset, int groups, int chunks) {
    int i = get_global_id(0);
    if (i < groups) {
        float low = INFINITY;
        float high = -INFINITY;
        for (int k = 0; k < chunks; k++) {
            float from = ends[2 * (i * chunks + k)];
            float to = ends[2 * (i * chunks + k) + 1];
            low = low != low || from != from ? NAN : fmin(low, from);
            high = high != high || to != to ? NAN : fmax(high, to);
        }
        least[leastOffset + i] = low;
        most[mostOffset + i] = high;
    }
}

// A sum of integers does not depend on its order.
__kernel void finishOdd(__global const int* odd, __global long* counts, int countsOffset, int parts) {
    int i = get_global_id(0);
    if (i < 2) {
        long sum = 0;
        for (int k = 0; k < parts; k++) {
            sum += odd[2 * k + i];
        }
        counts[countsOffset + i] = sum;
    }
}

__kernel void clearCounts(__global int* counts, int count) {
    int i = get_global_id(0);
    if (i < count) {
        counts[i] = 0;
    }
}

__kernel void histogram(__global const float* x, int xOffset, __global const float* lows, int lowOffset,
                        __global const float* highs, int highOffset, __global int* counts, int count, int rank,
                        int8 sizes, int8 strides, int bins) {
    int i = get_global_id(0);
    if (i < count) {
        float value = x[xOffset + i];
        if (value == value) {
            int at = rank == 1 ? i * strides.s0 : placeOf(i, rank, sizes, strides);
            float low = lows[lowOffset + at];
            float high = highs[highOffset + at];
            float span = high - low;
            int bin;
            if (!(span > 0) || span == INFINITY) {
                bin = value < low ? 0 : value > high ? bins - 1
                        : min(convert_int_sat_rtz(quotient((value - low) * bins, span)), bins - 1);
            } else {
                float place = quotient((value - low) * bins, span);
                bin = place != place ? -1 : (int) fmin(fmax(place, 0.0f), (float) (bins - 1));
            }
            if (bin >= 0) {
                atomic_inc(&counts[at * bins + bin]);
            }
        }
    }
}

__kernel void widenCounts(__global const int* counts, __global long* out, int outOffset, int count) {
    int i = get_global_id(0);
    if (i < count) {
        out[outOffset + i] = counts[i];
    }
}

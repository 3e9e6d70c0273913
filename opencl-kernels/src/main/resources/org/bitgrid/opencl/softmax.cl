// Softmax and cross entropy over lines of elements: line i starts at i / inner * length * inner + i % inner, and its
// elements lie inner apart. One work-item computes a line.

static inline int lineStart(int i, int length, int inner) {
    return i / inner * length * inner + i % inner;
}

// The largest element; 0 where all are -infinity, so that differences are numbers. As on the CPU, +infinity gives NaN.
static inline float shiftOf(__global const float* x, int at, int length, int inner) {
    float largest = -INFINITY;
    for (int j = 0; j < length; j++) {
        largest = fmax(largest, x[at + j * inner]);
    }
    return largest == -INFINITY ? 0.0f : largest;
}

static inline acc_t sumOfPowers(__global const float* x, int at, int length, int inner, float shift) {
    acc_t sum = 0;
    for (int j = 0; j < length; j++) {
        sum += exp(x[at + j * inner] - shift);
    }
    return sum;
}

__kernel void softmax(__global const float* x, int xOffset, __global float* y, int yOffset, int lines, int length,
                      int inner, int logarithm) {
    int i = get_global_id(0);
    if (i < lines) {
        int start = lineStart(i, length, inner);
        int at = xOffset + start;
        float shift = shiftOf(x, at, length, inner);
        acc_t sum = sumOfPowers(x, at, length, inner, shift);
        float logSum = log((float) sum);
        for (int j = 0; j < length; j++) {
            float z = x[at + j * inner] - shift;
            y[yOffset + start + j * inner] = logarithm ? z - logSum : (float) (exp(z) / sum);
        }
    }
}

__kernel void softmaxGrad(__global const float* grad, int gradOffset, __global const float* y, int yOffset,
                          __global float* out, int outOffset, int lines, int length, int inner, int logarithm) {
    int i = get_global_id(0);
    if (i < lines) {
        int start = lineStart(i, length, inner);
        acc_t sum = 0;
        for (int j = 0; j < length; j++) {
            float g = grad[gradOffset + start + j * inner];
            sum += logarithm ? (acc_t) g : (acc_t) g * y[yOffset + start + j * inner];
        }
        for (int j = 0; j < length; j++) {
            float g = grad[gradOffset + start + j * inner];
            float value = y[yOffset + start + j * inner];
            out[outOffset + start + j * inner] = logarithm ? (float) (g - exp(value) * sum)
                    : (float) (value * (g - sum));
        }
    }
}

// Loss of each target, and the weight by which the mean divides. A target that is no class gives NaN.
__kernel void crossEntropyTerms(__global const float* x, int xOffset, __global const TARGET* target, int targetOffset,
                                __global const float* weight, int weightOffset, int weighted, __global acc_t* terms,
                                int lines, int length, int inner, long ignored, float smoothing) {
    int i = get_global_id(0);
    if (i < lines) {
        long t = target[targetOffset + i];
        acc_t loss = 0;
        acc_t mass = 0;
        if (t != ignored) {
            if (t < 0 || t >= length) {
                loss = NAN;
                mass = 1;
            } else {
                int at = xOffset + lineStart(i, length, inner);
                float shift = shiftOf(x, at, length, inner);
                acc_t logSum = shift + log(sumOfPowers(x, at, length, inner, shift));
                mass = weighted ? weight[weightOffset + t] : 1.0f;
                acc_t own = (1 - (acc_t) smoothing) * mass;
                loss = own == 0 ? 0 : own * (logSum - x[at + t * inner]);
                for (int c = 0; c < length && smoothing > 0; c++) {
                    acc_t share = (acc_t) smoothing / length * (weighted ? weight[weightOffset + c] : 1.0f);
                    loss += share == 0 ? 0 : share * (logSum - x[at + c * inner]);
                }
            }
        }
        terms[2 * i] = loss;
        terms[2 * i + 1] = mass;
    }
}

__kernel void crossEntropyEach(__global const acc_t* terms, __global float* y, int yOffset, int lines) {
    int i = get_global_id(0);
    if (i < lines) {
        y[yOffset + i] = (float) terms[2 * i];
    }
}

// One work-group of a fixed size adds all terms: each work-item every GROUP-th one, then a tree.
#define GROUP 64
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void crossEntropyTotal(__global const acc_t* terms, __global float* y, int yOffset, int lines, int mean) {
    __local acc_t losses[GROUP];
    __local acc_t masses[GROUP];
    int own = get_local_id(0);
    acc_t loss = 0;
    acc_t mass = 0;
    for (int i = own; i < lines; i += GROUP) {
        loss += terms[2 * i];
        mass += terms[2 * i + 1];
    }
    losses[own] = loss;
    masses[own] = mass;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int width = GROUP / 2; width > 0; width /= 2) {
        if (own < width) {
            losses[own] += losses[own + width];
            masses[own] += masses[own + width];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (own == 0) {
        y[yOffset] = (float) (mean ? losses[0] / masses[0] : losses[0]);
    }
}

// What the mean divided by, for the gradient.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void crossEntropyMass(__global const TARGET* target, int targetOffset, __global const float* weight, int weightOffset,
                      int weighted, __global acc_t* mass, int lines, int length, long ignored) {
    __local acc_t masses[GROUP];
    int own = get_local_id(0);
    acc_t sum = 0;
    for (int i = own; i < lines; i += GROUP) {
        long t = target[targetOffset + i];
        if (t != ignored) {
            sum += weighted && t >= 0 && t < length ? weight[weightOffset + t] : 1.0f;
        }
    }
    masses[own] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int width = GROUP / 2; width > 0; width /= 2) {
        if (own < width) {
            masses[own] += masses[own + width];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (own == 0) {
        mass[0] = masses[0];
    }
}

__kernel void crossEntropyGrad(__global const float* grad, int gradOffset, int gradStep, __global const float* x,
                               int xOffset, __global const TARGET* target, int targetOffset,
                               __global const float* weight, int weightOffset, int weighted,
                               __global const acc_t* mass, int mean, __global float* out, int outOffset, int lines,
                               int length, int inner, long ignored, float smoothing) {
    int i = get_global_id(0);
    if (i < lines) {
        int start = lineStart(i, length, inner);
        long t = target[targetOffset + i];
        if (t == ignored) {
            for (int c = 0; c < length; c++) {
                out[outOffset + start + c * inner] = 0;
            }
        } else {
            bool valid = t >= 0 && t < length;
            acc_t factor = grad[gradOffset + i * gradStep];
            factor = valid ? mean ? factor / mass[0] : factor : (acc_t) NAN;
            int at = xOffset + start;
            float shift = shiftOf(x, at, length, inner);
            acc_t powers = sumOfPowers(x, at, length, inner, shift);
            acc_t own = (1 - (acc_t) smoothing) * (weighted && valid ? weight[weightOffset + t] : 1.0f);
            acc_t all = own;
            for (int c = 0; c < length && smoothing > 0; c++) {
                all += (acc_t) smoothing / length * (weighted ? weight[weightOffset + c] : 1.0f);
            }
            for (int c = 0; c < length; c++) {
                acc_t share = smoothing > 0 ? (acc_t) smoothing / length * (weighted ? weight[weightOffset + c] : 1.0f)
                        : 0;
                share += c == t ? own : 0;
                out[outOffset + start + c * inner] = (float) (factor * (exp(x[at + c * inner] - shift) / powers * all
                        - share));
            }
        }
    }
}

// Each element by itself. The functions follow, generated from the operators' kinds by the macros below.
// TYPE: type of the operands of functions of two

static inline float logistic(float x) {
    return 1.0f / (1.0f + exp(-x));
}

// log(1 + exp(x)), without overflow
static inline float softplus(float x) {
    return fmax(x, 0.0f) + log1p(exp(-fabs(x)));
}

static inline float mish(float x) {
    return x * tanh(x > 20.0f ? x : softplus(x));
}

// Near 0, x - tanh(x) cancels: x^3 (1/3 - 2/15 x^2 + 17/315 x^4 - 62/2835 x^6)
static inline float tanhshrink(float x) {
    float s = x * x;
    float series = x * s * (0.33333334f - s * (0.13333334f - s * (0.053968254f - s * 0.021869488f)));
    return fabs(x) < 0.25f ? series : x - tanh(x);
}

// The rest with the sign of b
static inline float modulo(float a, float b) {
    float rest = fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

#define UNARY(NAME, EXPRESSION) \
__kernel void unary_##NAME(__global const float* in, int inOffset, __global float* out, int outOffset, int count) { \
    int i = get_global_id(0); \
    if (i < count) { \
        float x = in[inOffset + i]; \
        out[outOffset + i] = EXPRESSION; \
    } \
}

#define PARAMETRIC(NAME, EXPRESSION) \
__kernel void parametric_##NAME(__global const float* in, int inOffset, __global float* out, int outOffset, int count, \
                                float first, float second) { \
    int i = get_global_id(0); \
    if (i < count) { \
        float x = in[inOffset + i]; \
        out[outOffset + i] = EXPRESSION; \
    } \
}

#define BINARY(NAME, RESULT, EXPRESSION) \
__kernel void flat_##NAME(__global const TYPE* left, int leftOffset, int leftStep, __global const TYPE* right, \
                          int rightOffset, int rightStep, __global RESULT* out, int outOffset, int count) { \
    int i = get_global_id(0); \
    if (i < count) { \
        TYPE a = left[leftOffset + i * leftStep]; \
        TYPE b = right[rightOffset + i * rightStep]; \
        out[outOffset + i] = EXPRESSION; \
    } \
} \
__kernel void strided_##NAME(__global const TYPE* left, int leftOffset, __global const TYPE* right, int rightOffset, \
                             __global RESULT* out, int outOffset, int count, int rank, int8 sizes, int8 strides0, \
                             int8 strides1) { \
    int i = get_global_id(0); \
    if (i < count) { \
        int rest = i; \
        int p0 = leftOffset; \
        int p1 = rightOffset; \
        ALL(STEP2) \
        TYPE a = left[p0]; \
        TYPE b = right[p1]; \
        out[outOffset + i] = EXPRESSION; \
    } \
} \
__kernel void scalar_##NAME(__global const TYPE* in, int inOffset, __global RESULT* out, int outOffset, int count, \
                            TYPE scalar, int reversed) { \
    int i = get_global_id(0); \
    if (i < count) { \
        TYPE x = in[inOffset + i]; \
        TYPE a = reversed ? scalar : x; \
        TYPE b = reversed ? x : scalar; \
        out[outOffset + i] = EXPRESSION; \
    } \
}

// condition ? a : b, each of any layout
__kernel void choose(__global const uchar* condition, int conditionOffset, __global const TYPE* a, int aOffset,
                     __global const TYPE* b, int bOffset, __global TYPE* out, int outOffset, int count, int rank,
                     int8 sizes, int8 strides0, int8 strides1, int8 strides2) {
    int i = get_global_id(0);
    if (i < count) {
        int rest = i;
        int p0 = conditionOffset;
        int p1 = aOffset;
        int p2 = bOffset;
        ALL(STEP3)
        out[outOffset + i] = condition[p0] ? a[p1] : b[p2];
    }
}

__kernel void addScaled(__global TYPE* target, int targetOffset, __global const TYPE* x, int xOffset, int count,
                        TYPE alpha) {
    int i = get_global_id(0);
    if (i < count) {
        target[targetOffset + i] += alpha * x[xOffset + i];
    }
}

// Powers that a few multiplications, a square root or a division give exactly or nearly so.
__kernel void power(__global const TYPE* in, int inOffset, __global TYPE* out, int outOffset, int count, TYPE exponent,
                    int reversed) {
    int i = get_global_id(0);
    if (i < count) {
        float x = in[inOffset + i];
        out[outOffset + i] = exponent == 2 ? x * x : exponent == 3 ? x * x * x : exponent == 0.5f ? sqrt(x)
                : exponent == -0.5f ? 1.0f / sqrt(x) : exponent == -1 ? 1.0f / x : exponent == -2 ? 1.0f / (x * x)
                : exponent == 1 ? x : 1.0f;
    }
}

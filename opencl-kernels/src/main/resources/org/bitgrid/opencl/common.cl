// What every program begins with.

// Sums and products are rounded as they are written; kernels that want a fused multiply-add say fma().
#pragma OPENCL FP_CONTRACT OFF

// Takes one dimension off the running index: its coordinate times the strides is added to the places.
#define STEP1(D) if (rank > D) { int q = rest / sizes.s##D; int r = rest - q * sizes.s##D; rest = q; p0 += r * strides0.s##D; }
#define STEP2(D) if (rank > D) { int q = rest / sizes.s##D; int r = rest - q * sizes.s##D; rest = q; p0 += r * strides0.s##D; p1 += r * strides1.s##D; }
#define STEP3(D) if (rank > D) { int q = rest / sizes.s##D; int r = rest - q * sizes.s##D; rest = q; p0 += r * strides0.s##D; p1 += r * strides1.s##D; p2 += r * strides2.s##D; }
#define ALL(STEP) STEP(0) STEP(1) STEP(2) STEP(3) STEP(4) STEP(5) STEP(6) STEP(7)

// Place of element i of a row-major walk.
static inline int placeOf(int i, int rank, int8 sizes, int8 strides0) {
    int rest = i;
    int p0 = 0;
    ALL(STEP1)
    return p0;
}

// What sums are kept in: double where the device has it, else float.
#ifdef HAS_FLOAT64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
typedef double acc_t;
#else
typedef float acc_t;
#endif

// a / b rounded as IEEE 754 says. Where the device rounds division loosely, the remainder, which fma gives exactly,
// corrects the last bit (Markstein, 1990).
static inline float quotient(float a, float b) {
#ifdef EXACT_DIVISION
    return a / b;
#else
    float inverse = 1.0f / b;
    inverse = fma(fma(-b, inverse, 1.0f), inverse, inverse);
    float q = a * inverse;
    q = fma(fma(-b, q, a), inverse, q);
    float corrected = fma(fma(-b, q, a), inverse, q);
    return isfinite(corrected) && fabs(b) > 1e-30f && fabs(b) < 1e30f ? corrected : a / b;
#endif
}


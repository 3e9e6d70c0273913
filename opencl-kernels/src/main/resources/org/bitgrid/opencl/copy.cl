// Row-major copies of elements in any order, as the same type or as another.
// FROM: type of the elements that are read
// TO: type of the elements that are written
// CONVERT(X): the conversion, as the host's

// Fractions are cut off; what does not fit becomes the nearest long, and no number becomes 0.
static inline long whole(float x) {
    return isnan(x) ? 0L : x >= 0x1p63f ? LONG_MAX : x < -0x1p63f ? LONG_MIN : (long) x;
}

__kernel void copyStrided(__global const FROM* x, int xOffset, __global TO* out, int outOffset, int count, int rank,
                          int8 sizes, int8 strides0) {
    int i = get_global_id(0);
    if (i < count) {
        int rest = i;
        int p0 = xOffset;
        ALL(STEP1)
        out[outOffset + i] = CONVERT(x[p0]);
    }
}

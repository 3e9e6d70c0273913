// Elements of any type, placed without computing with them.
// TYPE: type of an element

__kernel void fill(__global TYPE* out, int outOffset, int count, TYPE value) {
    int i = get_global_id(0);
    if (i < count) {
        out[outOffset + i] = value;
    }
}

// Row-major copy of elements in any order. sizes, strides: dimensions from the outermost, padded in front.
__kernel void copyStrided(__global const TYPE* x, int xOffset, __global TYPE* out, int outOffset, int count, int8 sizes,
                          int8 strides) {
    int i = get_global_id(0);
    if (i >= count) {
        return;
    }
    int rest = i;
    int at = xOffset;
    at += rest % sizes.s7 * strides.s7; rest /= sizes.s7;
    at += rest % sizes.s6 * strides.s6; rest /= sizes.s6;
    at += rest % sizes.s5 * strides.s5; rest /= sizes.s5;
    at += rest % sizes.s4 * strides.s4; rest /= sizes.s4;
    at += rest % sizes.s3 * strides.s3; rest /= sizes.s3;
    at += rest % sizes.s2 * strides.s2; rest /= sizes.s2;
    at += rest % sizes.s1 * strides.s1; rest /= sizes.s1;
    at += rest * strides.s0;
    out[outOffset + i] = x[at];
}

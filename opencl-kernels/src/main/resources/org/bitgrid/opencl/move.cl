// Elements of any type, placed without computing with them.
// TYPE: type of an element

__kernel void fill(__global TYPE* out, int outOffset, int count, TYPE value) {
    int i = get_global_id(0);
    if (i < count) {
        out[outOffset + i] = value;
    }
}

// One value at the places of any layout.
__kernel void fillStrided(__global TYPE* out, int outOffset, int count, TYPE value, int rank, int8 sizes,
                          int8 strides0) {
    int i = get_global_id(0);
    if (i < count) {
        int rest = i;
        int p0 = outOffset;
        ALL(STEP1)
        out[p0] = value;
    }
}

// From the places of one layout to those of another.
__kernel void copyInto(__global const TYPE* x, int xOffset, __global TYPE* out, int outOffset, int count, int rank,
                       int8 sizes, int8 strides0, int8 strides1) {
    int i = get_global_id(0);
    if (i < count) {
        int rest = i;
        int p0 = xOffset;
        int p1 = outOffset;
        ALL(STEP2)
        out[p1] = x[p0];
    }
}

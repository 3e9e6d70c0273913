// Folds. A fold of many elements is cut into chunks, whose number depends on the shape alone; chunk c folds the elements
// c, c + chunks, c + 2 chunks, ... so that neighbouring work-items read neighbouring elements. A second kernel folds the
// chunks in ascending order.
// TYPE: type of the elements; SUM: type of sums; RESULT: type of the result

#define FOLD(NAME, ACC, START, TAKE) \
__kernel void NAME(__global const TYPE* x, int xOffset, __global ACC* partial, int outputs, int chunks, int length, \
                   int chunkFastest, int keptRank, int8 keptSizes, int8 keptStrides, int rank, int8 sizes, \
                   int8 strides) { \
    int i = get_global_id(0); \
    if (i < outputs * chunks) { \
        int output = chunkFastest ? i / chunks : i % outputs; \
        int chunk = chunkFastest ? i % chunks : i / outputs; \
        int base = xOffset + placeOf(output, keptRank, keptSizes, keptStrides); \
        ACC fold = START; \
        for (int j = chunk; j < length; j += chunks) { \
            TYPE value = x[base + (rank == 1 ? j * strides.s0 : placeOf(j, rank, sizes, strides))]; \
            TAKE; \
        } \
        partial[output * chunks + chunk] = fold; \
    } \
}

FOLD(foldSum, SUM, 0, fold += value)
FOLD(foldLargest, TYPE, LOWEST, fold = value > fold || value != value ? value : fold)
FOLD(foldSmallest, TYPE, HIGHEST, fold = value < fold || value != value ? value : fold)

__kernel void finishSum(__global const SUM* partial, __global RESULT* y, int yOffset, int outputs, int chunks,
                        SUM divisor) {
    int i = get_global_id(0);
    if (i < outputs) {
        SUM sum = 0;
        for (int c = 0; c < chunks; c++) {
            sum += partial[i * chunks + c];
        }
        y[yOffset + i] = (RESULT) (DIVIDE ? sum / divisor : sum);
    }
}

#define FINISH(NAME, START, BETTER) \
__kernel void NAME(__global const TYPE* partial, __global TYPE* y, int yOffset, int outputs, int chunks) { \
    int i = get_global_id(0); \
    if (i < outputs) { \
        TYPE fold = START; \
        for (int c = 0; c < chunks; c++) { \
            TYPE value = partial[i * chunks + c]; \
            fold = fold != fold ? fold : value BETTER fold || value != value ? value : fold; \
        } \
        y[yOffset + i] = fold; \
    } \
}

FINISH(finishLargest, LOWEST, >)
FINISH(finishSmallest, HIGHEST, <)

// Index of the largest or smallest of each line of elements, the first of equals; NaN wins.
__kernel void argReduce(__global const TYPE* x, int xOffset, __global long* y, int yOffset, int lines, int length,
                        int inner, int largest) {
    int i = get_global_id(0);
    if (i < lines) {
        int at = xOffset + i / inner * length * inner + i % inner;
        TYPE best = x[at];
        int index = 0;
        for (int j = 1; j < length; j++) {
            TYPE value = x[at + j * inner];
            bool better = largest ? value > best : value < best;
            if (best == best && (better || value != value)) {
                best = value;
                index = j;
            }
        }
        y[yOffset + i] = index;
    }
}

// How many elements are equal, in chunks as above.
__kernel void countEqual(__global const TYPE* a, int aOffset, __global const TYPE* b, int bOffset,
                         __global SUM* partial, int count, int chunks) {
    int i = get_global_id(0);
    if (i < chunks) {
        SUM equal = 0;
        for (int j = i; j < count; j += chunks) {
            equal += a[aOffset + j] == b[bOffset + j];
        }
        partial[i] = equal;
    }
}

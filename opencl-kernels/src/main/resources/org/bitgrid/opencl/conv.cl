// Convolutions as products of matrices that exist only tile by tile: the elements of a patch are found while a tile is
// copied to local memory. Tunables: tile.cl.
//
// In all three, a step of the sum and a column of the result each have a place in the image from which patches are
// taken: an offset in elements, a row and a column. What lies at the sum of both is the element of the right operand, or
// zero when that is outside the image.
//
//                left operand     rows              columns                       steps
// forward        weight           filters           samples, output pixels        channels, taps
// weight grad    grad             filters           channels, taps                samples, output pixels
// input grad     weight           channels          samples, input pixels         filters, taps
//
// Input pixels are taken in strideH x strideW phases: those of one phase are seen through the same taps.
// Groups of the convolution, phases and chunks of the sum are counted by the third dimension.

// int16 window: the sizes of the convolution
#define KERNEL_H window.s0
#define KERNEL_W window.s1
#define STRIDE_H window.s2
#define STRIDE_W window.s3
#define PAD_H window.s4
#define PAD_W window.s5
#define DILATION_H window.s6
#define DILATION_W window.s7
#define IN_H window.s8
#define IN_W window.s9
#define OUT_H window.sa
#define OUT_W window.sb
#define SAMPLES window.sc
#define CHANNELS window.sd /* of one group */
#define FILTERS window.se /* of one group */
#define GROUPS window.sf
#define TAPS (KERNEL_H * KERNEL_W)
#define IN_PIXELS (IN_H * IN_W)
#define OUT_PIXELS (OUT_H * OUT_W)

// Elements that one work-item finds at a time; with many work-items, neighbours find neighbours.
#if ITEMS == 1
#define GATHER LOAD
#else
#define GATHER 1
#endif
#define OUTSIDE (-1 << 28)

// Places, for the steps of a tile and for its columns: x offset, y row and z column in the image, w where the element
// of the left operand is (steps) or the result goes (columns).
#define PLACES(NAME, SIZE) \
    __local int NAME##Offset[SIZE]; \
    __local int NAME##Row[SIZE]; \
    __local int NAME##Column[SIZE]; \
    __local int NAME##Other[SIZE];

#define FILL_PLACES(NAME, SIZE, LIMIT, PLACE) \
    for (int i = item; i < SIZE; i += ITEMS) { \
        int4 place = (int4) (0, OUTSIDE, OUTSIDE, 0); \
        if (i < (LIMIT)) { \
            place = PLACE; \
        } \
        NAME##Offset[i] = place.x; \
        NAME##Row[i] = place.y; \
        NAME##Column[i] = place.z; \
        NAME##Other[i] = place.w; \
    }

// Whether GATHER places from this one on are neighbours in one row of the image.
static inline int isRun(__local const int* offsets, __local const int* rows, __local const int* columns) {
    return offsets[GATHER - 1] == offsets[0] + GATHER - 1 && rows[GATHER - 1] == rows[0]
            && columns[GATHER - 1] == columns[0] + GATHER - 1;
}

// Copies GATHER elements: along[0], along[1] … each with the place of across.
static inline void gather(__global const float* image, int height, int width, __local const int* alongOffset,
                   __local const int* alongRow, __local const int* alongColumn, int offset, int row, int column,
                   float* values) {
#if GATHER > 1
    if (isRun(alongOffset, alongRow, alongColumn)) {
        const int h = row + alongRow[0];
        const int w = column + alongColumn[0];
        if (h >= 0 && h < height && w >= 0 && w + GATHER <= width) {
            VSTORE_LOAD(VLOAD_LOAD(0, image + offset + alongOffset[0]), 0, values);
            return;
        }
    }
#endif
    for (int lane = 0; lane < GATHER; lane++) {
        const int h = row + alongRow[lane];
        const int w = column + alongColumn[lane];
        const int inside = h >= 0 && h < height && w >= 0 && w < width;
        values[lane] = inside ? image[offset + alongOffset[lane]] : 0.0f;
    }
}

// The left operand: line by line, or step by step where lines are neighbours in memory.
static inline void loadLeft(__global const float* x, int lineStride, int lines, int steps, __local const int* stepOther,
                     __local float* tile) {
    HERE
    for (int i = item; i < TILE_M * TILE_K; i += ITEMS) {
        const int line = lineStride == 1 ? i % TILE_M : i / TILE_K;
        const int step = lineStride == 1 ? i / TILE_M : i % TILE_K;
        if (line < lines && step < DEPTH(steps)) {
            tile[A_AT(step, line)] = step < steps ? x[line * lineStride + stepOther[step]] : 0.0f;
        }
    }
}

#define ACROSS_STEPS \
    for (int i = item; i < TILE_N * TILE_K / GATHER; i += ITEMS) { \
        const int step = i / (TILE_N / GATHER); \
        const int line = i % (TILE_N / GATHER) * GATHER; \
        if (line < columns && step < DEPTH(steps)) { \
            float values[GATHER]; \
            gather(image, height, width, columnOffset + line, columnRow + line, columnColumn + line, \
                    stepOffset[step], stepRow[step], stepColumn[step], values); \
            for (int lane = 0; lane < GATHER; lane++) { \
                tileB[B_AT(step, line + lane)] = values[lane]; \
            } \
        } \
    }

#define ALONG_STEPS \
    for (int i = item; i < TILE_N * TILE_K / GATHER; i += ITEMS) { \
        const int line = i / (TILE_K / GATHER); \
        const int step = i % (TILE_K / GATHER) * GATHER; \
        if (line < columns && step < DEPTH(steps)) { \
            float values[GATHER]; \
            gather(image, height, width, stepOffset + step, stepRow + step, stepColumn + step, columnOffset[line], \
                    columnRow[line], columnColumn[line], values); \
            for (int lane = 0; lane < GATHER; lane++) { \
                tileB[B_AT(step + lane, line)] = values[lane]; \
            } \
        } \
    }

// A window position: its first element in the image, and the output pixel.
static inline int4 windowPlace(int index, int16 window) {
    const int sample = index / OUT_PIXELS;
    const int pixel = index % OUT_PIXELS;
    const int h = pixel / OUT_W * STRIDE_H - PAD_H;
    const int w = pixel % OUT_W * STRIDE_W - PAD_W;
    return (int4) (sample * GROUPS * CHANNELS * IN_PIXELS + h * IN_W + w, h, w,
            sample * GROUPS * FILTERS * OUT_PIXELS + pixel);
}

// A channel and tap: how far from the window's first element.
static inline int4 tapPlace(int index, int16 window) {
    const int channel = index / TAPS;
    const int h = index % TAPS / KERNEL_W * DILATION_H;
    const int w = index % KERNEL_W * DILATION_W;
    return (int4) (channel * IN_PIXELS + h * IN_W + w, h, w, index);
}

// Along one dimension, the taps through which output pixels see the input pixels of a phase: first, first + every, …
// s0 first, s1 how many, s2 the output pixel that sees the phase's first input pixel through the first tap.
static inline int4 tapsOfPhase(int phase, int kernelSize, int stride, int pad, int dilation, int every) {
    int first = 0;
    while (first < every && (phase + pad - first * dilation) % stride != 0) {
        first++;
    }
    const int count = first == every || first >= kernelSize ? 0 : (kernelSize - 1 - first) / every + 1;
    return (int4) (first, count, (phase + pad - first * dilation) / stride, 0);
}

static inline int4 inputPixelPlace(int index, int16 window, int2 phase, int2 sizes) {
    const int sample = index / (sizes.x * sizes.y);
    const int h = index % (sizes.x * sizes.y) / sizes.y;
    const int w = index % sizes.y;
    return (int4) (sample * GROUPS * FILTERS * OUT_PIXELS + h * OUT_W + w, h, w, sample * GROUPS * CHANNELS * IN_PIXELS
            + (phase.x + STRIDE_H * h) * IN_W + phase.y + STRIDE_W * w);
}

static inline int4 phaseTapPlace(int index, int16 window, int4 tapsH, int4 tapsW, int2 every) {
    const int filter = index / (tapsH.y * tapsW.y);
    const int tapH = index % (tapsH.y * tapsW.y) / tapsW.y;
    const int tapW = index % tapsW.y;
    const int h = tapsH.z - tapH * (every.x * DILATION_H / STRIDE_H);
    const int w = tapsW.z - tapW * (every.y * DILATION_W / STRIDE_W);
    return (int4) (filter * OUT_PIXELS + h * OUT_W + w, h, w, filter * CHANNELS * TAPS
            + (tapsH.x + tapH * every.x) * KERNEL_W + tapsW.x + tapW * every.y);
}

// Whatever comes before defines m, n, k (rows, columns, steps), chunk, left, lineStride, image, height, width and rowOut.
// With more than one chunk, out has room for as many outputs.
#define PRODUCT(STEP_PLACE, COLUMN_PLACE, LOAD_RIGHT, BIAS) \
    const int firstM = get_group_id(1) * TILE_M; \
    const int firstN = get_group_id(0) * TILE_N; \
    const int rows = m - firstM; \
    const int columns = n - firstN; \
    const int begin = chunk * chunkLength; \
    const int end = columns > 0 ? min(k, begin + chunkLength) : 0; \
    FILL_PLACES(column, TILE_N, columns, COLUMN_PLACE) \
    int from = begin; \
    do { /* at least once, so that empty sums are zero */ \
        const int steps = max(0, min(TILE_K, end - from)); \
        TOGETHER \
        FILL_PLACES(step, TILE_K, steps, STEP_PLACE) \
        TOGETHER \
        loadLeft(left + firstM * lineStride, lineStride, rows, steps, stepOther, tileA); \
        LOAD_RIGHT \
        TOGETHER \
        multiply(tileA, tileB, sums, rows, columns, steps, from == begin); \
        from += TILE_K; \
    } while (from < end); \
    out += outOffset + chunk * outCount + firstM * rowOut; \
    FOR_EACH_SUM(out[row * rowOut + columnOther[column]] = BIAS;)

#define PREPARE \
    HERE \
    TILES \
    PLACES(step, TILE_K) \
    PLACES(column, TILE_N) \
    const int group = get_group_id(2) % GROUPS;

KERNEL convForward(__global const float* x, int xOffset, __global const float* weight, int weightOffset,
                   __global const float* bias, int biasOffset, int biased, __global float* out, int outOffset,
                   int16 window, int chunkLength, int outCount) {
    PREPARE
    const int chunk = get_group_id(2) / GROUPS;
    const int m = FILTERS;
    const int n = SAMPLES * OUT_PIXELS;
    const int k = CHANNELS * TAPS;
    const int lineStride = k;
    __global const float* left = weight + weightOffset + group * FILTERS * lineStride;
    __global const float* image = x + xOffset + group * CHANNELS * IN_PIXELS;
    const int height = IN_H;
    const int width = IN_W;
    const int rowOut = OUT_PIXELS;
    out += group * FILTERS * OUT_PIXELS;
    bias += biasOffset + group * FILTERS;
    PRODUCT(tapPlace(from + i, window), windowPlace(firstN + i, window), ACROSS_STEPS,
            biased ? value + bias[firstM + row] : value)
}

KERNEL convWeightGrad(__global const float* x, int xOffset, __global const float* grad, int gradOffset,
                      __global float* out, int outOffset, int16 window, int chunkLength, int outCount) {
    PREPARE
    const int chunk = get_group_id(2) / GROUPS;
    const int m = FILTERS;
    const int n = CHANNELS * TAPS;
    const int k = SAMPLES * OUT_PIXELS;
    const int lineStride = OUT_PIXELS;
    __global const float* left = grad + gradOffset + group * FILTERS * OUT_PIXELS;
    __global const float* image = x + xOffset + group * CHANNELS * IN_PIXELS;
    const int height = IN_H;
    const int width = IN_W;
    const int rowOut = n;
    out += group * FILTERS * n;
    PRODUCT(windowPlace(from + i, window), tapPlace(firstN + i, window), ALONG_STEPS, value)
}

// every: distance of taps that see the same phase, along height and width
KERNEL convInputGrad(__global const float* grad, int gradOffset, __global const float* weight, int weightOffset,
                     __global float* out, int outOffset, int16 window, int chunkLength, int outCount, int2 every) {
    PREPARE
    const int phases = STRIDE_H * STRIDE_W;
    const int chunk = get_group_id(2) / (GROUPS * phases);
    const int phaseIndex = get_group_id(2) / GROUPS % phases;
    const int2 phase = (int2) (phaseIndex / STRIDE_W, phaseIndex % STRIDE_W);
    const int2 sizes = (int2) ((IN_H - phase.x + STRIDE_H - 1) / STRIDE_H, (IN_W - phase.y + STRIDE_W - 1) / STRIDE_W);
    const int4 tapsH = tapsOfPhase(phase.x, KERNEL_H, STRIDE_H, PAD_H, DILATION_H, every.x);
    const int4 tapsW = tapsOfPhase(phase.y, KERNEL_W, STRIDE_W, PAD_W, DILATION_W, every.y);
    const int m = CHANNELS;
    const int n = SAMPLES * sizes.x * sizes.y;
    const int k = FILTERS * tapsH.y * tapsW.y;
    const int lineStride = TAPS;
    __global const float* left = weight + weightOffset + group * FILTERS * CHANNELS * TAPS;
    __global const float* image = grad + gradOffset + group * FILTERS * OUT_PIXELS;
    const int height = OUT_H;
    const int width = OUT_W;
    const int rowOut = IN_PIXELS;
    out += group * CHANNELS * IN_PIXELS;
    PRODUCT(phaseTapPlace(from + i, window, tapsH, tapsW, every), inputPixelPlace(firstN + i, window, phase, sizes),
            ACROSS_STEPS, value)
}

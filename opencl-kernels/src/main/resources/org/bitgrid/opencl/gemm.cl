// out[batch] (M, N) = a[batch] (M, K) x b[batch] (K, N) + bias (N), operands of any strides. Tunables: tile.cl.

// Copies lines (rows of a, columns of b) x steps of the sum to a local tile: zeros beyond the last step, anything
// beyond the last line. Walks through memory along whichever dimension has neighbours.
#define LOADER(NAME, TILE, AT) \
static inline void NAME(__global const float* x, int lineStride, int stepStride, int vectors, int lines, int steps, \
                 __local float* tile) { \
    HERE \
    if (stepStride == 1) { \
        for (int i = item; i < TILE * TILE_K / LOAD; i += ITEMS) { \
            int line = i / (TILE_K / LOAD); \
            int step = i % (TILE_K / LOAD) * LOAD; \
            if (line < lines && step < DEPTH(steps)) { \
                __global const float* from = x + line * lineStride + step; \
                float values[LOAD]; \
                if (vectors && step + LOAD <= steps) { \
                    GLOBAL_VECTOR(from, values); \
                } else { \
                    for (int lane = 0; lane < LOAD; lane++) { \
                        values[lane] = step + lane < steps ? from[lane] : 0.0f; \
                    } \
                } \
                for (int lane = 0; lane < LOAD; lane++) { \
                    tile[AT(step + lane, line)] = values[lane]; \
                } \
            } \
        } \
    } else { \
        for (int i = item; i < TILE * TILE_K / LOAD; i += ITEMS) { \
            int step = i / (TILE / LOAD); \
            int line = i % (TILE / LOAD) * LOAD; \
            if (line < lines && step < DEPTH(steps)) { \
                __global const float* from = x + line * lineStride + step * stepStride; \
                float values[LOAD]; \
                if (vectors && lineStride == 1 && line + LOAD <= lines && step < steps) { \
                    GLOBAL_VECTOR(from, values); \
                } else { \
                    for (int lane = 0; lane < LOAD; lane++) { \
                        values[lane] = step < steps && line + lane < lines ? from[lane * lineStride] : 0.0f; \
                    } \
                } \
                for (int lane = 0; lane < LOAD; lane++) { \
                    tile[AT(step, line + lane)] = values[lane]; \
                } \
            } \
        } \
    } \
}

#if ALIGNED
#define GLOBAL_VECTOR(FROM, VALUES) VSTORE_LOAD(*(__global const FLOAT_LOAD*) (FROM), 0, VALUES)
#else
#define GLOBAL_VECTOR(FROM, VALUES) VSTORE_LOAD(VLOAD_LOAD(0, FROM), 0, VALUES)
#endif

LOADER(loadA, TILE_M, A_AT)
LOADER(loadB, TILE_N, B_AT)

// Groups along the third dimension: chunks of the sum, within each the batch. With more than one chunk, out has room for
// (chunks, batch, M, N). Batch dimensions from the innermost on; sizesMNK.s3 is the length of a chunk; the strides are
// those of a's rows, a's columns, b's rows, b's columns; vectors: whether a and b may be read by aligned vectors.
KERNEL gemm(__global const float* a, int aOffset, __global const float* b, int bOffset, __global const float* bias,
            int biasOffset, int biased, __global float* out, int outOffset, int4 sizesMNK, int4 strides, int2 vectors,
            int batches, int rank, int8 sizes, int8 strides0, int8 strides1) {
    HERE
    TILES
    const int firstM = get_group_id(1) * TILE_M;
    const int firstN = get_group_id(0) * TILE_N;
    const int rows = sizesMNK.s0 - firstM;
    const int columns = sizesMNK.s1 - firstN;
    const int chunk = get_group_id(2) / batches;
    int rest = get_group_id(2) % batches;
    int p0 = aOffset + firstM * strides.s0;
    int p1 = bOffset + firstN * strides.s3;
    ALL(STEP2)
    const int begin = chunk * sizesMNK.s3;
    const int end = min(sizesMNK.s2, begin + sizesMNK.s3);
    int step = begin;
    do { // at least once, so that empty sums are zero
        const int steps = min(TILE_K, end - step);
        TOGETHER
        loadA(a + p0 + step * strides.s1, strides.s0, strides.s1, vectors.s0, rows, steps, tileA);
        loadB(b + p1 + step * strides.s2, strides.s3, strides.s2, vectors.s1, columns, steps, tileB);
        TOGETHER
        multiply(tileA, tileB, sums, rows, columns, steps, step == begin);
        step += TILE_K;
    } while (step < end);
    out += outOffset + ((int) get_group_id(2) * sizesMNK.s0 + firstM) * sizesMNK.s1 + firstN;
    FOR_EACH_SUM(out[row * sizesMNK.s1 + column] = biased ? value + bias[biasOffset + firstN + column] : value;)
}

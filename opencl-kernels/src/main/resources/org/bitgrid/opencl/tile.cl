// Products of matrices, tile by tile: what gemm.cl and conv.cl share. A work-group computes TILE_M x TILE_N elements of
// the result from tiles of both operands that it has copied to local memory, TILE_K steps of the sum at a time.
//
// Tunables, all in elements unless said otherwise:
// TILE_M, TILE_N   rows and columns of the result that one work-group computes; multiples of PANEL_M and PANEL_N
// TILE_K           steps of the sum for which operands are in local memory; a multiple of LOAD
// GROUP_M, GROUP_N work-items of a group along rows and along columns
// WORK_M, WORK_N   rows and columns that a work-item holds in registers; multiples of VECTOR_M and VECTOR_N
// VECTOR_M         width of the loads of the left operand from local memory: 2, 4, 8 or 16
// VECTOR_N         width of the multiply-adds and of the loads of the right operand from local memory: 2, 4, 8 or 16
// LOAD             width of loads from global memory: 2, 4, 8 or 16
// ALIGNED          1: vector loads from global memory need their natural alignment, others are made one by one
// PAD              elements between lines of local tiles, against bank conflicts; a multiple of VECTOR_M and VECTOR_N
// FULL_K           1: the sum always runs over TILE_K steps, zeros included, so that the loop can be unrolled
//
// A work-item's rows come in runs of VECTOR_M that alternate with those of its neighbours, its columns likewise, so that
// neighbours read neighbouring words. Groups of one work-item with more than one panel suit processors with large
// caches and no local memory; groups of many work-items with one panel suit GPUs.

#define JOIN_(A, B) A##B
#define JOIN(A, B) JOIN_(A, B)
#define FLOAT_M JOIN(float, VECTOR_M)
#define FLOAT_N JOIN(float, VECTOR_N)
#define FLOAT_LOAD JOIN(float, LOAD)
#define VSTORE_M JOIN(vstore, VECTOR_M)
#define VSTORE_N JOIN(vstore, VECTOR_N)
#define VSTORE_LOAD JOIN(vstore, LOAD)
#define VLOAD_LOAD JOIN(vload, LOAD)

#define ITEMS (GROUP_M * GROUP_N)
#define PANEL_M (GROUP_M * WORK_M)
#define PANEL_N (GROUP_N * WORK_N)
#define PANELS_M (TILE_M / PANEL_M)
#define PANELS_N (TILE_N / PANEL_N)
#define PANELS (PANELS_M * PANELS_N)
#define LINE_M (PANEL_M + PAD)
#define LINE_N (PANEL_N + PAD)
#define VECTORS_N (WORK_N / VECTOR_N)
#define A_SIZE (PANELS_M * TILE_K * LINE_M)
#define B_SIZE (PANELS_N * TILE_K * LINE_N)
#define A_AT(K, M) (((M) / PANEL_M * TILE_K + (K)) * LINE_M + (M) % PANEL_M)
#define B_AT(K, N) (((N) / PANEL_N * TILE_K + (K)) * LINE_N + (N) % PANEL_N)
#define ROW_OF(I) (((I) / VECTOR_M * GROUP_M + itemM) * VECTOR_M + (I) % VECTOR_M)
#define COLUMN_OF(V) (((V) * GROUP_N + itemN) * VECTOR_N)

// Sums of one panel stay in registers from the first step to the last; those of more wait in local memory.
#if PANELS == 1
#define SUMS __private
#define SUMS_SIZE (WORK_M * VECTORS_N)
#define SUMS_AT(PANEL, I, V) ((I) * VECTORS_N + (V))
#else
#define SUMS __local
#define SUMS_SIZE (PANELS * WORK_M * VECTORS_N * ITEMS)
#define SUMS_AT(PANEL, I, V) ((((PANEL) * WORK_M + (I)) * VECTORS_N + (V)) * ITEMS + item)
#endif

#if ITEMS == 1
#define TOGETHER
#else
#define TOGETHER barrier(CLK_LOCAL_MEM_FENCE);
#endif

#if FULL_K
#define DEPTH(COUNT) TILE_K
#else
#define DEPTH(COUNT) (COUNT)
#endif

#define HERE \
    const int itemN = get_local_id(0); \
    const int itemM = get_local_id(1); \
    const int item = itemM * GROUP_N + itemN;

#define TILES \
    __local float tileA[A_SIZE] __attribute__((aligned(64))); \
    __local float tileB[B_SIZE] __attribute__((aligned(64))); \
    SUMS FLOAT_N sums[SUMS_SIZE];

#define KERNEL __kernel __attribute__((reqd_work_group_size(GROUP_N, GROUP_M, 1))) void

// sums += a tile of the left operand times one of the right, over count steps; rows and columns are what is left of the
// result from this tile on.
static inline void multiply(__local const float* tileA, __local const float* tileB, SUMS FLOAT_N* sums, int rows, int columns,
                     int count, int first) {
    HERE
    for (int panelN = 0; panelN < PANELS_N; panelN++) {
        for (int panelM = 0; panelM < PANELS_M; panelM++) {
            if (PANELS > 1 && (panelM * PANEL_M >= rows || panelN * PANEL_N >= columns)) {
                continue;
            }
            FLOAT_N sum[WORK_M][VECTORS_N];
            #pragma unroll
            for (int i = 0; i < WORK_M; i++) {
                #pragma unroll
                for (int v = 0; v < VECTORS_N; v++) {
                    sum[i][v] = first ? (FLOAT_N) (0.0f) : sums[SUMS_AT(panelN * PANELS_M + panelM, i, v)];
                }
            }
            __local const float* a = tileA + panelM * TILE_K * LINE_M;
            __local const float* b = tileB + panelN * TILE_K * LINE_N;
            for (int k = 0; k < DEPTH(count); k++) {
                FLOAT_N right[VECTORS_N];
                #pragma unroll
                for (int v = 0; v < VECTORS_N; v++) {
                    right[v] = *(__local const FLOAT_N*) (b + k * LINE_N + COLUMN_OF(v));
                }
                float left[WORK_M];
                #pragma unroll
                for (int i = 0; i < WORK_M; i += VECTOR_M) {
                    VSTORE_M(*(__local const FLOAT_M*) (a + k * LINE_M + ROW_OF(i)), 0, left + i);
                }
                #pragma unroll
                for (int i = 0; i < WORK_M; i++) {
                    #pragma unroll
                    for (int v = 0; v < VECTORS_N; v++) {
                        sum[i][v] = fma((FLOAT_N) (left[i]), right[v], sum[i][v]);
                    }
                }
            }
            #pragma unroll
            for (int i = 0; i < WORK_M; i++) {
                #pragma unroll
                for (int v = 0; v < VECTORS_N; v++) {
                    sums[SUMS_AT(panelN * PANELS_M + panelM, i, v)] = sum[i][v];
                }
            }
        }
    }
}

// Runs STORE, a statement with row, column (of the tile) and value, for each element that lies within rows and columns.
#define FOR_EACH_SUM(STORE) \
    for (int panelN = 0; panelN < PANELS_N; panelN++) { \
        for (int panelM = 0; panelM < PANELS_M; panelM++) { \
            _Pragma("unroll") \
            for (int i = 0; i < WORK_M; i++) { \
                const int row = panelM * PANEL_M + ROW_OF(i); \
                _Pragma("unroll") \
                for (int v = 0; v < VECTORS_N; v++) { \
                    const int start = panelN * PANEL_N + COLUMN_OF(v); \
                    if (row < rows && start < columns) { \
                        float values[VECTOR_N]; \
                        VSTORE_N(sums[SUMS_AT(panelN * PANELS_M + panelM, i, v)], 0, values); \
                        _Pragma("unroll") \
                        for (int lane = 0; lane < VECTOR_N; lane++) { \
                            const int column = start + lane; \
                            const float value = values[lane]; \
                            if (column < columns) { \
                                STORE \
                            } \
                        } \
                    } \
                } \
            } \
        } \
    }

// Second pass where the sum was cut into chunks: adds what they gave, the first chunk first, and the bias, one value
// for each run of biasRun elements (1 where there is none).
__kernel void addChunks(__global const float* chunks, int chunksOffset, __global const float* bias, int biasOffset,
                        int biasRun, int biasCount, __global float* out, int outOffset, int count, int splits) {
    int i = get_global_id(0);
    if (i < count) {
        float sum = chunks[chunksOffset + i];
        for (int split = 1; split < splits; split++) {
            sum += chunks[chunksOffset + split * count + i];
        }
        out[outOffset + i] = biasCount == 0 ? sum : sum + bias[biasOffset + i / biasRun % biasCount];
    }
}

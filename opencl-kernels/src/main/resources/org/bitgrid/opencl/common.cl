// What every program begins with.

// Sums and products are rounded as they are written; kernels that want a fused multiply-add say fma().
#pragma OPENCL FP_CONTRACT OFF

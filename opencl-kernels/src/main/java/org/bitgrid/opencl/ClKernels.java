package org.bitgrid.opencl;

/** The table: which family brings which kernels. */
final class ClKernels {
    private ClKernels() {
    }

    static void register() {
        ClMove.register();
        ClPointwise.register();
        ClReduce.register();
        ClNorm.register();
        ClSoftmax.register();
        ClOptim.register();
        ClQuant.register();
        ClGemm.register();
        ClConv.register();
    }
}

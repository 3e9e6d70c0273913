/** Tensors, operators and the CPU and reference backends. */
module org.bitgrid.tensor {
    requires static jdk.incubator.vector;

    exports org.bitgrid.tensor;
    exports org.bitgrid.tensor.op;
    exports org.bitgrid.tensor.reference;
    exports org.bitgrid.tensor.spi;

    uses org.bitgrid.tensor.spi.Backend;
    uses org.bitgrid.tensor.spi.GradEngine;

    provides org.bitgrid.tensor.spi.Backend with
            org.bitgrid.tensor.cpu.CpuBackend,
            org.bitgrid.tensor.reference.ReferenceBackend;
}

/** Tensors, operators and the CPU and reference backends. */
module org.bitgrid.tensor {
    requires static jdk.incubator.vector;
}

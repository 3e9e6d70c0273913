/** Tensors on GPUs and other OpenCL devices. */
module org.bitgrid.opencl {
    requires org.bitgrid.tensor;
    requires jocl;

    exports org.bitgrid.opencl;

    provides org.bitgrid.tensor.spi.Backend with org.bitgrid.opencl.OpenClBackend;
}

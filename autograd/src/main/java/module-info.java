/** Reverse-mode differentiation over the operators of {@code org.bitgrid.tensor}. */
module org.bitgrid.autograd {
    requires transitive org.bitgrid.tensor;

    exports org.bitgrid.autograd;

    provides org.bitgrid.tensor.spi.GradEngine with org.bitgrid.autograd.Tape;
}

/** Reverse-mode differentiation over the operators of {@code org.bitgrid.tensor}. */
module org.bitgrid.autograd {
    requires transitive org.bitgrid.tensor;
}

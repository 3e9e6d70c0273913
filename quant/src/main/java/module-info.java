/** Preparation, folding, quantization simulation and export. */
module org.bitgrid.quant {
    requires transitive org.bitgrid.nn;
}

/** Preparation, folding, quantization simulation and export. */
module org.bitgrid.quant {
    requires transitive org.bitgrid.nn;

    exports org.bitgrid.quant;
    exports org.bitgrid.quant.config;
    exports org.bitgrid.quant.encoding;
    exports org.bitgrid.quant.export;
    exports org.bitgrid.quant.export.onnx;
    exports org.bitgrid.quant.fold;
    exports org.bitgrid.quant.functional;
    exports org.bitgrid.quant.layers;
    exports org.bitgrid.quant.observe;
    exports org.bitgrid.quant.prepare;
    exports org.bitgrid.quant.ptq;
    exports org.bitgrid.quant.quantizer;
    exports org.bitgrid.quant.sim;
}

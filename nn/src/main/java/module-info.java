/** Layers, losses, optimizers, data loading, file formats and traced graphs. */
module org.bitgrid.nn {
    requires transitive org.bitgrid.autograd;

    exports org.bitgrid.nn;
    exports org.bitgrid.nn.init;
    exports org.bitgrid.nn.optim;
    exports org.bitgrid.nn.data;
    exports org.bitgrid.nn.io;
    exports org.bitgrid.nn.graph;
    exports org.bitgrid.nn.debug;
}

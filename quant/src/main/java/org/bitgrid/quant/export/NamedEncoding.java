package org.bitgrid.quant.export;

/** The encoding of a tensor or parameter of this name. */
public record NamedEncoding(String name, FileEncoding encoding) {
}

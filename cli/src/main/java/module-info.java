/** The {@code bitgrid} command. */
module org.bitgrid.cli {
    requires org.bitgrid.quant;
    requires info.picocli;
}

/** The {@code bitgrid} command. */
module org.bitgrid.cli {
    requires org.bitgrid.opencl;
    requires org.bitgrid.quant;
    requires info.picocli;
    requires java.desktop;
    requires java.management;
    requires jdk.management;

    // picocli fills the annotated fields of the commands.
    opens org.bitgrid.cli to info.picocli;
    opens org.bitgrid.cli.bench to info.picocli;
    opens org.bitgrid.cli.doctor to info.picocli;
    opens org.bitgrid.cli.export to info.picocli;
    opens org.bitgrid.cli.quickstart to info.picocli;
}

package org.bitgrid.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code bitgrid} itself: carries the options that every command has. */
@Command(name = "bitgrid",
        description = "Trains, quantizes and exports neural networks, in pure Java.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {"", "Exit codes: 0 done, 1 a check failed, 2 wrong use, 3 internal error.",
            "BITGRID_JAVA_OPTS holds further options for Java, for example -Xmx8g."})
final class BitgridCommand implements Runnable {
    static final String DEBUG = "--debug";

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, order = 100,
            description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    @Option(names = DEBUG, scope = ScopeType.INHERIT, order = 99, description = "Show where an error arose.")
    private boolean debug;

    @Override
    public void run() {
        List<String> commands = List.copyOf(spec.subcommands().keySet());
        int last = commands.size() - 1;
        throw new ParameterException(spec.commandLine(), "no command; expected "
                + String.join(", ", commands.subList(0, last)) + " or " + commands.get(last));
    }
}
